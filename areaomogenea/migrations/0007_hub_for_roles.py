"""Who approves sees how the hub of the feeds is."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

WATCHERS = ["Responsabile", "Amministratore"]


def forwards(apps, schema_editor):
    # Permissions are born after all migrations have run: these groups need them now.
    distribution = apps.get_app_config("distribution")
    distribution.models_module = True
    create_permissions(distribution, apps=apps, verbosity=0)
    distribution.models_module = None
    seeing = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="distribution", codename="view_hub"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=WATCHERS):
        group.permissions.add(*seeing)


def backwards(apps, schema_editor):
    given = apps.get_model("auth", "Group").permissions.through.objects
    given.filter(permission__content_type__app_label="distribution", permission__codename="view_hub").delete()


class Migration(migrations.Migration):
    dependencies = [("areaomogenea", "0006_old_addresses_for_roles"), ("distribution", "0002_hub")]
    operations = [migrations.RunPython(forwards, backwards)]
