"""Where: the 48 Comuni, those outside that initiatives name, and the spellings people use for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from django.db import models

from areaomogenea.identity.address import path_to
from areaomogenea.naming.models import SHORT, FormerName, Named, NamedQuerySet, Names, names_in
from areaomogenea.prose.fields import LineField, LinesField, URLField

from .gazetteer import Gazetteer

LARGE_POPULATION = 5000


class MunicipalityQuerySet(NamedQuerySet["Municipality"]):
    own_names = ("slug", "istat_code")
    short_names = ("name",)

    def named(self, text: str | None) -> Municipality | None:
        """As of anything that has a name; a spreadsheet drops the zero before an ISTAT code."""
        return super().named(f"{text:0>6}" if text and text.isdecimal() else text)

    def of_area(self) -> Self:
        return self.filter(in_area=True)

    def gazetteer(self) -> Gazetteer:
        """The names and aliases of these Comuni, ready to be looked for in texts."""
        return Gazetteer(list(self.prefetch_related("aliases")))

    def sources_of_names(self) -> Iterator[Names]:
        """The spellings too that can be nothing else."""
        yield from super().sources_of_names()
        yield names_in(Alias.objects.filter(safe_alone=True), "municipality_id", SHORT, "text")


class Municipality(Named):
    istat_code = LineField("codice ISTAT", max_length=6, unique=True)
    name = LineField("nome", max_length=60, unique=True)
    slug = models.SlugField(
        "indirizzo",
        max_length=60,
        unique=True,
        blank=True,
        help_text="Se lo cambi, il vecchio indirizzo continuerà a portare qui. Vuoto: resta quello di adesso.",
    )
    province = LineField("provincia", max_length=2)
    in_area = models.BooleanField(
        "nell’Area Omogenea", default=True, help_text="Togli la spunta per i Comuni fuori dai 48."
    )
    population = models.PositiveIntegerField("abitanti", null=True, blank=True)
    population_date = models.DateField("data della popolazione", null=True, blank=True)
    website = URLField("sito del Comune", blank=True)
    border = models.JSONField(
        "confine", null=True, blank=True, editable=False, help_text="Geometria GeoJSON (RFC 7946), gradi WGS 84."
    )
    label_x = models.PositiveSmallIntegerField("nome sulla mappa, ascissa", null=True, blank=True, editable=False)
    label_y = models.PositiveSmallIntegerField("nome sulla mappa, ordinata", null=True, blank=True, editable=False)
    tint = models.PositiveSmallIntegerField("tinta sulla mappa", default=1, editable=False)
    outline = LinesField("sagoma", blank=True, editable=False, help_text="Tracciato SVG nel mosaico.")
    updated_at = models.DateTimeField("ultimo aggiornamento", auto_now=True)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "Comune"
        verbose_name_plural = "Comuni"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(population__isnull=True) | models.Q(population_date__isnull=False),
                name="municipality_population_has_date",
                violation_error_message="Indica la data a cui si riferisce il numero di abitanti.",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return path_to("municipality", self.slug)

    @property
    def is_large(self) -> bool:
        """Large enough for its name to stand on the map at rest."""
        return (self.population or 0) >= LARGE_POPULATION


class FormerSlug(FormerName):
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="former_slugs", verbose_name="Comune")


class Alias(models.Model):
    """A spelling that the press uses; one that is not safe alone may be another word or another Comune."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="aliases", verbose_name="Comune")
    text = LineField("grafia", max_length=60)
    safe_alone = models.BooleanField(
        "sicura da sola", default=True, help_text="Falso se la parola può indicare altro: allora serve una conferma."
    )

    class Meta:
        ordering = ["text"]
        verbose_name = "grafia"
        verbose_name_plural = "grafie"
        constraints = [models.UniqueConstraint(fields=["municipality", "text"], name="alias_once_per_municipality")]

    def __str__(self):
        return self.text
