"""Works that recur: each room registers its own, from its `AppConfig.ready()`, and it is noted how each went.

A work with a function is done by `manage.py tick`, piece by piece. One without has a command and a timer of its own;
the command says so itself, by `noted`.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error
from django.utils import timezone

from .models import LastRun

NOTED_EVERY = timedelta(seconds=30)  # while nothing changes
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """`within`: how long after a good run the next one is late; `remedy`: what to do about it, for the technician."""

    name: str
    label: str
    within: timedelta
    run: Callable[[], str] | None = None
    remedy: str = ""


@dataclass(frozen=True)
class Outcome:
    began_at: datetime
    ended_at: datetime
    error: str = ""  # its kind


_works: dict[str, Work] = {}
OF_TICK = "Controlla che il timer «areaomogenea-tick» sia acceso: systemctl status areaomogenea-tick.timer"


def register_work(
    name: str,
    label: str,
    run: Callable[[], str] | None = None,
    within: timedelta = timedelta(minutes=30),
    remedy: str = OF_TICK,
) -> None:
    """`run`: does one piece; in words what it did, "" when there was nothing to do."""
    _works[name] = Work(name, label, within, run, remedy)


def every() -> list[Work]:
    return list(_works.values())


def of_tick() -> list[Work]:
    return [work for work in _works.values() if work.run]


def work_named(name: str) -> Work:
    return _works[name]


@contextmanager
def noted(name: str) -> Iterator[None]:
    """The run of a work that has a command of its own: when, and whether it ended well."""
    began_at = timezone.now()
    try:
        yield
    except BaseException as error:
        note({name: Outcome(began_at, timezone.now(), type(error).__name__)})
        raise
    note({name: Outcome(began_at, timezone.now())})


def note(outcomes: dict[str, Outcome]) -> None:
    """In one statement, and not where the same was noted just now; a database that is away is told of elsewhere."""
    try:
        known = LastRun.objects.in_bulk(outcomes)
        runs = [run_after(known.get(name), name, outcome) for name, outcome in outcomes.items()]
        if changed := [run for run in runs if run]:
            LastRun.objects.bulk_create(
                changed, update_conflicts=True, unique_fields=["name"], update_fields=LastRun.CHANGING
            )
    except Error:
        log.warning("It could not be noted how works ended: %s", ", ".join(outcomes))


def run_after(known: LastRun | None, name: str, outcome: Outcome) -> LastRun | None:
    """The row for this outcome; None where it says nothing new."""
    is_same = known and known.error == outcome.error
    if known and is_same and outcome.ended_at - known.ended_at < NOTED_EVERY:
        return None
    good = known.succeeded_at if known else None
    failing = known.failing_since if known else None
    return LastRun(
        name=name,
        began_at=outcome.began_at,
        ended_at=outcome.ended_at,
        succeeded_at=good if outcome.error else outcome.ended_at,
        failing_since=(failing or outcome.ended_at) if outcome.error else None,
        error=outcome.error,
    )


class Round:
    """The works of a tick, one after the other; the outcomes are noted on the way, for one of them may take long."""

    def __init__(self, is_over: Callable[[], bool], tell: Callable[[str], object]) -> None:
        self.is_over, self.tell = is_over, tell
        self.outcomes: dict[str, Outcome] = {}
        self.failed: list[str] = []

    def do(self, works: Iterable[Work]) -> list[str]:
        """Every piece that waits, each finished even when asked to stop; the names of those that failed.

        One that fails holds up no other.
        """
        noted_at = time.monotonic()
        for work in works:
            if self.is_over():
                break
            self.outcomes[work.name] = self.outcome_of(work)
            if time.monotonic() - noted_at > NOTED_EVERY.total_seconds():
                self.note()
                noted_at = time.monotonic()
        self.note()
        return self.failed

    def outcome_of(self, work: Work) -> Outcome:
        began_at = timezone.now()
        try:
            while work.run and not self.is_over() and (done := work.run()):
                self.tell(done)
        except Exception as error:
            log.exception("Work that waits could not be done: %s", work.name)
            self.failed.append(work.name)
            return Outcome(began_at, timezone.now(), type(error).__name__)
        return Outcome(began_at, timezone.now())

    def note(self) -> None:
        note(self.outcomes)
        self.outcomes = {}
