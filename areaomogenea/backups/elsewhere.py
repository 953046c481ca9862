"""A portal beside this one: the same code in a process of its own, on another database and another folder."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import DatabaseError, connection

MARK = "_verifica_"
LOCK = 7302648  # of PostgreSQL, by which those who try copies out know of each other


BAD_COPY = 3  # what `restore` ends with where the fault is of the copy


class FailedError(Exception):
    """What a command said before it failed, and what it ended with."""

    def __init__(self, words: str, code: int):
        super().__init__(words)
        self.code = code


def manage(address: str, files: Path, *arguments: object) -> str:
    """What a command of manage.py says there; raises FailedError."""
    place = {
        "DATABASE_URL": address,
        "MEDIA_ROOT": str(files),
        "REDACTIONS_FILE": str(settings.REDACTIONS_FILE),
    }
    command = [sys.executable, "manage.py", *map(str, arguments)]
    done = subprocess.run(  # noqa: S603 (our own command)
        command, cwd=settings.BASE_DIR, env=os.environ | place, capture_output=True, text=True
    )
    if done.returncode:
        words = done.stderr.strip().rpartition("\n")[2] or done.stdout
        raise FailedError(re.sub(r"^CommandError: ", "", words), done.returncode)
    return done.stdout


@contextmanager
def empty_place() -> Iterator[tuple[str, Path, str]]:
    """(address of a database without tables, folder without files, kind of database), all gone at the end.

    The database is of the kind of this one where we may make one, of SQLite otherwise.
    """
    with TemporaryDirectory(prefix="portale-") as folder:
        root = Path(folder)
        (root / "file").mkdir()
        if connection.vendor == "postgresql" and (name := made_database()):
            try:
                yield sibling(name), root / "file", "postgresql"
            finally:
                with suppress(DatabaseError):  # who comes next drops it
                    drop(name)
                    unlock()
        else:
            yield f"sqlite:///{root}/verifica.sqlite3", root / "file", "sqlite"


def made_database() -> str:
    """The name of a new database beside ours; "" where we may not make one, or somebody else has one.

    What those who were stopped have left goes first.
    """
    ours = connection.settings_dict["NAME"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return ""
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [ours + MARK])
            for (left,) in cursor.fetchall():
                drop(left)
            name = f"{ours}{MARK}{token_hex(4)}"
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)} TEMPLATE template0")
    except DatabaseError:
        return ""
    return name


def drop(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)} WITH (FORCE)")


def unlock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def sibling(name: str) -> str:
    """The address of another database of our server."""
    address, mark, options = os.environ["DATABASE_URL"].partition("?")
    return f"{address.rpartition('/')[0]}/{name}{mark}{options}"
