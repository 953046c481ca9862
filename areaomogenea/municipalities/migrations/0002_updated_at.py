from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("municipalities", "0001_initial")]

    operations = [
        migrations.AddField(
            "municipality",
            "updated_at",
            models.DateTimeField(auto_now=True, default=timezone.now, verbose_name="ultimo aggiornamento"),
            preserve_default=False,
        )
    ]
