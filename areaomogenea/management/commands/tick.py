"""Work that no request should wait for: done piece by piece, by as many of these as there are, each piece once."""

import logging
import signal
import time
from math import inf
from threading import Event
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections

from areaomogenea.monitoring import works
from areaomogenea.monitoring.alarms import ring

log = logging.getLogger(__name__)
PAUSE = 5  # seconds
BETWEEN_LOOKS = 60  # seconds, at how the portal is


class Command(BaseCommand):
    help = "Fa i lavori che aspettano, poi finisce. Si può chiamare da un timer, anche più volte insieme."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Non finisce: ricomincia ogni pochi secondi.")

    def handle(self, loop: bool, verbosity: int, **options: Any) -> None:
        self.stop, self.verbosity, self.looked_at = Event(), verbosity, -inf
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
        """Every piece that waits; the names of the works that failed."""
        failed = works.Round(self.stop.is_set, self.tell).do(works.of_tick())
        if time.monotonic() - self.looked_at > BETWEEN_LOOKS:
            self.looked_at = time.monotonic()
            look()
        return failed

    def tell(self, done: str) -> None:
        if self.verbosity > 1:
            self.stdout.write(done)


def look() -> None:
    try:
        ring()
    except Error:
        log.exception("Nobody could be told how the portal is.")
