"""The table of the cache that processes share: the command for it is one more step that a deployment could forget."""

from django.core.management import call_command
from django.db import migrations


def forwards(apps, schema_editor):
    call_command("createcachetable", "cache", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunPython(forwards, lambda apps, schema_editor: schema_editor.execute("DROP TABLE cache"))]
