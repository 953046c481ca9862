"""What somebody chose and has not saved yet is open to them, in their session, as long as it waits."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

PATIENCE = timedelta(days=1)  # how long what was chosen waits for its form to be saved
UPLOADS = "uploads"  # in a session: [name, hour] of documents, the newest last
MOST = 50


def uploads_of(session: SessionBase) -> dict[str, int]:
    """The stored names that still wait, with the hour when each was chosen."""
    before = time.time() - PATIENCE.total_seconds()
    entries = (entry for entry in session.get(UPLOADS, ()) if isinstance(entry, list))  # before, names stood alone
    return {name: hour for name, hour in entries if hour > before}


def remember_uploads(session: SessionBase, names: Iterable[str]) -> None:
    waiting = uploads_of(session) | dict.fromkeys(names, int(time.time()))
    session[UPLOADS] = [list(one) for one in waiting.items()][-MOST:]
