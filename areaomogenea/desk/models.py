"""What the desk keeps for itself: forms that were taken in."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

KEPT_FOR = timedelta(days=7)  # a page left open for longer than that counts as a new one


class SubmissionQuerySet(models.QuerySet):
    def expired(self, at: datetime | None = None) -> Self:
        return self.filter(at__lt=(at or timezone.now()) - KEPT_FOR)


class Submission(models.Model):
    """A form that was taken in, and where that led; `key` is of one page shown to one person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)  # of what was typed
    leads_to = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "modulo arrivato"
        verbose_name_plural = "moduli arrivati"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="submission_once")]

    def __str__(self):
        return self.key
