"""A copy that was read back once, in an empty place, is known to be one; a note beside it says when that was."""

import hashlib
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from .elsewhere import empty_place, manage
from .rotation import hour_of

NOTE = ".verifica.json"


@dataclass(frozen=True)
class Copy:
    """A copy that is whole; `verified_at`: when it was last read back, if it was."""

    path: Path
    made_at: datetime
    verified_at: datetime | None


def tried_out(path: Path, key: str | None, digest: str = "") -> dict[str, Any]:
    """Restores a copy where there is nothing, and notes beside it what was compared; raises FailedError.

    Rows, files and answers of the search are those of the list of the copy, or it fails.
    """
    began = time.monotonic()
    with empty_place() as (address, files, kind):
        arguments: list[object] = []
        if key:
            file = files.parent / "chiave"
            file.touch(0o600)
            file.write_text(key, encoding="utf-8")
            arguments = ["--key", file]
        words = manage(address, files, "restore", path, "--compare-only", *arguments)
    note = {
        "verificata_il": timezone.now().isoformat(),
        "banca_dati": kind,
        "byte": path.stat().st_size,
        "impronta": digest or digest_of_file(path),
        "secondi": round(time.monotonic() - began, 1),
        "esito": words.strip().splitlines(),
    }
    partial = path.with_name(path.name + NOTE + ".part")
    with suppress(OSError):  # a copy may be tried out where nobody may write
        partial.write_text(json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8")
        partial.replace(path.with_name(path.name + NOTE))
    return note


def digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def last_good(folder: str | Path = "") -> Copy | None:
    """The newest copy of a folder (BACKUPS_FOLDER unless told) that was read back; if none was, the newest.

    None where there is no copy, or nobody has said where copies are.
    """
    place = folder or settings.BACKUPS_FOLDER
    copies = copies_in(Path(place)) if place else []
    return max(copies, key=lambda copy: (copy.verified_at is not None, copy.made_at), default=None)


def copies_in(folder: Path) -> Sequence[Copy]:
    """All of them, the newest first; OSError only where the folder is there and cannot be read."""
    if not folder.is_dir():
        return []
    dated = sorted(((at, path) for path in folder.iterdir() if (at := hour_of(path))), reverse=True)
    return [Copy(path, at, verified_at(path)) for at, path in dated]


def verified_at(path: Path) -> datetime | None:
    """When it was read back; a note of other bytes says nothing."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        note = json.loads(path.with_name(path.name + NOTE).read_text(encoding="utf-8"))
        if note["byte"] == path.stat().st_size:
            return datetime.fromisoformat(note["verificata_il"])
    return None
