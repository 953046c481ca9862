"""How the ledger is kept: what goes when its time is over, what goes before it, and the door for tests and restores."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Model
from django.utils import timezone

from .entries import Action, Entry, Particulars
from .ledger import note, reference

MARGIN = timedelta(hours=1)  # between this clock and that of the database, which decides
AT_ONCE = 1_000  # rows that one purge deletes, so that nobody waits for it
SETTING = "areaomogenea.ledger_door"
_unlocked: set[str] = set()  # aliases of SQLite databases; PostgreSQL keeps it in the session


def purge() -> str:
    """Deletes a piece of what has been kept long enough; how much in words, "" when there is nothing."""
    with transaction.atomic():
        expired = Entry.objects.expired(timezone.now() - MARGIN)
        over = list(expired.order_by("kept_until").values_list("pk", flat=True)[:AT_ONCE])
        Particulars.objects.filter(pk__in=over).delete()
        Entry.objects.filter(pk__in=over).delete()
    return f"Registro: {len(over)} voci oltre il loro tempo" if over else ""


def redact_entries(row: Model, comment: str) -> None:
    """Takes away the words of all that was noted of a row; that this was done stays, and why."""
    with transaction.atomic():
        model, key = reference(row)  # its name is among what goes
        note(Action.REDACTED, comment=comment, model=model, key=key)
        entries = Entry.objects.about(model, key).exclude(action=Action.REDACTED)
        Particulars.objects.filter(pk__in=entries.values("pk")).delete()


@contextmanager
def unlocked(using: str = "default") -> Iterator[None]:
    """What is deleted within may be of any age: for a test that empties its tables, and for who restores a backup.

    Nothing of the portal passes here, and a test sees to it. Rows are never changed, here either; to load them
    (`loaddata`, `pg_restore`) no door is needed.
    """
    connection = connections[using]
    is_postgresql = connection.vendor == "postgresql"

    def turn(state: str) -> None:
        if is_postgresql:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, state])
        else:
            _unlocked.add(using) if state else _unlocked.discard(using)

    turn("open")
    try:
        yield
    finally:
        turn("")


def add_unlocked_function(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Its triggers ask this function; whoever comes by another way does not have it, and deletes nothing."""
    if connection.vendor == "sqlite":
        alias = connection.alias
        connection.connection.create_function("ledger_is_unlocked", 0, lambda: alias in _unlocked)


connection_created.connect(add_unlocked_function)
