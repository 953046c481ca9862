"""How works that recur went the last time, and of what those who look after the portal have been told."""

from datetime import timedelta

from django.db import models

from areaomogenea.prose.fields import LineField


class LastRun(models.Model):
    """The latest run of a work, whoever did it; what went before is in the log."""

    name = LineField("lavoro", max_length=80, primary_key=True)
    began_at = models.DateTimeField("cominciato")
    ended_at = models.DateTimeField("finito")
    succeeded_at = models.DateTimeField("ultima volta che è riuscito", null=True)
    failing_since = models.DateTimeField("non riesce dal", null=True)
    error = LineField("errore", max_length=80, blank=True)

    CHANGING = ("began_at", "ended_at", "succeeded_at", "failing_since", "error")

    class Meta:
        verbose_name = "lavoro del portale"
        verbose_name_plural = "stato del sistema"
        default_permissions = ("view",)

    def __str__(self):
        return self.name

    @property
    def took(self) -> timedelta:
        return self.ended_at - self.began_at


class Alarm(models.Model):
    """What is not well, since when, and whether a letter has told of it; once it is well, when that letter was."""

    name = LineField("che cosa", max_length=80, primary_key=True)
    since = models.DateTimeField("dal", null=True)
    told_at = models.DateTimeField("detto il", null=True)
    is_told = models.BooleanField("è stato detto", default=False)

    class Meta:
        verbose_name = "allarme"
        verbose_name_plural = "allarmi"
        default_permissions = ()

    def __str__(self):
        return self.name
