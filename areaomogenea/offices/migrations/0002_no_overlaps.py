"""Hours of an office that share a moment, and two holders of a sole role at once, are refused by PostgreSQL itself.

Each row is a range of whole numbers, which no other of its office and day, or of its office and role, may touch; when
the transaction ends, so that rows may change places. SQLite takes one writer at a time: there the form is enough.
"""

from django.db import migrations

HOURS = """
    ALTER TABLE offices_opening ADD CONSTRAINT opening_overlaps_none EXCLUDE USING gist (int8range(
        office_id * 10080 + weekday * 1440 + (extract(hour FROM opens) * 60 + extract(minute FROM opens))::int,
        office_id * 10080 + weekday * 1440 + (extract(hour FROM closes) * 60 + extract(minute FROM closes))::int
    ) WITH &&) DEFERRABLE INITIALLY DEFERRED
"""
TERMS = """
    ALTER TABLE offices_holder ADD CONSTRAINT holder_of_sole_role_is_one EXCLUDE USING gist (int8range(
        (office_id * 2 + (role = 'head')::int) * 10000000 + COALESCE(since - DATE '0001-01-01', 0),
        (office_id * 2 + (role = 'head')::int) * 10000000 + COALESCE(until - DATE '0001-01-01', 9999998) + 1
    ) WITH &&) WHERE (role IN ('president', 'head')) DEFERRABLE INITIALLY DEFERRED
"""


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(HOURS)
        schema_editor.execute(TERMS)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE offices_opening DROP CONSTRAINT opening_overlaps_none")
        schema_editor.execute("ALTER TABLE offices_holder DROP CONSTRAINT holder_of_sole_role_is_one")


class Migration(migrations.Migration):
    dependencies = [("offices", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
