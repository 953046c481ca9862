"""A copy read back where there is nothing: all of it, or nothing."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from areaomogenea.accounts.entries import Entry
from areaomogenea.accounts.models import User
from areaomogenea.publishing.indexing import reindex
from areaomogenea.publishing.models import Publication

from . import rows, searches
from .archive import NoPlaceError, UnreadableCopyError, examined, no_place, rows_in

HALL = ".ripristino"  # where files wait, in the folder of uploaded files, until rows are there too
MOVED = "spostati.json"  # what has come in from there, of which copy: a restore that was stopped goes on from it


def read_copy(path: Path, keys: Sequence[Any] = (), with_files: bool = True) -> dict[str, Any]:
    """Reads a copy into an empty place; its list, with `diverse`: the questions that the search answers otherwise.

    Without files these are compared with the list of the copy, and left there.
    """
    if with_files and (contents := come_in(path)):
        return brought_up_to_date(contents)
    refuse_full_place()
    with hall(path if with_files else None) as waiting:
        contents = examined(path, keys, into=waiting)
        refuse_newer(contents)
        try:
            models = tables_of(contents)
            with transaction.atomic():
                read_rows(path, keys, models, contents)
                if waiting:
                    move_in(waiting, path, contents)
        except BaseException as error:
            if waiting:
                take_out(waiting)
            if not isinstance(error, (DatabaseError, OSError)):
                raise
            raise NoPlaceError(
                f"Le righe non si possono scrivere: {error}. Non è rimasto niente: tolta la causa, rifai il comando."
            ) from error
    return brought_up_to_date(contents)


def brought_up_to_date(contents: dict[str, Any]) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    reindex()
    return contents | {"diverse": searches.different(contents["ricerche"])}


def come_in(path: Path) -> dict[str, Any] | None:
    """The list of this copy, if its rows and files are there and a restore was stopped before its end."""
    with suppress(OSError, ValueError, KeyError):
        note = json.loads((Path(settings.MEDIA_ROOT) / HALL / MOVED).read_text(encoding="utf-8"))
        if note["copia"] == path.name and is_portal():
            return note["contenuto"]
    return None


def close_hall() -> None:
    """The end of a restore: nothing is left to do."""
    shutil.rmtree(Path(settings.MEDIA_ROOT) / HALL, ignore_errors=True)


def refuse_newer(contents: dict[str, Any]) -> None:
    known = MigrationExecutor(connection).loader.disk_migrations
    if unknown := sorted(".".join(one) for one in contents["migrazioni"] if one not in known):
        raise UnreadableCopyError(f"È di un portale più nuovo di questo, che non conosce {unknown[0]}.")


def refuse_full_place() -> None:
    """What waited for rows when a restore was stopped is no portal: it goes first."""
    root = Path(settings.MEDIA_ROOT)
    if (root / HALL / MOVED).exists() and not is_portal():
        raise NoPlaceError(
            f"Un ripristino si è fermato all’ultimo passo: in {root} ci sono i file, e nella banca dati nessuna riga."
            " Se da allora nessuno ci ha messo altro, svuota quella cartella e rifai il comando."
        )
    if not (root / HALL / MOVED).exists():
        close_hall()
    if is_portal() or any(path.is_file() for path in root.rglob("*")):
        raise NoPlaceError("Qui c’è già un portale: una copia si legge dove non c’è niente, e non cancella mai.")


def is_portal() -> bool:
    """Whether this database holds what somebody wrote, or somebody who writes."""
    tables = connection.introspection.table_names()
    return any(model._meta.db_table in tables and model._base_manager.exists() for model in (Publication, User, Entry))


@contextmanager
def hall(path: Path | None) -> Iterator[Path | None]:
    """A folder for files that are coming in, where there is room for them; if they do not come, it is gone."""
    if path is None:
        yield None
        return
    waiting = Path(settings.MEDIA_ROOT) / HALL
    try:
        waiting.mkdir(parents=True)
        room, size = shutil.disk_usage(waiting).free, path.stat().st_size
        if room < size:
            raise OSError(f"ci sono {room:,} byte liberi e la copia è di {size:,}")
    except OSError as error:
        with suppress(OSError):
            waiting.rmdir()
        raise no_place(error) from error
    try:
        yield waiting
    except BaseException:
        shutil.rmtree(waiting, ignore_errors=True)
        raise


def move_in(waiting: Path, path: Path, contents: dict[str, Any]) -> None:
    """Gives files their place; a note says which, and of which copy."""
    root = waiting.parent
    names = sorted(one.name for one in waiting.iterdir())
    note = {"copia": path.name, "spostati": names, "contenuto": contents}
    (waiting / MOVED).write_text(json.dumps(note), encoding="utf-8")
    for name in names:
        for folder, _, _ in os.walk(root / name, topdown=False):
            Path(folder).rmdir()  # it holds no file: that was asked first
        (waiting / name).rename(root / name)


def take_out(waiting: Path) -> None:
    """The contrary of `move_in`, where rows did not come."""
    with suppress(OSError, ValueError):
        for name in json.loads((waiting / MOVED).read_text(encoding="utf-8"))["spostati"]:
            if (waiting.parent / name).is_dir():
                shutil.rmtree(waiting.parent / name)
            else:
                (waiting.parent / name).unlink(missing_ok=True)


def tables_of(contents: dict[str, Any]) -> dict[str, Any]:
    """The models as they were in the copy, by label, with the tables made so in this database."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    applied = set(contents["migrazioni"])
    targets = [node for node in applied if not any(child.key in applied for child in graph.node_map[node].children)]
    executor.migrate(targets)
    known = rows.tables(executor.loader.project_state(targets).apps)
    models = {model._meta.label_lower: model for model in known}
    for label, table in contents["tabelle"].items():
        if label not in models or set(table["colonne"]) != set(rows.columns(models[label])):
            raise UnreadableCopyError(f"La tabella {label} della copia non è come la fa questo portale.")
    return models


def read_rows(path: Path, keys: Sequence[Any], models: dict[str, Any], contents: dict[str, Any]) -> None:
    """All tables or none: what does not come back as it was leaves nothing."""
    rows.empty(models.values())
    for label, lines in rows_in(path, keys):
        rows.write(models[label], contents["tabelle"][label]["colonne"], lines)
    rows.number_from_the_last(models.values())
    if different := differences(models, contents):
        raise UnreadableCopyError(f"Le righe rimesse non sono quelle della copia: {', '.join(different)}.")


def tables_that_differ(contents: dict[str, Any]) -> list[str]:
    """Tables of this database whose rows are no longer those of a copy of it."""
    return differences({model._meta.label_lower: model for model in rows.tables(apps)}, contents)


def differences(models: dict[str, Any], contents: dict[str, Any]) -> list[str]:
    """Tables whose rows are not those of the list."""
    different = []
    for label, table in contents["tabelle"].items():
        digest = rows.Digest()
        for _ in rows.lines(models[label], table["colonne"], digest):
            pass
        if str(digest) != table["impronta"]:
            different.append(f"{label} ({digest.rows} righe, erano {table['righe']})")
    return different
