from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0012_initiatives_and_links"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["-at"], name="revision_latest"),
        ),
    ]
