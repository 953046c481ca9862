"""AVIF renditions in more widths: those of pictures that have them are made again, and pages show WebP until then."""

from django.db import migrations


def make_again(apps, schema_editor):
    apps.get_model("library", "Picture").objects.filter(avif="ready").update(avif="missing", avif_claimed_at=None)


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]

    operations = [migrations.RunPython(make_again, migrations.RunPython.noop)]
