"""Where: the 48 Comuni, those outside that initiatives name, and the spellings people use for them."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.urls import reverse

LARGE_POPULATION = 5000
APOSTROPHES = str.maketrans("‘’`´", "''''")


class MunicipalityQuerySet(models.QuerySet):
    def of_area(self):
        return self.filter(in_area=True)

    def gazetteer(self):
        """The names and aliases of these Comuni, ready to be looked for in texts."""
        return Gazetteer(list(self.prefetch_related("aliases")))


class Municipality(models.Model):
    istat_code = models.CharField("codice ISTAT", max_length=6, unique=True)
    name = models.CharField("nome", max_length=60, unique=True)
    slug = models.SlugField("indirizzo", max_length=60, unique=True)
    province = models.CharField("provincia", max_length=2)
    in_area = models.BooleanField(
        "nell’Area Omogenea", default=True, help_text="Togli la spunta per i Comuni fuori dai 48."
    )
    population = models.PositiveIntegerField("abitanti", null=True, blank=True)
    population_date = models.DateField("data della popolazione", null=True, blank=True)
    website = models.URLField("sito del Comune", blank=True)
    border = models.JSONField(
        "confine", null=True, blank=True, editable=False, help_text="Geometria GeoJSON (RFC 7946), gradi WGS 84."
    )
    label_x = models.PositiveSmallIntegerField("nome sulla mappa, ascissa", null=True, blank=True, editable=False)
    label_y = models.PositiveSmallIntegerField("nome sulla mappa, ordinata", null=True, blank=True, editable=False)
    tint = models.PositiveSmallIntegerField("tinta sulla mappa", default=1, editable=False)
    outline = models.TextField("sagoma", blank=True, editable=False, help_text="Tracciato SVG nel mosaico.")
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

    def get_absolute_url(self):
        return reverse("municipality", args=[self.slug])

    @property
    def is_large(self):
        """Large enough for its name to stand on the map at rest."""
        return (self.population or 0) >= LARGE_POPULATION


class Alias(models.Model):
    """A spelling that the press uses; one that is not safe alone may be another word or another Comune."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="aliases", verbose_name="Comune")
    text = models.CharField("grafia", max_length=60)
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


@dataclass(frozen=True)
class Mention:
    """A name met in a text: the passage, and the Comuni that it may mean (one if it is certain)."""

    passage: str
    municipalities: tuple[Municipality, ...]
    is_certain: bool


class Gazetteer:
    """Finds Comuni in texts: the longest spelling wins, whole words only, capitals required."""

    def __init__(self, municipalities):
        self.meanings = {}
        for municipality in municipalities:
            self._learn(municipality.name, municipality, True)
            for alias in municipality.aliases.all():
                self._learn(alias.text, municipality, alias.safe_alone)
        for first_word, sharing in self._sharing_first_word(municipalities).items():
            if len(sharing) > 1:
                self.meanings[first_word] = (tuple(sharing), False)

    def _learn(self, spelling, municipality, is_certain):
        self.meanings[spelling.translate(APOSTROPHES)] = ((municipality,), is_certain)

    @staticmethod
    def _sharing_first_word(municipalities):
        """The bare first words that stand for several Comuni: Ripalta, Casaletto."""
        sharing = {}
        for municipality in municipalities:
            first_word, *rest = municipality.name.split()
            if rest:
                sharing.setdefault(first_word, []).append(municipality)
        return sharing

    @cached_property
    def pattern(self):
        spellings = sorted(self.meanings, key=len, reverse=True)
        # An at-sign glues too: Crem@online is a newspaper, not the town.
        return re.compile(rf"(?<![\w@])(?:{'|'.join(map(re.escape, spellings))})(?![\w@])")

    def mentions(self, text):
        """One Mention for each different spelling met in plain text, in order of appearance."""
        text = " ".join(text.translate(APOSTROPHES).split())
        met = dict.fromkeys(self.pattern.findall(text)) if self.meanings else ()
        return [Mention(spelling, *self.meanings[spelling]) for spelling in met]
