from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0028_what_a_redaction_is_of"),
    ]

    operations = [
        migrations.AlterField(
            model_name="redaction",
            name="file_digest",
            field=models.CharField(blank=True, max_length=64, verbose_name="impronta"),
        ),
        migrations.AlterField(
            model_name="redaction",
            name="what",
            field=models.CharField(
                choices=[("version", "versione"), ("comment", "nota"), ("file", "file"), ("words", "spiegazione")],
                max_length=10,
                verbose_name="che cosa",
            ),
        ),
    ]
