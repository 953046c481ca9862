"""Probes of the portal's health: each room registers its own, from its `AppConfig.ready()`; what they say, remembered.

A probe asks one thing and says how it is, in words for whoever runs the office and not the server.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from django.db import Error, connection, transaction
from django.db.models import TextChoices

REMEMBERED = 5  # seconds: who asks more often is told the same
PATIENCE = 2  # seconds that one question to the database may take
PATIENCE_FOR_ALL = 5  # seconds after which no further one is asked
log = logging.getLogger(__name__)


class State(TextChoices):
    """`FAULT`: pages cannot be served as they should. `WARNING`: they are, and somebody has something to do."""

    WELL = "bene", "Va bene"
    UNUSED = "spento", "Non è acceso"
    WARNING = "avviso", "Da guardare"
    FAULT = "guasto", "Non funziona"

    @property
    def gravity(self) -> int:
        return list(State).index(self)


@dataclass(frozen=True)
class Reading:
    """What a probe says. `since`: of what is not well; `latest`: a good run; `patience`: before a letter tells."""

    state: State
    words: str
    remedy: str = ""
    since: datetime | None = None
    latest: datetime | None = None
    patience: timedelta = timedelta()
    name: str = ""
    label: str = ""
    is_public: bool = True
    is_alarm: bool = True

    @property
    def is_well(self) -> bool:
        return self.state in (State.WELL, State.UNUSED)


@dataclass(frozen=True)
class Probe:
    """`is_public`: told at /salute/pronto/, its state alone; `is_alarm`: a letter tells of it."""

    name: str
    label: str
    read: Callable[[], Reading | list[Reading]]
    is_public: bool = True
    is_alarm: bool = True
    asks_database: bool = True

    def readings(self) -> list[Reading]:
        """One, or one for each of many things, which name themselves."""
        try:
            with brief_questions() if self.asks_database else nullcontext():
                readings = self.read()
        except Exception as error:
            if not isinstance(error, Error):
                log.exception("A probe failed: %s", self.name)
            readings = failed(error)
        return [self.named(one) for one in (readings if isinstance(readings, list) else [readings])]

    def named(self, reading: Reading) -> Reading:
        return replace(
            reading,
            name=f"{self.name}-{reading.name}" if reading.name else self.name,
            label=reading.label or self.label,
            is_public=self.is_public,
            is_alarm=self.is_alarm,
        )


def failed(error: Exception) -> Reading:
    if isinstance(error, Error):
        return Reading(State.FAULT, "Non si può sapere: la banca dati non risponde a questa domanda.", AWAY)
    return Reading(State.FAULT, f"Il controllo stesso non riesce: {type(error).__name__}.", "Guarda il registro.")


DATABASE = "banca-dati"
AWAY = "Controlla che PostgreSQL sia acceso: systemctl status postgresql. Poi che il disco non sia pieno."
_probes: dict[str, Probe] = {}


def register_probe(
    name: str,
    label: str,
    read: Callable[[], Reading | list[Reading]],
    is_public: bool = True,
    is_alarm: bool = True,
    asks_database: bool = True,
) -> None:
    _probes[name] = Probe(name, label, read, is_public, is_alarm, asks_database)


@contextmanager
def brief_questions() -> Iterator[None]:
    """Within, PostgreSQL gives up a question that takes too long; SQLite waits for nobody who reads."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:  # of somebody else, whom it would bind too
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE * 1000}")
        yield


def take_readings() -> list[Reading]:
    """Of all probes, asked now; where the database does not answer, or hardly, nothing more is asked of it."""
    readings: list[Reading] = []
    is_away, start = False, time.monotonic()
    for probe in _probes.values():
        if probe.asks_database and (is_away or time.monotonic() - start > PATIENCE_FOR_ALL):
            readings.append(probe.named(failed(Error())))
            continue
        readings += probe.readings()
        is_away |= any(one.name == DATABASE and one.state == State.FAULT for one in readings)
    return readings


class Memory:
    """The latest readings; one thread takes new ones, and meanwhile the others are told the last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        self._readings: list[Reading] | None = None
        self._until = 0.0

    def readings(self) -> list[Reading]:
        known = self._readings
        if known is not None and time.monotonic() < self._until:
            return known
        if not self._lock.acquire(timeout=0 if known else PATIENCE_FOR_ALL):
            return known or [Reading(State.FAULT, "Il controllo non finisce.", AWAY, name=DATABASE, label="Banca dati")]
        try:
            if self._readings is None or time.monotonic() >= self._until:
                self._readings = take_readings()
                self._until = time.monotonic() + REMEMBERED
            return self._readings
        finally:
            self._lock.release()


memory = Memory()


def worst_of(readings: list[Reading]) -> State:
    """What is not in use makes nothing worse."""
    amiss = (one.state for one in readings if not one.is_well)
    return max(amiss, key=lambda state: state.gravity, default=State.WELL)
