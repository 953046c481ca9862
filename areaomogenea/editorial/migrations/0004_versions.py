import django.db.models.deletion
from django.db import migrations, models

ACTION_OF = {"draft": "sent_back", "review": "submitted", "approved": "approved", "withdrawn": "withdrawn"}
ACTIONS = [
    ("first", "Prima versione"),
    ("saved", "Salvata"),
    ("submitted", "Mandata in revisione"),
    ("sent_back", "Rimandata all’autore"),
    ("approved", "Approvata"),
    ("withdrawn", "Ritirata"),
    ("corrected", "Corretta"),
    ("restored", "Ripresa da una versione di prima"),
    ("proposed", "Modifica proposta"),
    ("accepted", "Modifica accettata"),
    ("refused", "Modifica rimandata"),
]


def number_versions(apps, schema_editor):
    """What was kept of a step becomes its content; steps are numbered from 1."""
    Revision = apps.get_model("editorial", "Revision")
    Publication = apps.get_model("editorial", "Publication")
    latest = {}
    for revision in Revision.objects.order_by("publication", "at", "pk").iterator():
        latest[revision.publication_id] = latest.get(revision.publication_id, 0) + 1
        revision.version = latest[revision.publication_id]
        revision.action = ACTION_OF[revision.status]
        revision.content = {name: getattr(revision, name) for name in ("title", "summary", "body")}
        revision.save()
    for pk, version in latest.items():
        Publication.objects.filter(pk=pk).update(version=version)


def keep_words(apps, schema_editor):
    Revision = apps.get_model("editorial", "Revision")
    status_of = {action: status for status, action in ACTION_OF.items()}
    for revision in Revision.objects.iterator():
        revision.status = status_of.get(revision.action, "draft")
        for name in ("title", "summary", "body"):
            setattr(revision, name, revision.content.get(name, ""))
        revision.save()


class Migration(migrations.Migration):
    dependencies = [("editorial", "0003_roles")]

    operations = [
        migrations.AlterModelOptions(
            name="revision",
            options={"ordering": ["-at", "-pk"], "verbose_name": "versione", "verbose_name_plural": "storia"},
        ),
        migrations.AddField(
            model_name="publication",
            name="version",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="versione"),
        ),
        migrations.AddField(
            model_name="revision",
            name="action",
            field=models.CharField(choices=ACTIONS, default="saved", max_length=12, verbose_name="che cosa"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="revision",
            name="content",
            field=models.JSONField(default=dict, verbose_name="contenuto"),
        ),
        migrations.AddField(
            model_name="revision",
            name="proposal",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="decisions",
                to="editorial.revision",
                verbose_name="su quale proposta",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="settled_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="decisa"),
        ),
        migrations.AddField(
            model_name="revision",
            name="version",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Quella che è, o su cui si basa se è una proposta.",
                verbose_name="versione",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="revision",
            name="status",
            field=models.CharField(default="draft", max_length=12),
        ),
        migrations.AlterField(
            model_name="revision",
            name="title",
            field=models.CharField(default="", max_length=200),
        ),
        migrations.RunPython(number_versions, keep_words),
        migrations.RemoveField(model_name="revision", name="body"),
        migrations.RemoveField(model_name="revision", name="status"),
        migrations.RemoveField(model_name="revision", name="summary"),
        migrations.RemoveField(model_name="revision", name="title"),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("action", "proposed"), ("settled_at", None)),
                fields=("publication",),
                name="revision_one_pending_proposal",
            ),
        ),
    ]
