"""Who writes, writes initiatives and what is due too; who approves may delete a draft of them."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

WRITERS = ["Redattore comunale", "Redattore", "Responsabile", "Amministratore"]
APPROVERS = WRITERS[2:]
ROWS = ["question", "initiativegroup", "participation", "milestone", "amount", "deadline"]
WRITE = [f"{action}_initiative" for action in ("add", "change", "view")]
WRITE += [f"{action}_{row}" for row in ROWS for action in ("add", "change", "delete", "view")]
GRANTS = [(WRITERS, WRITE), (APPROVERS, ["delete_initiative"])]


def forwards(apps, schema_editor):
    # Permissions are born after all migrations have run: these groups need them now.
    initiatives = apps.get_app_config("initiatives")
    initiatives.models_module = True
    create_permissions(initiatives, apps=apps, verbosity=0)
    initiatives.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="initiatives")
    for names, codenames in GRANTS:
        for group in apps.get_model("auth", "Group").objects.filter(name__in=names):
            group.permissions.add(*permissions.filter(codename__in=codenames))


def backwards(apps, schema_editor):
    given = apps.get_model("auth", "Group").permissions.through.objects
    given.filter(permission__content_type__app_label="initiatives").delete()


class Migration(migrations.Migration):
    dependencies = [("areaomogenea", "0004_links_for_roles"), ("initiatives", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
