import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="nome")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Se lo cambi, il vecchio indirizzo continuerà a portare qui.",
                        unique=True,
                        verbose_name="indirizzo",
                    ),
                ),
                ("acronym", models.CharField(blank=True, max_length=12, verbose_name="sigla")),
                ("expansion", models.CharField(blank=True, max_length=120, verbose_name="sigla per esteso")),
                (
                    "short",
                    models.CharField(
                        help_text="Che cosa vuol dire, in circa sei parole.",
                        max_length=80,
                        verbose_name="in sei parole",
                    ),
                ),
                ("summary", models.CharField(max_length=255, verbose_name="in breve")),
                (
                    "explanation",
                    models.TextField(
                        help_text="Che cos’è, perché riguarda chi legge, che cosa fare.", verbose_name="spiegazione"
                    ),
                ),
                ("contact_office", models.CharField(blank=True, max_length=120, verbose_name="a chi rivolgersi")),
                (
                    "contact_text",
                    models.TextField(
                        blank=True, help_text="Orari, luogo, o quando rivolgersi ad altri.", verbose_name="come"
                    ),
                ),
                ("contact_email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("contact_phone", models.CharField(blank=True, max_length=30, verbose_name="telefono")),
                (
                    "national_name",
                    models.CharField(
                        blank=True,
                        help_text="Argomenti dei siti comunali, o EuroVoc.",
                        max_length=80,
                        verbose_name="nome nel vocabolario nazionale",
                    ),
                ),
                ("eurovoc_uri", models.URLField(blank=True, verbose_name="concetto EuroVoc")),
                (
                    "keywords",
                    models.TextField(
                        blank=True,
                        help_text="Una per riga. Un asterisco in fondo vale per ogni desinenza; le sigle in maiuscolo valgono intere.",
                        verbose_name="parole che lo suggeriscono",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="posizione")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="ultimo aggiornamento")),
            ],
            options={
                "verbose_name": "argomento",
                "verbose_name_plural": "argomenti",
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True, verbose_name="indirizzo di prima")),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="topics.topic",
                        verbose_name="argomento",
                    ),
                ),
            ],
            options={
                "verbose_name": "indirizzo di prima",
                "verbose_name_plural": "indirizzi di prima",
            },
        ),
    ]
