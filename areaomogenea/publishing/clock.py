"""The latest hour that the portal has known: what a clock that goes back cannot take away."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

A_DAY = timedelta(days=1)  # a clock further off than this was wrong before, not now
NOTED_EVERY = timedelta(seconds=30)
MARGIN = timedelta(minutes=2)  # more than passes between two notes of the timer


class ClockManager(models.Manager):
    def hour(self) -> datetime:
        """Now; while the clock has gone back, an hour after all that others may have asked us at."""
        now, known = timezone.now(), self.values_list("latest", flat=True).first()
        return known + MARGIN if known and timedelta() < known - now < A_DAY else now

    def note(self) -> str:
        """Keeps the hour, unless the clock has gone back; for the timer, which has nothing to say of it."""
        now = timezone.now()
        self.get_or_create(pk=1, defaults={"latest": now})
        late = models.Q(latest__lt=now - NOTED_EVERY) | models.Q(latest__gt=now + A_DAY)
        self.filter(late, pk=1).update(latest=now)
        return ""


class Clock(models.Model):
    latest = models.DateTimeField("l’ultima ora che il portale ha saputo")

    objects = ClockManager()

    class Meta:
        verbose_name = "orologio"
        verbose_name_plural = "orologi"

    def __str__(self):
        return f"Ultima ora saputa: {self.latest}"
