"""The ledger, and the words of its lines."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import areaomogenea.accounts.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="quando")),
                ("action", models.CharField(max_length=30, verbose_name="che cosa")),
                ("model", models.CharField(blank=True, max_length=100, verbose_name="tipo di riga")),
                ("key", models.CharField(blank=True, max_length=64, verbose_name="riga")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="da dove")),
                (
                    "kept_until",
                    models.DateTimeField(default=areaomogenea.accounts.models.last_day, verbose_name="tenuta fino al"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chi",
                    ),
                ),
            ],
            options={
                "verbose_name": "voce del registro",
                "verbose_name_plural": "registro",
                "default_permissions": ["view"],
            },
        ),
        migrations.CreateModel(
            name="Particulars",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="particulars",
                        serialize=False,
                        to="accounts.entry",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=120, verbose_name="nome di allora")),
                ("comment", models.CharField(blank=True, max_length=255, verbose_name="nota")),
                ("before", models.JSONField(null=True, verbose_name="prima")),
                ("after", models.JSONField(null=True, verbose_name="dopo")),
            ],
            options={
                "verbose_name": "parole di una voce",
                "verbose_name_plural": "parole delle voci",
                "default_permissions": [],
            },
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["-at", "-id"], name="entry_latest"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["by", "-at", "-id"], name="entry_of_person"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["action", "-at", "-id"], name="entry_of_action"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["model", "-at", "-id"], name="entry_of_model"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["model", "key", "-at", "-id"], name="entry_of_row"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["kept_until"], name="entry_kept_until"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept_until__gt", models.F("at"))), name="entry_is_kept_for_a_while"
            ),
        ),
    ]
