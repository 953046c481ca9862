"""All roles read the list of broken links; each sees those of its own pages."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = ["Redattore comunale", "Redattore", "Responsabile", "Amministratore"]


def forwards(apps, schema_editor):
    # Permissions are born after all migrations have run: these groups need this one now.
    editorial = apps.get_app_config("editorial")
    editorial.models_module = True
    create_permissions(editorial, apps=apps, verbosity=0)
    editorial.models_module = None
    view = apps.get_model("auth", "Permission").objects.get(content_type__app_label="editorial", codename="view_link")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):
        group.permissions.add(view)


def backwards(apps, schema_editor):
    given = apps.get_model("auth", "Group").permissions.through.objects
    given.filter(permission__content_type__app_label="editorial", permission__codename="view_link").delete()


class Migration(migrations.Migration):
    dependencies = [("areaomogenea", "0003_cache"), ("editorial", "0011_link")]
    operations = [migrations.RunPython(forwards, backwards)]
