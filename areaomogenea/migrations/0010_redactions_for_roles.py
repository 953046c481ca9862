"""Who administers redacts what must not exist."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ADMINISTRATORS = ["Amministratore"]


def forwards(apps, schema_editor):
    # Permissions are born after all migrations have run: this group needs one now.
    editorial = apps.get_app_config("editorial")
    editorial.models_module = True
    create_permissions(editorial, apps=apps, verbosity=0)
    editorial.models_module = None
    redacting = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="editorial", codename="redact"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=ADMINISTRATORS):
        group.permissions.add(*redacting)


def backwards(apps, schema_editor):
    given = apps.get_model("auth", "Group").permissions.through.objects
    given.filter(permission__content_type__app_label="editorial", permission__codename="redact").delete()


class Migration(migrations.Migration):
    dependencies = [("areaomogenea", "0009_proposals_for_roles"), ("editorial", "0025_redaction")]
    operations = [migrations.RunPython(forwards, backwards)]
