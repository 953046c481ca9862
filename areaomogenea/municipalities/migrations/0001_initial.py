import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Municipality",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("istat_code", models.CharField(max_length=6, unique=True, verbose_name="codice ISTAT")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="nome")),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="indirizzo")),
                ("province", models.CharField(max_length=2, verbose_name="provincia")),
                (
                    "in_area",
                    models.BooleanField(
                        default=True,
                        help_text="Togli la spunta per i Comuni fuori dai 48.",
                        verbose_name="nell’Area Omogenea",
                    ),
                ),
                ("population", models.PositiveIntegerField(blank=True, null=True, verbose_name="abitanti")),
                ("population_date", models.DateField(blank=True, null=True, verbose_name="data della popolazione")),
                ("website", models.URLField(blank=True, verbose_name="sito del Comune")),
                (
                    "border",
                    models.JSONField(
                        blank=True,
                        editable=False,
                        help_text="Geometria GeoJSON (RFC 7946), gradi WGS 84.",
                        null=True,
                        verbose_name="confine",
                    ),
                ),
                (
                    "label_x",
                    models.PositiveSmallIntegerField(
                        blank=True, editable=False, null=True, verbose_name="nome sulla mappa, ascissa"
                    ),
                ),
                (
                    "label_y",
                    models.PositiveSmallIntegerField(
                        blank=True, editable=False, null=True, verbose_name="nome sulla mappa, ordinata"
                    ),
                ),
                ("tint", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="tinta sulla mappa")),
                (
                    "outline",
                    models.TextField(
                        blank=True, editable=False, help_text="Tracciato SVG nel mosaico.", verbose_name="sagoma"
                    ),
                ),
            ],
            options={
                "verbose_name": "Comune",
                "verbose_name_plural": "Comuni",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("population__isnull", True), ("population_date__isnull", False), _connector="OR"
                        ),
                        name="municipality_population_has_date",
                        violation_error_message="Indica la data a cui si riferisce il numero di abitanti.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=60, verbose_name="grafia")),
                (
                    "safe_alone",
                    models.BooleanField(
                        default=True,
                        help_text="Falso se la parola può indicare altro: allora serve una conferma.",
                        verbose_name="sicura da sola",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="municipalities.municipality",
                        verbose_name="Comune",
                    ),
                ),
            ],
            options={
                "verbose_name": "grafia",
                "verbose_name_plural": "grafie",
                "ordering": ["text"],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "text"), name="alias_once_per_municipality")
                ],
            },
        ),
    ]
