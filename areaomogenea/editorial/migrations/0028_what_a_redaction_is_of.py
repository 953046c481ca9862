from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0027_names_that_do_not_come_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="redaction",
            name="version",
            field=models.PositiveIntegerField(null=True, verbose_name="sua versione"),
        ),
        migrations.AddField(
            model_name="redaction",
            name="revised_at",
            field=models.DateTimeField(null=True, verbose_name="sua ora"),
        ),
        migrations.AddField(
            model_name="redaction",
            name="file_digest",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="impronta del file"),
            preserve_default=False,
        ),
    ]
