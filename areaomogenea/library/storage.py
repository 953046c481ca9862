"""Where uploaded files are kept: whole or not at all, and not when what they belong to was undone."""

import errno
import hashlib
import logging
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path, PurePath
from secrets import token_hex
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, transaction

log = logging.getLogger(__name__)

PARTIAL = ".partial"  # a folder of its own: what a stopped process leaves there is nobody's
OF_ITS_OWN = re.compile("[0-9a-f]{16}")
FORGOTTEN = 60 * 60  # seconds after which nobody is still writing it
NO_ROOM = (
    "Non c’è posto per il file: il disco del portale è pieno, o non si può scrivere. Quello che hai scritto è ancora"
    " qui: salva senza il file, o riprova più tardi. Intanto avvisa chi amministra il portale."
)
REASONS = {getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EFBIG", "EIO", "ENOTDIR")}


class NoRoomError(OSError):
    """The disk takes no more, or nothing at all."""


def is_no_room(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in REASONS


def check_room(upload: File) -> None:
    """Raises ValidationError for a file that could not be kept a moment ago: the form is shown again, with this."""
    if getattr(upload, "had_no_room", False):
        raise ValidationError(NO_ROOM)


class AtomicFileStorage(FileSystemStorage):
    """A name appears when all of its file is there; a disk without room raises NoRoomError and keeps nothing."""

    def _save(self, name, content):
        partial = f"{PARTIAL}/{token_hex(8)}"
        try:
            super()._save(partial, content)  # type: ignore[misc]  # the stubs leave it out
            return self._named(partial, name)
        except OSError as error:
            if not is_no_room(error):
                raise
            log.error("No room for %s in %s: %s", name, self.location, error)
            content.had_no_room = True
            raise NoRoomError(*error.args) from error
        finally:
            with suppress(OSError):
                self.delete(partial)

    def _named(self, partial, name):
        """The name that it got: another one where somebody was faster."""
        Path(self.path(name)).parent.mkdir(parents=True, exist_ok=True)
        while True:
            try:
                os.link(self.path(partial), self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                written = StoredFile(self, name)
                for files in listening.get():
                    files.append(written)
                return name

    def delete(self, name: str) -> None:
        super().delete(name)
        folder = PurePath(name).parent
        if OF_ITS_OWN.fullmatch(folder.name):
            with suppress(OSError):
                Path(self.path(str(folder))).rmdir()

    def sweep(self, before: float) -> int:
        """Deletes what stopped processes left half-written until then; how many it was."""
        with suppress(FileNotFoundError):
            left = [entry for entry in os.scandir(self.path(PARTIAL)) if entry.stat().st_mtime < before]
            for entry in left:
                self.delete(f"{PARTIAL}/{entry.name}")
            return len(left)
        return 0


@dataclass(eq=False)
class StoredFile:
    """A file that was just written: it is kept once the transaction around it has ended well."""

    storage: FileSystemStorage
    name: str
    is_kept: bool = False

    def __post_init__(self):
        transaction.on_commit(self.keep)

    def keep(self) -> None:
        self.is_kept = True

    def is_undone(self) -> bool:
        """Whether the transaction, or its savepoint, was rolled back."""
        return not self.is_kept and all(call != self.keep for _, call, *_ in connection.run_on_commit)

    def delete(self) -> None:
        with suppress(OSError):
            self.storage.delete(self.name)


listening: ContextVar[tuple[list[StoredFile], ...]] = ContextVar("listening", default=())


@contextmanager
def all_or_none() -> Iterator[None]:
    """Files written within stay only if it ends well, and only if the transaction that they belong to does."""
    files: list[StoredFile] = []
    token = listening.set((*listening.get(), files))
    try:
        yield
    except BaseException:
        for file in files:
            file.delete()
        raise
    finally:
        listening.reset(token)
    for file in files:
        if file.is_undone():
            file.delete()


def folder_of_its_own() -> str:
    """A name for the folder of one file, which goes with it and does not come back."""
    return token_hex(8)


def digest_of_bytes(name: str) -> str:
    """Of a stored file; "" when it is not there."""
    try:
        with default_storage.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def sweep_partial() -> str:
    """A piece of waiting work: what it did in words, "" when there was nothing to do."""
    storage: Any = default_storage  # an AtomicFileStorage
    swept = storage.sweep(time.time() - FORGOTTEN)
    return f"File scritti a metà e cancellati: {swept}" if swept else ""
