import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("topics", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "acronym",
                    models.CharField(
                        help_text="Come si scrive nei testi: CER, SUAP.",
                        max_length=20,
                        unique=True,
                        verbose_name="sigla",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="Il punto della pagina del glossario: /glossario/#cer.",
                        unique=True,
                        verbose_name="ancora",
                    ),
                ),
                ("expansion", models.CharField(max_length=120, verbose_name="per esteso")),
                (
                    "explanation",
                    models.TextField(
                        help_text="Due o tre frasi semplici, senza altre sigle.", verbose_name="spiegazione"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="terms",
                        to="topics.topic",
                        verbose_name="argomento",
                    ),
                ),
            ],
            options={
                "verbose_name": "voce del glossario",
                "verbose_name_plural": "glossario",
                "ordering": ["acronym"],
            },
        ),
    ]
