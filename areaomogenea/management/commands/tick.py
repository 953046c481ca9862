"""Work that no request should wait for: done piece by piece, by as many of these as there are, each piece once."""

import logging
import signal
from collections.abc import Callable
from threading import Event
from typing import Any

from django.core.cache import cache
from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from areaomogenea.accounts import attempts, sessions
from areaomogenea.accounts.retention import purge
from areaomogenea.desk.once import sweep_submissions
from areaomogenea.distribution.websub import announce
from areaomogenea.library.models import Picture
from areaomogenea.library.storage import sweep_partial
from areaomogenea.publishing.bin import empty as empty_bin
from areaomogenea.publishing.clock import Clock
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.orphans import remove_orphans
from areaomogenea.publishing.redactions import carry_out_again

log = logging.getLogger(__name__)
PAUSE = 5  # seconds
HOUR = 60 * 60


def make_avif() -> str:
    """Makes the AVIF renditions of one picture; what it did in words, "" when there was nothing to do."""
    for picture in Picture.objects.without_avif().order_by("pk")[:10]:
        if picture.claim_avif():
            return f"AVIF di {picture.file.name}: {'fatto' if picture.make_avif() else 'non si può'}"
    return ""


def note_what_came_out() -> str:
    """Keeps that readers see what the clock brought out; in words how many, "" when there were none."""
    noted = sum(publication.note_coming_out() for publication in Publication.objects.newly_out().defer("body")[:200])
    return f"Uscite da sole: {noted}" if noted else ""


def tidy_documents() -> str:
    """Once an hour: removes documents that were chosen and never saved, and those that no version tells of."""
    if not cache.add("documents-tidied", True, HOUR):
        return ""
    removed = remove_orphans()
    return f"Documenti di nessuno, tolti: {len(removed)}" if removed else ""


WORKS = [
    carry_out_again,
    Clock.objects.note,
    note_what_came_out,
    empty_bin,
    announce,
    make_avif,
    purge,
    sweep_partial,
    tidy_documents,
    attempts.sweep_attempts,
    sessions.sweep_sessions,
    sweep_submissions,
]


def work_name(work: Callable[[], str]) -> str:
    return f"{work.__module__}.{work.__name__}"


class Command(BaseCommand):
    help = "Fa i lavori che aspettano, poi finisce. Si può chiamare da un timer, anche più volte insieme."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Non finisce: ricomincia ogni pochi secondi.")

    def handle(self, loop: bool, verbosity: int, **options: Any) -> None:
        self.stop, self.verbosity = Event(), verbosity
        if loop:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self.stop.set())
            if verbosity > 1:
                self.stdout.write("Aspetto il lavoro che c’è da fare.")
                self.stdout.flush()
        failed = self.work()
        while loop and not self.stop.wait(PAUSE):
            close_old_connections()
            failed = self.work()
        if failed:
            raise CommandError(f"Non riuscito: {', '.join(failed)}")

    def work(self) -> list[str]:
        """Every piece that waits, each finished even when asked to stop; the names of those that failed.

        One that fails holds up no other.
        """
        failed = []
        for work in WORKS:
            try:
                while not self.stop.is_set() and (done := work()):
                    if self.verbosity > 1:
                        self.stdout.write(done)
            except Exception:
                log.exception("Work that waits could not be done: %s", work_name(work))
                failed.append(work_name(work))
        return failed
