"""A copy of everything in one file: a tar of the rows of each table, the uploaded files, and a list of both.

The list, `contenuto.json`, says for each table its columns, how many rows there are and their digest, for each file its
SHA-256, and which migrations the database had: a copy is read back by the portal that made it, or by a later one, into
PostgreSQL or SQLite, whichever it came from. Keys are in no copy: they are in the environment, and kept apart.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.utils import timezone

from areaomogenea.accounts.entries import Entry
from areaomogenea.accounts.models import User
from areaomogenea.publishing.indexing import reindex
from areaomogenea.publishing.models import Publication

from . import rows

FORMAT = 1
LIST = "contenuto.json"
PARTIAL = ".part"
IN_MEMORY = 2**22


class UnreadableCopyError(Exception):
    """A copy that cannot be read back, and why."""


def make_copy(path: Path) -> dict[str, Any]:
    """Writes a copy of the database and of the uploaded files; it has its name only when it is whole."""
    partial = path.with_name(path.name + PARTIAL)
    contents: dict[str, Any] = {"formato": FORMAT, "fatta_il": timezone.now().isoformat(), "da": connection.vendor}
    try:
        with partial.open("xb") as raw, tarfile.open(fileobj=raw, mode="w") as tar:
            os.fchmod(raw.fileno(), 0o600)  # drafts, people and their history
            with rows.one_moment():
                contents["migrazioni"] = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
                contents["tabelle"] = {model._meta.label_lower: add_table(tar, model) for model in rows.tables(apps)}
            contents["file"] = dict(add_files(tar))
            add_bytes(tar, LIST, json.dumps(contents, ensure_ascii=False, indent=1).encode())
            tar.close()
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return contents


def add_table(tar: tarfile.TarFile, model: type[Model]) -> dict[str, Any]:
    digest, columns = rows.Digest(), rows.columns(model)
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as spool:
        with gzip.GzipFile(fileobj=spool, mode="wb", compresslevel=5, mtime=0) as packed:
            for line in rows.lines(model, columns, digest):
                packed.write(line.encode())
        member = tarfile.TarInfo(f"righe/{model._meta.label_lower}.jsonl.gz")
        member.size = spool.tell()
        spool.seek(0)
        tar.addfile(member, spool)
    return {"colonne": columns, "righe": digest.rows, "impronta": str(digest)}


def add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def add_files(tar: tarfile.TarFile) -> Iterator[tuple[str, str]]:
    """Names of uploaded files and their SHA-256; what is taken away meanwhile is in no copy."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink()):
        name = path.relative_to(root).as_posix()
        if name.startswith("."):  # what is still being written
            continue
        try:
            with path.open("rb") as file:
                yield name, add_file(tar, f"file/{name}", file)
        except FileNotFoundError:
            continue


def add_file(tar: tarfile.TarFile, name: str, file: BinaryIO) -> str:
    member = tarfile.TarInfo(name)
    member.size = os.fstat(file.fileno()).st_size
    reader = Hashing(file)
    tar.addfile(member, reader)
    return reader.hash.hexdigest()


class Hashing(io.RawIOBase):
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.hash.update(piece)
        return piece


def list_of(tar: tarfile.TarFile) -> dict[str, Any]:
    with member_of(tar, LIST) as file:
        contents = json.load(file)
    if contents.get("formato") != FORMAT:
        raise UnreadableCopyError("È una copia di un portale più nuovo di questo.")
    return contents


def read_copy(path: Path) -> dict[str, Any]:
    """Reads a copy into an empty place, and makes the index of the search; its list."""
    try:
        with tarfile.open(path) as tar:
            contents = list_of(tar)
            refuse_newer(contents)
            refuse_full_place()
            read_rows(tar, contents)
            read_files(tar, contents["file"])
    except (OSError, EOFError, tarfile.TarError) as error:
        raise UnreadableCopyError(f"Non si legge: {error}") from error
    call_command("migrate", verbosity=0)
    reindex()
    return contents


def refuse_newer(contents: dict[str, Any]) -> None:
    known = MigrationExecutor(connection).loader.disk_migrations
    if unknown := sorted(".".join(one) for one in contents["migrazioni"] if tuple(one) not in known):
        raise UnreadableCopyError(f"È di un portale più nuovo di questo, che non conosce {unknown[0]}.")


def refuse_full_place() -> None:
    tables = connection.introspection.table_names()
    is_full = any(
        model._meta.db_table in tables and model._base_manager.exists() for model in (Publication, User, Entry)
    )
    if is_full or any(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*")):
        raise UnreadableCopyError("Qui c’è già un portale: una copia si legge dove non c’è niente, e non cancella mai.")


def read_rows(tar: tarfile.TarFile, contents: dict[str, Any]) -> None:
    """All tables or none: what does not come back as it was leaves nothing."""
    models = {model._meta.label_lower: model for model in rows.tables(migrated_as(contents["migrazioni"]))}
    with transaction.atomic():
        rows.empty(models.values())
        for label, table in contents["tabelle"].items():
            with member_of(tar, f"righe/{label}.jsonl.gz") as packed, gzip.open(packed) as lines:
                rows.write(models[label], table["colonne"], (line.decode() for line in lines))
        rows.number_from_the_last(models.values())
        if different := differences(models, contents):
            raise UnreadableCopyError(f"Le righe rimesse non sono quelle della copia: {', '.join(different)}.")


def member_of(tar: tarfile.TarFile, name: str) -> BinaryIO:
    try:
        file = tar.extractfile(name)
    except KeyError:
        file = None
    if file is None:
        raise UnreadableCopyError(f"Nella copia manca {name}.")
    return cast(BinaryIO, file)


def migrated_as(migrations: list[list[str]]) -> Any:
    """The models as they were in the copy, with the tables made so in this database."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    applied = {(app, name) for app, name in migrations}
    targets = [node for node in applied if not any(child.key in applied for child in graph.node_map[node].children)]
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


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


def read_files(tar: tarfile.TarFile, known: dict[str, str]) -> None:
    root = Path(settings.MEDIA_ROOT)
    for name, expected in known.items():
        target = (root / name).resolve()
        if not target.is_relative_to(root.resolve()):
            raise UnreadableCopyError(f"Un file vuole stare altrove: {name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        reader = Hashing(member_of(tar, f"file/{name}"))
        with target.open("xb") as file:
            while piece := reader.read(2**20):
                file.write(piece)
        if reader.hash.hexdigest() != expected:
            raise UnreadableCopyError(f"Un file non è più quello che era: {name}")


def name_of(at: datetime) -> str:
    return f"portale-{at:%Y%m%dT%H%M%SZ}.tar"
