"""The search index: a column in PostgreSQL, a full-text table in SQLite. Models know neither."""

from django.db import migrations


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE publishing_publication ADD COLUMN search_vector tsvector")
        schema_editor.execute("CREATE INDEX publication_search ON publishing_publication USING gin(search_vector)")
    else:
        schema_editor.execute("CREATE VIRTUAL TABLE publishing_search USING fts5(title, text)")


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE publishing_publication DROP COLUMN search_vector")
    else:
        schema_editor.execute("DROP TABLE publishing_search")


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
