from django.db import migrations


def forget(apps, schema_editor):
    """Addresses of pages that readers never saw blocked others for ever."""
    apps.get_model("editorial", "FormerAddress").objects.filter(publication__came_out_at=None).delete()


class Migration(migrations.Migration):
    dependencies = [("editorial", "0023_clock")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
