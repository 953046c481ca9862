"""The database itself keeps the ledger: no line is changed, and none deleted before its time.

The time stands in each line (`kept_until`, told by LEDGER_DAYS as of its writing), not in a table of settings nor in
this code: whoever could change such a table could delete the ledger through it, and a promise made when a line was
written is not shortened afterwards. Words (`accounts_particulars`) go with their line, or when a later line says that
they were redacted. What opens the door for tests and restores is told in `retention.unlocked`.

A table that SQLite makes anew (any later AlterField here) loses its triggers: such a migration runs this one's SQL again.
"""

from django.db import migrations

GONE_OR_REDACTED = """
    NOT EXISTS (SELECT 1 FROM accounts_entry e WHERE e.id = OLD.entry_id AND e.kept_until > {now})
    OR EXISTS (
        SELECT 1 FROM accounts_entry e JOIN accounts_entry r ON r.model = e.model AND r.key = e.key AND r.id > e.id
        WHERE e.id = OLD.entry_id AND r.action = 'redacted')
"""
POSTGRESQL = f"""
CREATE FUNCTION accounts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is not changed.' USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION accounts_refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('areaomogenea.ledger_door', true) = 'open' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF TG_TABLE_NAME = 'accounts_entry' THEN
            IF OLD.kept_until <= clock_timestamp() THEN
                RETURN OLD;
            END IF;
        ELSIF {GONE_OR_REDACTED.format(now="clock_timestamp()")} THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'The ledger is kept: nothing of it is deleted before its time.' USING ERRCODE = 'restrict_violation';
END $$;
"""
POSTGRESQL_TRIGGERS = """
CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change();
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION accounts_refuse_deletion();
CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION accounts_refuse_deletion();
"""
NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
# SQLite's INSERT OR REPLACE deletes what stands in its way, and tells no trigger of deletions.
SQLITE = """
CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'The ledger is not changed.'); END;
CREATE TRIGGER {table}_once BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
BEGIN SELECT RAISE(ABORT, 'The ledger is not changed.'); END;
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} WHEN NOT ({may_go} OR ledger_is_unlocked())
BEGIN SELECT RAISE(ABORT, 'The ledger is kept: nothing of it is deleted before its time.'); END;
"""
TABLES = {
    "accounts_entry": {"key": "id", "may_go": f"OLD.kept_until <= {NOW}"},
    "accounts_particulars": {"key": "entry_id", "may_go": GONE_OR_REDACTED.format(now=NOW)},
}
TRIGGERS = {"postgresql": ("unchanged", "kept", "whole"), "sqlite": ("unchanged", "once", "kept")}


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        for table in TABLES:
            schema_editor.execute(POSTGRESQL_TRIGGERS.format(table=table), params=None)
        return
    with schema_editor.connection.cursor() as cursor:
        for table, words in TABLES.items():
            for statement in SQLITE.format(table=table, **words).split("END;")[:-1]:
                cursor.execute(f"{statement}END")


def backwards(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        for name in TRIGGERS[vendor]:
            schema_editor.execute(f"DROP TRIGGER {table}_{name}" + (f" ON {table}" if vendor == "postgresql" else ""))
    if vendor == "postgresql":
        for function in ("accounts_refuse_change", "accounts_refuse_deletion"):
            schema_editor.execute(f"DROP FUNCTION {function}()")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
