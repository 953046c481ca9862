"""Copies that only who holds a key can read: age, of which the server that makes them knows only the public half."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings

MARK = b"age-encryption.org/"
KEY_BEGINS = "AGE-SECRET-KEY-"
PIECE = 2**20


class KeyFaultError(Exception):
    """A key that is missing, or is not the one, in words."""


def recipients() -> list[Any]:
    """The public keys for which copies are closed; none: copies are open."""
    return [recipient(text) for text in settings.BACKUP_RECIPIENTS]


def recipient(text: str) -> Any:
    from pyrage import RecipientError, x25519

    try:
        return x25519.Recipient.from_str(text.strip())
    except RecipientError:
        raise KeyFaultError(
            f"BACKUP_RECIPIENTS: «{text}» non è una chiave pubblica (age1…). Controlla di averla copiata tutta."
        ) from None


def new_key() -> Any:
    from pyrage import x25519

    return x25519.Identity.generate()


def keys_of(path: Path | None) -> list[Any]:
    """The secret keys of a file, one a line; what begins with # is a note."""
    from pyrage import IdentityError, x25519

    if path is None:
        return []
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        keys = [x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFaultError(f"La chiave non si legge: {error}") from error
    except IdentityError:
        keys = []
    if not keys:
        raise KeyFaultError(f"In {path} non c’è una chiave segreta: la sua riga comincia con {KEY_BEGINS}")
    return keys


@contextmanager
def closed_for(file: Any, readers: Sequence[Any]) -> Iterator[IO[bytes]]:
    """Where to write what only these readers can open; with none, the file itself."""
    if not readers:
        yield file
        return
    from pyrage import EncryptError, encrypt_io

    try:
        with pipe(lambda source: encrypt_io(source, file, list(readers)), into=True) as end:
            yield end
    except EncryptError as error:
        raise OSError(str(error)) from error


@contextmanager
def opened(path: Path, keys: Sequence[Any]) -> Iterator[IO[bytes]]:
    """What a copy holds, open or closed, from its beginning to its end."""
    with path.open("rb") as file:
        is_closed = file.read(len(MARK)) == MARK
        file.seek(0)
        if not is_closed:
            yield file
            return
        if not keys:
            raise KeyFaultError(
                "Questa copia è cifrata: serve la chiave segreta (--key FILE), quella che sta dove non stanno le copie."
            )
        from pyrage import DecryptError, decrypt_io

        try:
            with pipe(lambda sink: decrypt_io(file, sink, list(keys)), into=False) as end:
                yield end
        except DecryptError as error:
            if "No matching keys" in str(error):
                raise KeyFaultError("La chiave non è quella di questa copia: è stata cifrata per un’altra.") from error
            raise OSError(f"la copia è rovinata ({error})") from error


@contextmanager
def pipe(work: Callable[[IO[bytes]], None], into: bool) -> Iterator[IO[bytes]]:
    """One end of a pipe whose other end `work` has, in a thread; what stops it is raised at the end."""
    read, write = (os.fdopen(number, mode) for number, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
    ours, theirs = (write, read) if into else (read, write)
    faults: list[BaseException] = []

    def run() -> None:
        try:
            work(theirs)
        except BaseException as error:
            faults.append(error)
        finally:
            with suppress(OSError):
                theirs.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    error = None
    try:
        yield ours
    except BaseException as raised:
        error = raised
    with suppress(OSError):
        ours.close()
    thread.join()
    for fault in faults:
        if "Broken pipe" not in str(fault):  # that is only who has stopped first
            raise fault
    if error:
        raise error
