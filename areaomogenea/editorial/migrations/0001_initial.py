import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import areaomogenea.editorial.media


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("municipalities", "0001_initial"),
        ("topics", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "utente",
                "verbose_name_plural": "utenti",
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.ImageField(
                        help_text="JPEG, PNG, WebP o AVIF, al massimo 10 MB e 40 milioni di punti.",
                        upload_to="immagini/%Y/",
                        validators=[areaomogenea.editorial.media.check_picture],
                        verbose_name="immagine",
                    ),
                ),
                (
                    "alternative_text",
                    models.CharField(
                        help_text="Che cosa mostra, per chi non la vede. Obbligatorio.",
                        max_length=255,
                        verbose_name="testo alternativo",
                    ),
                ),
                ("credit", models.CharField(max_length=160, verbose_name="autore o provenienza")),
                (
                    "focal_x",
                    models.FloatField(
                        default=0.5,
                        help_text="Da 0 a 1: resta visibile quando l’immagine viene ritagliata.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="punto d’interesse, da sinistra",
                    ),
                ),
                (
                    "focal_y",
                    models.FloatField(
                        default=0.5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="punto d’interesse, dall’alto",
                    ),
                ),
                ("width", models.PositiveIntegerField(editable=False, verbose_name="larghezza")),
                ("height", models.PositiveIntegerField(editable=False, verbose_name="altezza")),
            ],
            options={
                "verbose_name": "immagine",
                "verbose_name_plural": "immagini",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("alternative_text", ""), _negated=True),
                        name="picture_has_alternative_text",
                        violation_error_message="Scrivi il testo alternativo.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("notizie", "Notizia"), ("comunicati", "Comunicato"), ("avvisi", "Avviso")],
                        max_length=20,
                        verbose_name="tipo",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="titolo")),
                (
                    "slug",
                    models.SlugField(
                        blank=True,
                        help_text="Vuoto: si ricava dal titolo. Se cambia, quello di prima porta qui.",
                        max_length=120,
                        verbose_name="indirizzo",
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        blank=True,
                        help_text="Una o due frasi che dicono il punto. Serve per pubblicare.",
                        max_length=255,
                        verbose_name="in breve",
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="testo")),
                (
                    "pinned",
                    models.BooleanField(
                        default=False,
                        help_text="Resta in cima alla pagina dei suoi argomenti.",
                        verbose_name="in evidenza",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Bozza"),
                            ("review", "In revisione"),
                            ("approved", "Approvata"),
                            ("withdrawn", "Ritirata"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                        verbose_name="stato",
                    ),
                ),
                (
                    "publish_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Nel futuro: uscirà da sola a quell’ora.",
                        null=True,
                        verbose_name="ora di pubblicazione",
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="ultima modifica mostrata ai lettori"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="autore",
                    ),
                ),
                (
                    "municipalities",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Nessuno vuol dire tutti i 48.",
                        related_name="publications",
                        to="municipalities.municipality",
                        verbose_name="Comuni interessati",
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="editorial.picture",
                        verbose_name="immagine",
                    ),
                ),
                (
                    "topics",
                    models.ManyToManyField(
                        blank=True, related_name="publications", to="topics.topic", verbose_name="argomenti"
                    ),
                ),
            ],
            options={
                "verbose_name": "pubblicazione",
                "verbose_name_plural": "pubblicazioni",
                "ordering": ["-publish_at", "-pk"],
                "permissions": [("publish_publication", "Può pubblicare e ritirare")],
            },
        ),
        migrations.CreateModel(
            name="FormerAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("slug", models.SlugField(max_length=120)),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_addresses",
                        to="editorial.publication",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Doubt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, verbose_name="codice")),
                ("message", models.TextField(verbose_name="dubbio")),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="doubts", to="editorial.publication"
                    ),
                ),
            ],
            options={
                "verbose_name": "dubbio",
                "verbose_name_plural": "dubbi da sciogliere",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.FileField(
                        help_text="Al massimo 20 MB.",
                        upload_to="documenti/%Y/",
                        validators=[
                            django.core.validators.FileExtensionValidator(
                                ("pdf", "odt", "ods", "odp", "docx", "xlsx", "pptx", "csv", "txt", "zip", "ics")
                            ),
                            areaomogenea.editorial.media.check_document,
                        ],
                        verbose_name="documento",
                    ),
                ),
                (
                    "name",
                    models.CharField(help_text="Come lo leggerà chi lo scarica.", max_length=120, verbose_name="nome"),
                ),
                (
                    "description",
                    models.CharField(
                        help_text="Che cosa contiene. Obbligatoria.", max_length=255, verbose_name="descrizione"
                    ),
                ),
                ("kind", models.CharField(editable=False, max_length=8, verbose_name="formato")),
                ("size", models.PositiveIntegerField(editable=False, help_text="In byte.", verbose_name="peso")),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="editorial.publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "allegato",
                "verbose_name_plural": "allegati",
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="quando")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Bozza"),
                            ("review", "In revisione"),
                            ("approved", "Approvata"),
                            ("withdrawn", "Ritirata"),
                        ],
                        max_length=12,
                        verbose_name="stato",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="titolo")),
                ("summary", models.CharField(blank=True, max_length=255, verbose_name="in breve")),
                ("body", models.TextField(blank=True, verbose_name="testo")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chi",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="editorial.publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "passaggio",
                "verbose_name_plural": "storia",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["status", "-publish_at", "-id"], name="publication_river"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["status", "kind", "-publish_at", "-id"], name="publication_river_of_kind"),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                fields=("kind", "slug"),
                name="publication_one_slug_per_kind",
                violation_error_message="Un’altra pubblicazione di questo tipo ha già questo indirizzo.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "approved"), _negated=True), ("publish_at__isnull", False), _connector="OR"
                ),
                name="publication_approved_has_hour",
            ),
        ),
        migrations.AddConstraint(
            model_name="formeraddress",
            constraint=models.UniqueConstraint(fields=("kind", "slug"), name="former_address_leads_to_one"),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("description", ""), _negated=True),
                name="attachment_has_description",
                violation_error_message="Scrivi che cosa contiene l’allegato.",
            ),
        ),
    ]
