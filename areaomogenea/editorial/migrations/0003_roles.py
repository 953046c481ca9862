import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0002_search"),
        ("municipalities", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="publication",
            options={
                "ordering": ["-publish_at", "-pk"],
                "permissions": [
                    ("publish_publication", "Può pubblicare, rimandare e ritirare"),
                    ("write_for_area", "Può scrivere per tutta l’Area"),
                ],
                "verbose_name": "pubblicazione",
                "verbose_name_plural": "pubblicazioni",
            },
        ),
        migrations.AddField(
            model_name="revision",
            name="comment",
            field=models.CharField(blank=True, max_length=255, verbose_name="nota"),
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="municipalities.municipality",
                        verbose_name="Comune",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="utente",
                    ),
                ),
            ],
            options={
                "verbose_name": "Comune assegnato",
                "verbose_name_plural": "Comuni assegnati",
                "constraints": [models.UniqueConstraint(fields=("user", "municipality"), name="assignment_once")],
            },
        ),
    ]
