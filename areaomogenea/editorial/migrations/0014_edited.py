from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("editorial", "0013_latest_versions")]

    operations = [
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                fields=["updated_at"], name="publication_edited", condition=models.Q(updated_at__isnull=False)
            ),
        )
    ]
