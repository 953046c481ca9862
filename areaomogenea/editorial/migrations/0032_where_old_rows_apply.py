"""What names Comuni applies there; of the rest nobody said whether it is for all the Area: each is an editor's doubt."""

from django.db import migrations
from django.db.models import Exists, OuterRef

BATCH = 500
UNKNOWN = "coverage-unknown"
MESSAGE = "Non si sa dove vale: scegli se in alcuni Comuni, in tutta l’Area o in nessun luogo in particolare."


def say(apps, schema_editor):
    publication, doubt = (apps.get_model("editorial", name) for name in ("Publication", "Doubt"))
    named = Exists(publication.municipalities.through.objects.filter(publication=OuterRef("pk")))
    publication.objects.filter(named).update(coverage="these")
    unknown = publication.objects.filter(~named).exclude(status="binned").order_by("pk").values_list("pk", flat=True)
    rows = (doubt(publication_id=pk, code=UNKNOWN, message=MESSAGE) for pk in unknown.iterator())
    doubt.objects.bulk_create(rows, batch_size=BATCH)
    rewrite(apps, say_in)


def unsay(apps, schema_editor):
    apps.get_model("editorial", "Doubt").objects.filter(code=UNKNOWN).delete()
    rewrite(apps, unsay_in)


def say_in(content):
    content |= {"coverage": "these" if content["municipalities"] else "", "expires_at": None}


def unsay_in(content):
    content.pop("coverage", None)
    content.pop("expires_at", None)


def rewrite(apps, change):
    """Every kept version says it too, so that what comes back, waits or is compared is told alike."""
    revision = apps.get_model("editorial", "Revision")
    changed = []
    for row in revision.objects.only("pk", "content").order_by("pk").iterator(BATCH):
        if "municipalities" in row.content:
            change(row.content)
            changed.append(row)
        if len(changed) == BATCH:
            revision.objects.bulk_update(changed, ["content"])
            changed = []
    revision.objects.bulk_update(changed, ["content"])


class Migration(migrations.Migration):
    dependencies = [("editorial", "0031_coverage_and_expiry")]

    operations = [migrations.RunPython(say, unsay)]
