from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(default="Area Omogenea Cremasca", max_length=80, verbose_name="nome")),
                (
                    "tagline",
                    models.CharField(
                        blank=True, default="48 Comuni, un territorio", max_length=120, verbose_name="motto"
                    ),
                ),
                (
                    "owner",
                    models.CharField(default="Consorzio.IT S.p.A.", max_length=120, verbose_name="ente titolare"),
                ),
                ("owner_website", models.URLField(blank=True, verbose_name="sito dell’ente titolare")),
                ("address", models.CharField(blank=True, max_length=160, verbose_name="indirizzo")),
                ("vat_number", models.CharField(blank=True, max_length=20, verbose_name="partita IVA")),
                ("pec", models.EmailField(blank=True, max_length=254, verbose_name="PEC")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telefono")),
                (
                    "privacy_contact",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="responsabile della protezione dei dati"
                    ),
                ),
                (
                    "report_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail per segnalare un disservizio"),
                ),
                (
                    "accessibility_declaration_url",
                    models.URLField(
                        blank=True,
                        help_text="Indirizzo sul sito form.agid.gov.it.",
                        verbose_name="dichiarazione di accessibilità",
                    ),
                ),
                ("transparency_url", models.URLField(blank=True, verbose_name="amministrazione trasparente")),
            ],
            options={
                "verbose_name": "identità del sito",
                "verbose_name_plural": "identità del sito",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)),
                        name="identity_is_one",
                        violation_error_message="L’identità del sito è una sola.",
                    )
                ],
            },
        ),
    ]
