"""Addresses of the site that was here before, where each leads now; and whom we tell of what changes."""

from __future__ import annotations

import logging
import re
import time
from collections import deque
from collections.abc import Collection
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, models
from django.db.models import F, Q
from django.utils import timezone

from areaomogenea.prose.fields import LineField
from areaomogenea.quality.internal_links import dead_links

MOST_MISSED = 1_000  # addresses: beyond them somebody is making them up, and what was least asked for gives way
MOST_IN_A_MINUTE = 20  # that one process of the server notes: what readers ask for must not make us write all day
NOTED = re.compile(r"/[A-Za-z0-9/_.~%+,-]{1,199}")  # as the old site wrote them: what strangers type goes no further
LONGEST = 300
logger = logging.getLogger(__name__)
CLAIM = timedelta(minutes=10)  # the hub that a process which was killed had claimed comes free again
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)  # for a hub that does not answer


def path_of(address: str) -> str:
    """The path of an address of the old site, however it was pasted: with its host, without its last slash."""
    path = urlsplit(address.strip()).path
    return f"/{path.strip('/')}"


class OldAddress(models.Model):
    path = LineField(
        "indirizzo di prima",
        max_length=LONGEST,
        unique=True,
        help_text="Per esempio /articolointerno/nuovo-bando: si può incollare anche intero.",
    )
    leads_to = LineField(
        "dove porta", max_length=LONGEST, help_text="Una pagina di questo portale, per esempio /novita/avvisi/…"
    )

    class Meta:
        ordering = ["path"]
        verbose_name = "indirizzo del vecchio sito"
        verbose_name_plural = "indirizzi del vecchio sito"

    def __str__(self):
        return self.path

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        self.path = path_of(self.path)
        super().clean_fields(exclude)

    def clean(self) -> None:
        self.leads_to = self.leads_to.strip()
        if not self.leads_to.startswith("/") or self.leads_to.startswith("//"):
            raise ValidationError({"leads_to": "Scrivi un indirizzo di questo portale: comincia con /."})
        if self.leads_to.startswith(self.path) or dead_links([self.leads_to], timezone.now()):
            raise ValidationError({"leads_to": "Qui non c’è una pagina che i lettori vedono: controlla l’indirizzo."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        MissedAddress.objects.filter(path=self.path).delete()


class Sampler:
    """Says yes so many times a minute, in one process, and asks no database for it."""

    def __init__(self, most):
        self.moments, self.lock = deque(maxlen=most), Lock()

    def is_open(self) -> bool:
        now = time.monotonic()
        with self.lock:
            if len(self.moments) == self.moments.maxlen and now - self.moments[0] < 60:
                return False
            self.moments.append(now)
            return True


class MissedAddressManager(models.Manager):
    sampler = Sampler(MOST_IN_A_MINUTE)

    def count_in(self, path: str) -> None:
        """Remembers that somebody asked for it in vain: of a flood of them, a few a minute."""
        if not NOTED.fullmatch(path) or not self.sampler.is_open():
            return
        try:
            self._note(path)
        except (OperationalError, InterfaceError):  # it is away, or held for longer than we wait: a 404 all the same
            logger.warning("An address that leads nowhere was not noted.")

    def _note(self, path):
        if self.filter(path=path).update(times=F("times") + 1, last_asked_at=timezone.now()):
            return
        if self.count() >= MOST_MISSED:
            least = self.order_by("times", "last_asked_at").values("pk")[:1]
            self.filter(pk__in=list(least.values_list("pk", flat=True))).delete()
        self.get_or_create(path=path)


class MissedAddress(models.Model):
    """An address of the old site that was asked for, and led nowhere."""

    path = LineField("indirizzo", max_length=LONGEST, unique=True)
    times = models.PositiveIntegerField("volte", default=1)
    last_asked_at = models.DateTimeField("l’ultima", default=timezone.now)

    objects = MissedAddressManager()

    class Meta:
        ordering = ["-times", "path"]
        verbose_name = "indirizzo cercato e non trovato"
        verbose_name_plural = "indirizzi cercati e non trovati"

    def __str__(self):
        return self.path


class HubManager(models.Manager["Hub"]):
    def in_use(self) -> Hub | None:
        """The one of the settings; one that is new here hears of what happens from now on. None without a hub."""
        if not settings.WEBSUB_HUB:
            return None
        this_second = timezone.now().replace(microsecond=0)
        return self.get_or_create(address=settings.WEBSUB_HUB, defaults={"told_until": this_second})[0]


class Hub(models.Model):
    """Whom readers of feeds ask to be told of changes, and up to when it has been told of them.

    One process at a time tells it: `claim`, then `mark` or `put_off`. What was not taken is told again later.
    """

    address = LineField("indirizzo", max_length=LONGEST, unique=True)
    told_until = models.DateTimeField("sa tutto fino a", default=timezone.now)
    told_at = models.DateTimeField("l’ultimo annuncio accolto", null=True)
    told_feeds = models.PositiveIntegerField("quanti feed", default=0)
    message = LineField("che cosa non va", max_length=200, blank=True)
    failing_since = models.DateTimeField("non va dal", null=True)
    failures = models.PositiveSmallIntegerField("tentativi falliti di fila", default=0)
    next_try_at = models.DateTimeField("si riprova", null=True)
    claimed_at = models.DateTimeField(null=True, editable=False)

    objects = HubManager()

    class Meta:
        ordering = ["address"]
        verbose_name = "hub degli annunci"
        verbose_name_plural = "hub degli annunci"

    def __str__(self):
        return self.address

    def is_left_alone(self, at: datetime | None = None) -> bool:
        """Whether it failed a short while ago."""
        return self.next_try_at is not None and self.next_try_at > (at or timezone.now())

    def claim(self) -> bool:
        """Take it, to tell it of what came after `told_until`; False when somebody has it, or has just told it."""
        now = timezone.now()
        free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
        rows = Hub.objects.filter(free, pk=self.pk, told_until=self.told_until, failures=self.failures)
        if not rows.update(claimed_at=now):
            return False
        self.claimed_at = now
        return True

    def mark(self, until: datetime, feeds: int) -> None:
        """Records that it took all that there was to tell."""
        fields = {"told_until": until, "told_at": timezone.now(), "told_feeds": feeds, "message": ""}
        self._settle(failures=0, failing_since=None, next_try_at=None, **fields)

    def put_off(self, why: str) -> None:
        """Records that it failed: it is left alone for a while, longer each time."""
        now, failures = timezone.now(), min(self.failures + 1, 1000)
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures - 1, 10))
        fields = {"failing_since": self.failing_since or now, "next_try_at": now + wait}
        self._settle(message=why[:200], failures=failures, **fields)

    def _settle(self, **fields):
        """Unless it was taken for lost meanwhile, and given to somebody else."""
        Hub.objects.filter(pk=self.pk, claimed_at=self.claimed_at).update(claimed_at=None, **fields)
        self.refresh_from_db()
