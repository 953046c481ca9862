"""A copy of everything in one tar: rows as lines of JSON, uploaded files as they are, and the list of both.

Whoever reads one first reads it to its end and compares all of it with the list: what is damaged, strange or of a newer
portal is refused before anything is written.
"""

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import FileField, Model
from django.utils import timezone

from . import rows, searches
from .sealing import closed_for, opened

FORMAT = 1
LIST, SEAL = "contenuto.json", "contenuto.sha256"
PARTIAL = ".part"
IN_MEMORY = 2**22
PIECE = 2**20
LONGEST_LINE, LONGEST_LIST = 2**28, 2**28  # bytes: what is longer is no copy of ours, and would fill the memory
MADE_ANEW = ("stampe", "carte")  # folders of what is drawn from rows when somebody asks for it
MEMBER = re.compile(r"righe/(?P<table>\w+\.\w+)\.jsonl\.gz|file/(?P<file>.+)|contenuto\.(json|sha256)", re.DOTALL)
DAMAGES = (OSError, EOFError, tarfile.TarError, zlib.error, ValueError, RecursionError)


class UnreadableCopyError(Exception):
    """A copy that cannot be read back, and why."""


class NoPlaceError(UnreadableCopyError):
    """The copy may be well; where it is to be read back is not."""


def make_copy(path: Path, readers: Sequence[Any] = (), with_files: bool = True) -> dict[str, Any]:
    """Writes a copy of the database and of the uploaded files; it has its name only when it is whole.

    `readers`: the public keys of those who alone can open it. Gives its list, with the digest of the whole.
    """
    partial = path.with_name(path.name + PARTIAL)
    contents: dict[str, Any] = {"formato": FORMAT, "fatta_il": timezone.now().isoformat(), "da": connection.vendor}
    try:
        with partial.open("xb") as raw:
            os.fchmod(raw.fileno(), 0o600)  # drafts, people and their history
            hashing = Hashing(raw)
            with closed_for(hashing, readers) as open_end, tarfile.open(fileobj=open_end, mode="w|") as tar:
                write_all(tar, contents, with_files)
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(path)
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)
    return contents | {"impronta": hashing.hash.hexdigest()}


def write_all(tar: tarfile.TarFile, contents: dict[str, Any], with_files: bool) -> None:
    with rows.one_moment():
        contents["migrazioni"] = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
        contents["tabelle"] = {model._meta.label_lower: add_table(tar, model) for model in rows.tables(apps)}
        contents["ricerche"] = searches.answers()
        names = set(names_of_files())
    contents["file"] = dict(add_files(tar)) if with_files else {}
    contents["mancano"] = sorted(names - contents["file"].keys()) if with_files else []
    text = json.dumps(contents, ensure_ascii=False, indent=1).encode()
    add_bytes(tar, LIST, text)
    add_bytes(tar, SEAL, hashlib.sha256(text).hexdigest().encode())


def sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def names_of_files() -> Iterator[str]:
    """The stored names that rows tell of."""
    for model in rows.tables(apps):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, FileField):
                yield from model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True).iterator()


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
    for name, path in uploaded_files():
        try:
            with path.open("rb") as file:
                yield name, add_file(tar, f"file/{name}", file)
        except FileNotFoundError:
            continue


def uploaded_files() -> Iterator[tuple[str, Path]]:
    """(name, path), but for what is still being written and what is made anew when somebody asks for it."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink()):
        name = path.relative_to(root)
        if not name.parts[0].startswith(".") and name.parts[0] not in MADE_ANEW:
            yield name.as_posix(), path


def add_file(tar: tarfile.TarFile, name: str, file: BinaryIO) -> str:
    member = tarfile.TarInfo(name)
    member.size = os.fstat(file.fileno()).st_size
    reader = Hashing(file)
    tar.addfile(member, reader)
    return reader.hash.hexdigest()


class Hashing(io.RawIOBase):
    """A file that is hashed while it is read, or written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.hash.update(piece)
        return piece

    def write(self, piece: Any) -> int:
        self.hash.update(piece)
        return self.file.write(piece)


@contextmanager
def members(path: Path, keys: Sequence[Any]) -> Iterator[Iterator[tuple[re.Match[str], IO[bytes]]]]:
    """What a copy holds, piece by piece as it stands in it; a piece that no copy of ours has is refused."""
    with opened(path, keys) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        yield pieces(tar)
        while stream.read(PIECE):  # to the very end, which alone tells whether a closed copy is whole
            pass


def pieces(tar: Any) -> Iterator[tuple[re.Match[str], IO[bytes]]]:
    known = set()
    for member in tar:
        match = MEMBER.fullmatch(member.name)
        is_plain = member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not member.issparse()
        if not match or not is_plain or member.name in known or not is_own_name(match["file"]):
            raise UnreadableCopyError(f"Non è una copia fatta da questo portale: dentro c’è {member.name[:100]!r}.")
        known.add(member.name)
        file = tar.extractfile(member)
        yield match, file
        tar.members.clear()  # it would keep each, however many they are


def is_own_name(name: str | None) -> bool:
    """Whether a file stays in the folder of uploaded files, and is none that we hide there."""
    return name is None or not (
        name.startswith((".", "/")) or "\\" in name or "\0" in name or {"", ".", ".."} & set(name.split("/"))
    )


def examined(path: Path, keys: Sequence[Any] = (), into: Path | None = None) -> dict[str, Any]:
    """The list of a copy that was read to its end and is what its list says; its files are written into a folder."""
    tables, files, text, seal = {}, {}, b"", b""
    try:
        with members(path, keys) as each:
            for match, file in each:
                if match["table"]:
                    tables[match["table"]] = digest_of(file)
                elif match["file"]:
                    files[match["file"]] = hash_of(file, into and into / match["file"])
                elif match[0] == LIST:
                    text = file.read(LONGEST_LIST)
                else:
                    seal = file.read(64)
    except DAMAGES as error:
        raise UnreadableCopyError(f"La copia è rovinata o interrotta, e non se ne rimette niente: {error}") from error
    if not text or hashlib.sha256(text).hexdigest().encode() != seal:
        raise UnreadableCopyError("La copia è interrotta o rovinata: le manca l’elenco intero di ciò che contiene.")
    contents = list_of(text)
    compare({label: table["impronta"] for label, table in contents["tabelle"].items()}, tables)
    compare(contents["file"], files)
    return contents


def compare(expected: dict[str, str], present: dict[str, str]) -> None:
    if different := sorted(name for name in expected.keys() | present if expected.get(name) != present.get(name)):
        more = f" (e altri {len(different) - 1})" if different[1:] else ""
        raise UnreadableCopyError(f"La copia è rovinata: {different[0]}{more} non è ciò che dice il suo elenco.")


def digest_of(packed: IO[bytes]) -> str:
    digest = rows.Digest()
    for line in lines_of(packed):
        digest.add(line)
    return str(digest)


def lines_of(packed: IO[bytes]) -> Iterator[str]:
    with gzip.open(packed) as unpacked:
        while line := unpacked.readline(LONGEST_LINE):
            if not line.endswith(b"\n"):
                raise UnreadableCopyError("La copia è rovinata: una riga non finisce.")
            yield line[:-1].decode()


def hash_of(file: IO[bytes], target: Path | None) -> str:
    reader = Hashing(file)
    if target is None:
        while reader.read(PIECE):
            pass
        return reader.hash.hexdigest()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        writer = target.open("xb")
    except OSError as error:
        raise no_place(error) from error
    with writer:
        while piece := reader.read(PIECE):
            try:
                writer.write(piece)
            except OSError as error:
                raise no_place(error) from error
    return reader.hash.hexdigest()


def no_place(error: object) -> NoPlaceError:
    return NoPlaceError(f"I file non si possono scrivere in {settings.MEDIA_ROOT}: {error}. Non è rimasto niente.")


def list_of(text: bytes) -> dict[str, Any]:
    try:
        contents = json.loads(text)
    except (ValueError, RecursionError):
        contents = None
    if not isinstance(contents, dict) or contents.get("formato") != FORMAT:
        raise UnreadableCopyError("È una copia di un’altra versione: la legge il portale che l’ha fatta.")
    try:
        contents["migrazioni"] = [(str(app), str(name)) for app, name in contents["migrazioni"]]
        for table in contents["tabelle"].values():
            table |= {"colonne": list(map(str, table["colonne"])), "righe": int(table["righe"])}
            table["impronta"] = str(table["impronta"])
        contents["file"] = {str(name): str(digest) for name, digest in contents["file"].items()}
        contents["ricerche"] = dict(contents["ricerche"])
    except (KeyError, TypeError, AttributeError) as error:
        raise UnreadableCopyError(f"L’elenco della copia non si capisce: {error}") from error
    return contents


def rows_in(path: Path, keys: Sequence[Any]) -> Iterator[tuple[str, Iterable[str]]]:
    """(label, lines) of each table of a copy."""
    try:
        with members(path, keys) as each:
            for match, file in each:
                if match["table"]:
                    yield match["table"], lines_of(file)
    except DAMAGES as error:
        raise UnreadableCopyError(f"La copia è cambiata mentre la si leggeva: {error}") from error


def name_of(at: datetime, is_closed: bool = False) -> str:
    return f"portale-{at:%Y%m%dT%H%M%SZ}.tar" + (".age" if is_closed else "")
