"""Second factors that were kept in clear are kept under a key."""

from django.db import migrations

from areaomogenea.accounts.encryption import decrypt, renew, turned


def forwards(apps, schema_editor):
    renew(apps.get_model("mfa", "Authenticator").objects)


def backwards(apps, schema_editor):
    for row in apps.get_model("mfa", "Authenticator").objects.exclude(type="webauthn"):
        row.data = turned(row.data, decrypt)
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_door"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(forwards, backwards)]
