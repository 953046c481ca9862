"""Who writes for the whole Area proposes changes to what pages share: topics and terms; an approver accepts them."""

from django.db import migrations

WRITERS = ["Redattore"]
CHANGE = ["change_topic", "change_term"]


def forwards(apps, schema_editor):
    changing = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="topics", codename__in=CHANGE
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=WRITERS):
        group.permissions.add(*changing)


def backwards(apps, schema_editor):
    given = apps.get_model("auth", "Group").permissions.through.objects
    given.filter(group__name__in=WRITERS, permission__codename__in=CHANGE).delete()


class Migration(migrations.Migration):
    dependencies = [("areaomogenea", "0008_ledger_for_roles")]
    operations = [migrations.RunPython(forwards, backwards)]
