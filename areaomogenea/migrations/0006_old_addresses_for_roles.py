"""Who approves keeps the old site's addresses; who writes reads them."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

READERS = ["Redattore comunale", "Redattore", "Responsabile", "Amministratore"]
KEEPERS = READERS[2:]
READ = ["view_oldaddress", "view_missedaddress"]
KEEP = ["add_oldaddress", "change_oldaddress", "delete_oldaddress", "delete_missedaddress"]


def forwards(apps, schema_editor):
    # Permissions are born after all migrations have run: these groups need them now.
    distribution = apps.get_app_config("distribution")
    distribution.models_module = True
    create_permissions(distribution, apps=apps, verbosity=0)
    distribution.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="distribution")
    for names, codenames in ((READERS, READ), (KEEPERS, KEEP)):
        for group in apps.get_model("auth", "Group").objects.filter(name__in=names):
            group.permissions.add(*permissions.filter(codename__in=codenames))


def backwards(apps, schema_editor):
    given = apps.get_model("auth", "Group").permissions.through.objects
    given.filter(permission__content_type__app_label="distribution").delete()


class Migration(migrations.Migration):
    dependencies = [("areaomogenea", "0005_initiatives_for_roles"), ("distribution", "0001_old_addresses")]
    operations = [migrations.RunPython(forwards, backwards)]
