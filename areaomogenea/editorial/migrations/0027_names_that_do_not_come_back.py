import django.core.validators
from django.db import migrations, models

import areaomogenea.editorial.documents
import areaomogenea.editorial.files


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0026_newly_out_and_binned"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attachment",
            name="file",
            field=models.FileField(
                help_text="PDF, OpenDocument, Office, CSV, testo, ICS o ZIP, al massimo 20 MB.",
                upload_to=areaomogenea.editorial.files.place_of,
                validators=[
                    django.core.validators.FileExtensionValidator(
                        ("pdf", "odt", "ods", "odp", "docx", "xlsx", "pptx", "csv", "txt", "ics", "zip")
                    ),
                    areaomogenea.editorial.documents.check_document,
                ],
                verbose_name="documento",
            ),
        ),
    ]
