"""Offices with their hours, closures and people."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("municipalities", "0001_initial"),
        ("topics", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Office",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(blank=True, null=True, verbose_name="dal")),
                ("until", models.DateField(blank=True, null=True, verbose_name="fino al")),
                (
                    "name",
                    models.CharField(
                        help_text="Come lo cerca chi ne ha bisogno: «Sportello energia».",
                        max_length=120,
                        verbose_name="nome",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        blank=True,
                        help_text="Se lo cambi, il vecchio indirizzo continuerà a portare qui. Vuoto: resta quello di adesso.",
                        unique=True,
                        verbose_name="indirizzo",
                    ),
                ),
                (
                    "body",
                    models.CharField(
                        blank=True, help_text="Di chi è, se non è di un Comune.", max_length=120, verbose_name="ente"
                    ),
                ),
                (
                    "is_general",
                    models.BooleanField(
                        default=False,
                        help_text="Chi rimanda a un ufficio e non ne ha uno, rimanda a questo.",
                        verbose_name="ufficio generale",
                    ),
                ),
                (
                    "purpose",
                    models.TextField(
                        blank=True,
                        help_text="Una o due frasi: per che cosa ci si rivolge qui.",
                        verbose_name="che cosa fa",
                    ),
                ),
                (
                    "guidance",
                    models.TextField(
                        blank=True,
                        help_text="Che cosa avere pronto, o quando andare altrove.",
                        verbose_name="prima di rivolgersi",
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        help_text="0373 123456; un interno in fondo: «int. 3».",
                        max_length=40,
                        verbose_name="telefono",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("pec", models.EmailField(blank=True, max_length=254, verbose_name="PEC")),
                (
                    "address",
                    models.CharField(
                        blank=True, help_text="Via, numero e Comune.", max_length=160, verbose_name="dove"
                    ),
                ),
                ("website", models.URLField(blank=True, max_length=300, verbose_name="sito")),
                (
                    "answers_always",
                    models.BooleanField(
                        default=False, help_text="Giorno e notte, festivi compresi.", verbose_name="risponde sempre"
                    ),
                ),
                (
                    "hours_note",
                    models.CharField(
                        blank=True,
                        help_text="Ciò che la tabella non dice: «su appuntamento».",
                        max_length=160,
                        verbose_name="altro sugli orari",
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="verificato il")),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="Dove si leggono questi contatti.", max_length=160, verbose_name="fonte"
                    ),
                ),
                ("source_url", models.URLField(blank=True, max_length=300, verbose_name="indirizzo della fonte")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="posizione")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="ultimo aggiornamento")),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offices",
                        to="municipalities.municipality",
                        verbose_name="Comune",
                    ),
                ),
                (
                    "topics",
                    models.ManyToManyField(
                        blank=True, related_name="offices", to="topics.topic", verbose_name="argomenti"
                    ),
                ),
            ],
            options={
                "verbose_name": "ufficio",
                "verbose_name_plural": "uffici",
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="Holder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(blank=True, null=True, verbose_name="dal")),
                ("until", models.DateField(blank=True, null=True, verbose_name="fino al")),
                ("name", models.CharField(max_length=80, verbose_name="nome e cognome")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("president", "Presidente"),
                            ("deputy", "Vicepresidente"),
                            ("head", "Responsabile"),
                            ("member", "Componente"),
                            ("contact", "Referente"),
                            ("staff", "Addetto"),
                        ],
                        default="contact",
                        max_length=9,
                        verbose_name="incarico",
                    ),
                ),
                (
                    "detail",
                    models.CharField(
                        blank=True,
                        help_text="Se si dice altrimenti: «Presidente f.f.».",
                        max_length=80,
                        verbose_name="come si dice",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="telefono dell’ufficio")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail dell’ufficio")),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holders",
                        to="offices.office",
                        verbose_name="ufficio",
                    ),
                ),
            ],
            options={
                "verbose_name": "persona",
                "verbose_name_plural": "persone",
                "ordering": ["role", "name"],
            },
        ),
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="indirizzo di prima")),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="offices.office",
                        verbose_name="ufficio",
                    ),
                ),
            ],
            options={
                "verbose_name": "indirizzo di prima",
                "verbose_name_plural": "indirizzi di prima",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.DateField(verbose_name="dal")),
                ("last", models.DateField(help_text="Compreso.", verbose_name="al")),
                (
                    "why",
                    models.CharField(
                        help_text="Come si legge dopo «Chiuso per»: «ferie», «festa patronale».",
                        max_length=60,
                        verbose_name="chiuso per",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closures",
                        to="offices.office",
                        verbose_name="ufficio",
                    ),
                ),
            ],
            options={
                "verbose_name": "chiusura",
                "verbose_name_plural": "chiusure",
                "ordering": ["first"],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(help_text="0 è lunedì.", verbose_name="giorno della settimana"),
                ),
                ("opens", models.TimeField(verbose_name="apre")),
                ("closes", models.TimeField(verbose_name="chiude")),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="openings",
                        to="offices.office",
                        verbose_name="ufficio",
                    ),
                ),
            ],
            options={
                "verbose_name": "orario",
                "verbose_name_plural": "orari",
                "ordering": ["weekday", "opens"],
            },
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since__isnull", True), ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="office_ends_after_start",
                violation_error_message="Finisce prima di cominciare: controlla le due date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("municipality__isnull", True), models.Q(("body", ""), _negated=True)),
                    models.Q(("municipality__isnull", False), ("body", "")),
                    _connector="OR",
                ),
                name="office_is_of_one_body",
                violation_error_message="Di chi è? Scrivi l’ente, oppure scegli il Comune: uno dei due.",
            ),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_general", True)),
                fields=("is_general",),
                name="office_one_general",
                violation_error_message="C’è già un ufficio generale: togli prima la spunta a quello.",
            ),
        ),
        migrations.AddConstraint(
            model_name="holder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since__isnull", True), ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="holder_ends_after_start",
                violation_error_message="Finisce prima di cominciare: controlla le due date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(("last__gte", models.F("first"))),
                name="closure_ends_after_start",
                violation_error_message="Finisce prima di cominciare: controlla le due date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.CheckConstraint(condition=models.Q(("weekday__lt", 7)), name="opening_on_a_weekday"),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes__gt", models.F("opens"))),
                name="opening_ends_after_start",
                violation_error_message="Finisce prima di cominciare: un orario non passa la mezzanotte.",
            ),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.UniqueConstraint(fields=("office", "weekday", "opens"), name="opening_once"),
        ),
    ]
