import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("editorial", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Communique",
            fields=[
                (
                    "publication_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="editorial.publication",
                    ),
                ),
                ("subtitle", models.CharField(blank=True, max_length=255, verbose_name="sottotitolo")),
                ("office", models.CharField(blank=True, max_length=120, verbose_name="a cura di")),
                (
                    "number",
                    models.CharField(
                        blank=True, help_text="Di protocollo o di serie, se c’è.", max_length=30, verbose_name="numero"
                    ),
                ),
                (
                    "source_name",
                    models.CharField(
                        blank=True, help_text="Il giornale o il sito ripreso.", max_length=120, verbose_name="tratto da"
                    ),
                ),
                ("source_url", models.URLField(blank=True, max_length=500, verbose_name="indirizzo della fonte")),
                (
                    "source_licence",
                    models.CharField(
                        blank=True,
                        help_text="A quali condizioni il testo è ripreso.",
                        max_length=120,
                        verbose_name="licenza della fonte",
                    ),
                ),
            ],
            options={
                "verbose_name": "comunicato",
                "verbose_name_plural": "comunicati",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source_url", ""), models.Q(("source_name", ""), _negated=True), _connector="OR"
                        ),
                        name="communique_source_has_name",
                        violation_error_message="Scrivi anche il nome della fonte.",
                    )
                ],
            },
            bases=("editorial.publication",),
        ),
        migrations.CreateModel(
            name="ArchiveItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(max_length=64, unique=True)),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("imported_at", models.DateTimeField(auto_now_add=True, verbose_name="importato")),
                (
                    "communique",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="archive_item", to="news.communique"
                    ),
                ),
            ],
            options={
                "verbose_name": "voce d’archivio",
                "verbose_name_plural": "voci d’archivio",
            },
        ),
    ]
