"""What about: the topics, explained by editors, at addresses that never die."""

from functools import cached_property
from typing import Any, Self

from django.db import models

from areaomogenea.identity.address import path_to
from areaomogenea.naming.models import FormerName, Named, NamedQuerySet
from areaomogenea.prose.fields import LineField, NoteField, ProseField, URLField
from areaomogenea.prose.html import clean

from .keywords import Passage, Patterns, keyword_patterns, passages


class TopicQuerySet(NamedQuerySet["Topic"]):
    short_names = ("acronym", "name")

    def with_keywords(self) -> Self:
        return self.exclude(keywords="")


class Topic(Named):
    name = LineField("nome", max_length=80, unique=True)
    slug = models.SlugField(
        "indirizzo",
        unique=True,
        blank=True,
        help_text="Se lo cambi, il vecchio indirizzo continuerà a portare qui. Vuoto: resta quello di adesso.",
    )
    acronym = LineField("sigla", max_length=12, blank=True)
    expansion = LineField("sigla per esteso", max_length=120, blank=True)
    short = LineField("in sei parole", max_length=80, help_text="Che cosa vuol dire, in circa sei parole.")
    summary = LineField("in breve", max_length=255)
    explanation = ProseField("spiegazione", help_text="Che cos’è, perché riguarda chi legge, che cosa fare.")
    national_name = LineField(
        "nome nel vocabolario nazionale", max_length=80, blank=True, help_text="Argomenti dei siti comunali, o EuroVoc."
    )
    eurovoc_uri = URLField("concetto EuroVoc", blank=True)
    keywords = NoteField(
        "parole che lo suggeriscono",
        blank=True,
        help_text="Una per riga, al singolare o al plurale; le sigle in maiuscolo. Un asterisco in fondo vale per ogni "
        "desinenza, un punto interrogativo per le parole che da sole, fuori dal titolo, non bastano.",
    )
    position = models.PositiveSmallIntegerField("posizione", default=0)
    updated_at = models.DateTimeField("ultimo aggiornamento", auto_now=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = "argomento"
        verbose_name_plural = "argomenti"

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return path_to("topics:detail", self.slug)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.explanation = clean(self.explanation)
        super().save(*args, **kwargs)

    @cached_property
    def keyword_patterns(self) -> list[Patterns]:
        return keyword_patterns(self.keywords)

    def passages(self, text: str) -> list[Passage]:
        """Where its keywords stand in a plain text, in order."""
        return passages(text, self.keyword_patterns)


class FormerSlug(FormerName):
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="former_slugs", verbose_name="argomento")


class TermQuerySet(NamedQuerySet["Term"]):
    short_names = ("acronym", "expansion")


class Term(Named):
    """An acronym of the glossary: spelled out, and explained in words that need no glossary."""

    name_source = "acronym"

    acronym = LineField("sigla", max_length=20, unique=True, help_text="Come si scrive nei testi: CER, SUAP.")
    slug = models.SlugField(
        "ancora",
        unique=True,
        blank=True,
        help_text="Il punto della pagina del glossario: /glossario/#cer. Se cambia, quello di prima porta qui.",
    )
    expansion = LineField("per esteso", max_length=120)
    explanation = NoteField("spiegazione", help_text="Due o tre frasi semplici, senza altre sigle.")
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="terms", verbose_name="argomento"
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["acronym"]
        verbose_name = "voce del glossario"
        verbose_name_plural = "voci del glossario"

    def __str__(self):
        return self.acronym

    def get_absolute_url(self) -> str:
        return f"{path_to('glossary')}#{self.slug}"


class FormerAnchor(FormerName):
    term = models.ForeignKey(Term, models.CASCADE, related_name="former_slugs", verbose_name="voce del glossario")
