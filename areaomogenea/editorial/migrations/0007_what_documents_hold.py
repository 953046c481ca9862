import django.core.validators
from django.db import migrations, models

import areaomogenea.editorial.documents


class Migration(migrations.Migration):
    dependencies = [("editorial", "0006_invitation")]

    operations = [
        migrations.AlterField(
            model_name="attachment",
            name="file",
            field=models.FileField(
                help_text="PDF, OpenDocument, Office, CSV, testo, ICS o ZIP, al massimo 20 MB.",
                upload_to="documenti/%Y/",
                validators=[
                    django.core.validators.FileExtensionValidator(
                        ("pdf", "odt", "ods", "odp", "docx", "xlsx", "pptx", "csv", "txt", "ics", "zip")
                    ),
                    areaomogenea.editorial.documents.check_document,
                ],
                verbose_name="documento",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="pages",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="pagine"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="language",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Come la dice il PDF.",
                max_length=35,
                verbose_name="lingua",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="has_text",
            field=models.BooleanField(
                editable=False,
                help_text="Falso per le pagine che sono solo immagini.",
                null=True,
                verbose_name="ha un testo",
            ),
        ),
    ]
