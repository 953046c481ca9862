"""Errors of the last day, told apart and counted, in a small file that all processes of this machine share.

A file, and not the database: that it does not answer is the error which most wants to be counted.
"""

import fcntl
import hashlib
import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from django.conf import settings

from .masking import masked
from .traces import current, request_id

ROOT = f"{Path(__file__).parents[2]}{os.sep}"  # settings may be what fails
A_DAY, AN_HOUR = 24 * 60 * 60, 60 * 60
A_WHILE = 15 * 60  # seconds in which no two letters tell of the same fault; then twice as many each time
LONGEST_WHILE = 8 * 60 * 60
MOST_LETTERS = 5  # in a while, of whatever faults
MOST_FAULTS = 60  # that are told apart; the latest
LARGEST = 2**18


@dataclass(frozen=True)
class Fault:
    """What went wrong, and where: the same for all who meet it."""

    kind: str
    place: str
    logger: str = ""

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.kind} {self.place}".encode()).hexdigest()[:16]


def fault_of(record: logging.LogRecord) -> Fault | None:
    """None of what is no error."""
    if record.exc_info and record.exc_info[0]:
        return Fault(record.exc_info[0].__name__, place_of(record.exc_info[2]), record.name)
    if record.levelno >= logging.ERROR:
        return Fault(masked(str(record.msg))[:100], f"{record.module}:{record.lineno}", record.name)
    return None


def place_of(traceback: TracebackType | None) -> str:
    """The innermost line of ours."""
    inner = ours = ""
    while traceback:
        path = traceback.tb_frame.f_code.co_filename
        inner = f"{Path(path).name}:{traceback.tb_lineno}"
        if path.startswith(ROOT) and "site-packages" not in path:
            ours = f"{path.removeprefix(ROOT)}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return ours or inner


@dataclass
class Sighting:
    """A fault as it was met in the last day."""

    kind: str
    place: str
    logger: str
    first: float
    latest: float
    times: int = 0
    view: str = ""
    request: str = ""  # the latest
    letter: float = 0  # when the latest one left
    letters: int = 0  # how many have


@dataclass
class Faults:
    """Of the last day: how many each hour, and which."""

    hours: dict[str, int] = field(default_factory=dict)
    sightings: dict[str, Sighting] = field(default_factory=dict)
    letters: list[float] = field(default_factory=list)

    @property
    def number(self) -> int:
        return sum(self.hours.values())

    def latest_first(self) -> list[Sighting]:
        return sorted(self.sightings.values(), key=lambda one: -one.latest)

    def note(self, fault: Fault, now: float) -> Sighting:
        self.forget(now)
        trace = current.get()
        known = self.sightings.setdefault(fault.digest, Sighting(fault.kind, fault.place, fault.logger, now, now))
        known.times, known.latest, known.request = known.times + 1, now, request_id()
        known.view = trace.view if trace else ""
        hour = str(int(now // AN_HOUR))
        self.hours[hour] = self.hours.get(hour, 0) + 1
        return known

    def forget(self, now: float) -> None:
        """What is over, and the oldest of more than can be kept."""
        self.hours = {hour: times for hour, times in self.hours.items() if (int(hour) + 1) * AN_HOUR > now - A_DAY}
        lately = [(digest, one) for digest, one in self.sightings.items() if one.latest > now - A_DAY]
        self.sightings = dict(sorted(lately, key=lambda row: row[1].latest)[-MOST_FAULTS:])
        self.letters = [at for at in self.letters if at > now - A_WHILE]

    def may_write(self, sighting: Sighting, now: float) -> bool:
        """Whether a letter tells of it now; then it has."""
        rest = min(A_WHILE * 2 ** max(sighting.letters - 1, 0), LONGEST_WHILE)
        if now - sighting.letter < rest or len(self.letters) >= MOST_LETTERS:
            return False
        sighting.letter, sighting.letters = now, sighting.letters + 1
        self.letters.append(now)
        return True


_own: Faults | None = None  # of this process, as long as the file cannot be written


def faults_of_last_day() -> Faults:
    faults = _own or read(Path(settings.ERRORS_FILE)) or Faults()
    faults.forget(time.time())
    return faults


def note_fault(fault: Fault) -> tuple[Sighting, bool]:
    """(how it was met, whether a letter is to tell of it)."""
    global _own
    path, now = Path(settings.ERRORS_FILE), time.time()
    with alone(path):
        faults = _own or read(path) or Faults()
        sighting = faults.note(fault, now)
        is_due = faults.may_write(sighting, now)
        _own = None if write(path, faults) else faults
    return sighting, is_due


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """No other process within; where nothing can be written, at least nobody waits."""
    lock = None
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_suffix(".lock").open("a")
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if lock:
            lock.close()


def read(path: Path) -> Faults | None:
    """None where there is nothing that can be read."""
    try:
        with path.open("rb") as file:
            kept: dict[str, Any] = json.loads(file.read(LARGEST))
        sightings = {digest: Sighting(**one) for digest, one in kept["sightings"].items()}
        return Faults(kept["hours"], sightings, kept["letters"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write(path: Path, faults: Faults) -> bool:
    partial = path.with_suffix(".part")
    try:
        partial.write_text(json.dumps(asdict(faults)))
        partial.replace(path)
    except OSError:
        return False
    return True
