"""PostgreSQL as Django speaks with it; a host that does not answer keeps one reader waiting, and not all of them.

A server that is stopped refuses at once. One whose packets are lost does not: each connection is given up after
`connect_timeout`, each question after `tcp_user_timeout`. After the first such wait the others are refused without one,
and one thread at a time tries again.
"""

import time
from threading import Lock
from typing import Any

import psycopg
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQLWrapper

SLOW = 1.5  # seconds after which a failure is silence, and not a refusal
PAUSE = 3  # seconds between two attempts


class Silence:
    """Of a server, as all threads of this process know it."""

    def __init__(self) -> None:
        self._until: float | None = None  # None: it answers
        self._lock = Lock()

    @property
    def lasts(self) -> bool:
        return self._until is not None

    def admits(self) -> bool:
        """Whether this thread may try: all of them while the server answers, then one in each pause."""
        with self._lock:
            now = time.monotonic()
            if self._until is not None:
                if now < self._until:
                    return False
                self._until = now + PAUSE
            return True

    def note_failure(self, seconds: float) -> None:
        self._until = time.monotonic() + PAUSE if seconds > SLOW else None

    def note_success(self) -> None:
        self._until = None


silence = Silence()


class DatabaseWrapper(PostgreSQLWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not silence.admits():
            raise psycopg.OperationalError("The server did not answer a moment ago: no attempt is made.")
        start = time.monotonic()
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            silence.note_failure(time.monotonic() - start)
            raise
        silence.note_success()
        return connection

    def is_usable(self) -> bool:
        if silence.lasts:
            return False
        start = time.monotonic()
        if usable := super().is_usable():
            return usable
        silence.note_failure(time.monotonic() - start)
        return False
