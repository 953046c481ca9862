"""Addresses of the site that was here before: where each leads now, and those that nobody has told."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils import timezone

from areaomogenea.editorial.links import dead_links

MOST_MISSED = 5_000  # addresses: beyond them somebody is making them up
LONGEST = 300


def path_of(address):
    """The path of an address of the old site, however it was pasted: with its host, without its last slash."""
    path = urlsplit(address.strip()).path
    return f"/{path.strip('/')}"


class OldAddress(models.Model):
    path = models.CharField(
        "indirizzo di prima",
        max_length=LONGEST,
        unique=True,
        help_text="Per esempio /articolointerno/nuovo-bando: si può incollare anche intero.",
    )
    leads_to = models.CharField(
        "dove porta", max_length=LONGEST, help_text="Una pagina di questo portale, per esempio /novita/avvisi/…"
    )

    class Meta:
        ordering = ["path"]
        verbose_name = "indirizzo del vecchio sito"
        verbose_name_plural = "indirizzi del vecchio sito"

    def __str__(self):
        return self.path

    def clean_fields(self, exclude=None):
        self.path = path_of(self.path)
        super().clean_fields(exclude)

    def clean(self):
        self.leads_to = self.leads_to.strip()
        if not self.leads_to.startswith("/") or self.leads_to.startswith("//"):
            raise ValidationError({"leads_to": "Scrivi un indirizzo di questo portale: comincia con /."})
        if self.leads_to.startswith(self.path) or dead_links([self.leads_to], timezone.now()):
            raise ValidationError({"leads_to": "Qui non c’è una pagina che i lettori vedono: controlla l’indirizzo."})

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        MissedAddress.objects.filter(path=self.path).delete()


class MissedAddressManager(models.Manager):
    def count_in(self, path):
        """Remembers that somebody asked for it in vain."""
        path = path[:LONGEST]
        if self.filter(path=path).update(times=F("times") + 1, last_asked_at=timezone.now()):
            return
        if self.count() < MOST_MISSED:
            self.get_or_create(path=path)


class MissedAddress(models.Model):
    """An address of the old site that was asked for, and led nowhere."""

    path = models.CharField("indirizzo", max_length=LONGEST, unique=True)
    times = models.PositiveIntegerField("volte", default=1)
    last_asked_at = models.DateTimeField("l’ultima", default=timezone.now)

    objects = MissedAddressManager()

    class Meta:
        ordering = ["-times", "path"]
        verbose_name = "indirizzo cercato e non trovato"
        verbose_name_plural = "indirizzi cercati e non trovati"

    def __str__(self):
        return self.path
