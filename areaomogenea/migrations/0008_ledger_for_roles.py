"""Administrators read the ledger; nobody writes it."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

READERS = ["Amministratore"]


def forwards(apps, schema_editor):
    # Permissions are born after all migrations have run: this group needs one now.
    accounts = apps.get_app_config("accounts")
    accounts.models_module = True
    create_permissions(accounts, apps=apps, verbosity=0)
    accounts.models_module = None
    seeing = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="accounts", codename="view_entry"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=READERS):
        group.permissions.add(*seeing)


def backwards(apps, schema_editor):
    given = apps.get_model("auth", "Group").permissions.through.objects
    given.filter(permission__content_type__app_label="accounts", permission__codename="view_entry").delete()


class Migration(migrations.Migration):
    dependencies = [("areaomogenea", "0007_hub_for_roles"), ("accounts", "0001_ledger")]
    operations = [migrations.RunPython(forwards, backwards)]
