import django.db.models.deletion
from django.db import migrations, models

import areaomogenea.editorial.media


class Migration(migrations.Migration):
    dependencies = [("editorial", "0007_what_documents_hold")]

    operations = [
        migrations.AlterField(
            model_name="picture",
            name="file",
            field=models.FileField(
                help_text="JPEG, PNG, WebP o AVIF, al massimo 10 MB e 40 milioni di punti.",
                upload_to="immagini/%Y/",
                validators=[areaomogenea.editorial.media.check_picture],
                verbose_name="immagine",
            ),
        ),
        migrations.AddIndex(model_name="picture", index=models.Index(fields=["file"], name="picture_file")),
        migrations.CreateModel(
            name="Illustration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "picture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="illustrations",
                        to="editorial.picture",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="illustrations",
                        to="editorial.publication",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["publication", "picture"], name="illustration_once")],
            },
        ),
        migrations.AddField(
            model_name="publication",
            name="body_pictures",
            field=models.ManyToManyField(
                editable=False,
                related_name="illustrated",
                through="editorial.Illustration",
                to="editorial.picture",
                verbose_name="immagini nel testo",
            ),
        ),
    ]
