"""The search index: a column in PostgreSQL, a full-text table in SQLite. Models know neither."""

from django.db import migrations


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE editorial_publication ADD COLUMN search_vector tsvector")
        schema_editor.execute("CREATE INDEX publication_search ON editorial_publication USING gin(search_vector)")
    else:
        schema_editor.execute("CREATE VIRTUAL TABLE editorial_search USING fts5(title, text)")


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE editorial_publication DROP COLUMN search_vector")
    else:
        schema_editor.execute("DROP TABLE editorial_search")


class Migration(migrations.Migration):
    dependencies = [("editorial", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
