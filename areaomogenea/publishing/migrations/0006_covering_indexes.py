"""An index of relations read from their other end names the rows at the first end too, so that the table is not read.

Beside it and the unique one Django's two of single columns answer nothing; it is made before they go.
"""

from django.db import migrations

RELATIONS = {"topics": "topic_id", "municipalities": "municipality_id", "linked": "to_publication_id"}


def columns_of(apps):
    """(table, column of the publication, column of the other end) of each."""
    publication = apps.get_model("publishing", "Publication")
    for name, other in RELATIONS.items():
        own = "from_publication_id" if name == "linked" else "publication_id"
        yield getattr(publication, name).through._meta.db_table, own, other


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, own, other in columns_of(apps):
        schema_editor.execute(f"CREATE INDEX CONCURRENTLY {table}_from_{other} ON {table} ({other}, {own})")
        for name in names_of(schema_editor, table, [own], [other]):
            schema_editor.execute(f"DROP INDEX CONCURRENTLY {name}")


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, own, other in columns_of(apps):
        for column in (own, other):
            schema_editor.execute(f"CREATE INDEX CONCURRENTLY {table}_{column} ON {table} ({column})")
        schema_editor.execute(f"DROP INDEX CONCURRENTLY {table}_from_{other}")


def names_of(schema_editor, table, *columns):
    """The names of the indexes of just these columns, which end in what Django made up."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, table)
    plain = {name: index for name, index in known.items() if index["index"] and not index["unique"]}
    return [name for name, index in plain.items() if index["columns"] in columns]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("publishing", "0005_expiry_order")]
    operations = [migrations.RunPython(forwards, backwards)]
