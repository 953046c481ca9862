"""Rows of a database as lines of JSON: the same from PostgreSQL and from SQLite, to the microsecond.

Each table is read and written by itself, so that what belongs to two (a publication and its kind) is never mixed up.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.db.models.sql import InsertQuery

CHUNK = 500
LEFT_OUT = {"sessions.session"}  # who was logged in comes in again
PARSED = {  # by internal type, what JSON has only as text
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "TimeField": time.fromisoformat,
    "DecimalField": Decimal,
    "UUIDField": UUID,
}


def tables(apps: Apps) -> list[type[Model]]:
    """Models that have a table of their own, by label."""
    models = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    return [model for label, model in sorted(models.items()) if label not in LEFT_OUT and owns_table(model)]


def owns_table(model: type[Model]) -> bool:
    return model._meta.managed and not model._meta.proxy and not model._meta.swapped


class Digest:
    """Of rows in whatever order: their number, and the sum of the hashes of their lines."""

    def __init__(self) -> None:
        self.rows = self.sum = 0

    def add(self, line: str) -> None:
        self.rows += 1
        self.sum = (self.sum + int.from_bytes(sha256(line.encode()).digest())) % 2**256

    def __str__(self) -> str:
        return f"{self.rows}:{self.sum:064x}"


def lines(model: type[Model], names: list[str], digest: Digest) -> Iterator[str]:
    """A line of JSON for each row: its values in the order of these columns."""
    for row in model._base_manager.order_by("pk").values_list(*names).iterator(CHUNK):
        line = json.dumps(row, default=as_text, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest.add(line)
        yield line + "\n"


def columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.local_concrete_fields]


def as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


def parsed(field: Any, value: Any) -> Any:
    """A value of a line as its column takes it, untouched by what the field does to what people type."""
    while field.is_relation:  # the key of a row may be that of another
        field = field.target_field
    return value if value is None else PARSED.get(field.get_internal_type(), lambda same: same)(value)


def write(model: type[Model], names: list[str], rows: Iterable[str]) -> None:
    """Writes rows as they are: no signal is sent, no hour is set, no text is cleaned."""
    by_name = {field.attname: field for field in model._meta.local_concrete_fields}
    fields = [by_name[name] for name in names]
    batch: list[Model] = []
    most = connection.ops.bulk_batch_size(fields, [None] * CHUNK) or CHUNK

    def flush() -> None:
        if batch:
            query = InsertQuery(model)
            query.insert_values(fields, batch, raw=True)
            query.get_compiler(connection=connection).execute_sql()
            batch.clear()

    for line in rows:
        values = json.loads(line)
        batch.append(model(**{f.attname: parsed(f, value) for f, value in zip(fields, values, strict=True)}))
        if len(batch) >= min(most, CHUNK):
            flush()
    flush()


def empty(models: Iterable[type[Model]]) -> None:
    """Takes away what `migrate` has written by itself: all of it comes back with the copy."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def number_from_the_last(models: Iterable[type[Model]]) -> None:
    """The next row of each table gets a number that no row has."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


@contextmanager
def one_moment() -> Iterator[None]:
    """Whatever is read within is of the same moment, and nobody waits for it."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:  # SQLite, in its WAL: readers hinder no writer
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
