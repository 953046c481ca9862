"""The words of titles have an index of their own: that of all words does not tell where a word stands.

It is made while the portal is read and written.
"""

from django.db import migrations


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX CONCURRENTLY publication_search_title ON publishing_publication "
            "USING gin(ts_filter(search_vector, '{a}'))"
        )
        schema_editor.execute("ANALYZE publishing_publication")  # it knows of no title yet how common its words are


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX CONCURRENTLY publication_search_title")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("publishing", "0003_pinned_river")]
    operations = [migrations.RunPython(forwards, backwards)]
