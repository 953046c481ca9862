from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0007_desk_lists")]

    operations = [
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                condition=models.Q(("action", "withdrawn")), fields=["-at"], name="revision_withdrawals"
            ),
        ),
    ]
