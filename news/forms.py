"""How readers narrow the river of news."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms

from areaomogenea.identity.years import FIRST_YEAR
from areaomogenea.prose.dates import MONTHS
from areaomogenea.publishing.expiry import day_in_words
from areaomogenea.publishing.filters import (
    LAST_YEAR_OF_FILTERS,
    FilterForm,
    KindField,
    choice_field,
    day_field,
    municipality_field,
    selection_in_words,
    topic_field,
)
from areaomogenea.publishing.pagination import CursorField, Page, page_of

from .kinds import KINDS

if TYPE_CHECKING:
    from areaomogenea.publishing.models import PublicationQuerySet

YEAR_MESSAGE = "Scrivi l’anno con quattro cifre, per esempio 2022."


class RiverForm(FilterForm):
    filters = ("tipo", "argomento", "comune", "anno", "mese", "dal", "al", "scadute")
    of_feeds = ("tipo", "argomento", "comune", "anno")

    tipo = choice_field(
        "Tipo",
        "Tutti",
        [(kind.code, kind.plural) for kind in KINDS],
        "Questo tipo non esiste: scegline uno dall’elenco.",
        KindField,
    )
    argomento = topic_field()
    comune = municipality_field()
    anno = forms.IntegerField(
        label="Anno",
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric", "placeholder": "es. 2022"}),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR_OF_FILTERS,
        error_messages={
            "invalid": YEAR_MESSAGE,
            "min_value": f"Le notizie cominciano dal {FIRST_YEAR}.",
            "max_value": YEAR_MESSAGE,
        },
    )
    mese = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=12,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Scrivi il mese da 1 a 12."),
    )
    dal = day_field("Dal")
    al = day_field("Al")
    scadute = forms.BooleanField(required=False, widget=forms.HiddenInput)
    prima = CursorField(required=False)
    dopo = CursorField(required=False)

    has_only_past = False

    def __init__(self, data, kind=None):
        super().__init__(data)
        self.kind = kind
        if kind:
            del self.fields["tipo"]

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or {}
        if cleaned_data.get("mese") and not cleaned_data.get("anno"):
            self.add_error("mese", "Scegli anche l’anno.")
        first, last = cleaned_data.get("dal"), cleaned_data.get("al")
        if first and last and last < first:
            self.add_error("al", "Viene prima del primo giorno.")
        return cleaned_data

    def narrowed(self, publications: PublicationQuerySet, cleaned_data: Mapping[str, Any]) -> PublicationQuerySet:
        if kind := self.kind or cleaned_data.get("tipo"):
            publications = publications.of_kind(kind)
        if topic := cleaned_data.get("argomento"):
            publications = publications.on(topic)
        if municipality := cleaned_data.get("comune"):
            publications = publications.about(municipality)
        publications = self._within(publications, cleaned_data)
        return publications if is_archive(cleaned_data) else publications.current()

    def _within(self, publications, cleaned_data):
        year, month = cleaned_data.get("anno"), cleaned_data.get("mese")
        if year:
            publications = publications.in_month(year, month) if month else publications.in_year(year)
        return publications.between_days(cleaned_data.get("dal"), cleaned_data.get("al"))

    @property
    def is_archive(self) -> bool:
        """Whether what is over is listed too: it was asked for, or a time of the past was."""
        return is_archive(self.cleaned_data)

    @property
    def chosen(self) -> dict[str, Any]:
        """What was understood, by its parameter; the page of a kind has chosen that kind."""
        values = {name: self.cleaned_data.get(name) for name in self.filters}
        return values | {"tipo": self.kind or values["tipo"]}

    def years(self, publications: PublicationQuerySet) -> list[int]:
        """Those in which something came out that the other filters let through; of the archive alone, for its cost."""
        return self._at_any_time(publications).years() if self.is_archive or self.has_only_past else []

    def months(self, publications: PublicationQuerySet) -> list[tuple[int, str]]:
        """(number, name) of those of the year that is shown in which something else came out, too."""
        year = self.cleaned_data.get("anno")
        months = self._at_any_time(publications).months_of(year) if year else []
        return [(month, MONTHS[month - 1]) for month in months]

    def _at_any_time(self, publications):
        undated = self.cleaned_data | {"anno": None, "mese": None, "dal": None, "al": None, "scadute": True}
        return publications.none() if self.is_misunderstood else self.narrowed(publications, undated)

    @property
    def period(self) -> str:
        """«di ottobre 2022», «del 2022», «dal 3 marzo 2022 al 5 aprile 2022»; "" where no time was chosen."""
        year, month = self.cleaned_data.get("anno"), self.cleaned_data.get("mese")
        days = [(word, self.cleaned_data.get(word)) for word in ("dal", "al")]
        span = " ".join(f"{word} {day_in_words(day)}" for word, day in days if day)
        months = [f"di {MONTHS[month - 1]} {year}" if month else f"del {year}"] if year else []
        return " ".join(filter(None, [*months, span]))

    @property
    def undated_query(self) -> str:
        """As `query`, without any time."""
        chosen = {name: self.data[name] for name in self.of_feeds[:3] if self.chosen.get(name) and name in self.data}
        return f"{urlencode(chosen)}&" if chosen else ""

    @property
    def selection(self) -> str:
        """The query of a feed of all that is listed; "" for everything."""
        chosen = self.chosen
        return urlencode({name: getattr(chosen[name], "slug", chosen[name]) for name in self.of_feeds if chosen[name]})

    @property
    def in_words(self) -> str:
        chosen = self.chosen
        return selection_in_words(chosen["tipo"], chosen["argomento"], None, chosen["comune"], chosen["anno"])

    def page(self, publications: PublicationQuerySet) -> Page:
        """Of what is current; where nothing is, of what was, and `has_only_past` says so."""
        page = self._page(self.narrow(publications))
        if page.rows or self.is_misunderstood or self.is_archive:
            return page
        past = self._page(self.narrowed(publications, self.cleaned_data | {"scadute": True}))
        self.has_only_past = bool(past.rows)
        return past if self.has_only_past else page

    def _page(self, narrowed: Any) -> Page:
        return page_of(narrowed, before=self.cleaned_data.get("prima"), after=self.cleaned_data.get("dopo"))


def is_archive(cleaned_data: Mapping[str, Any]) -> bool:
    return any(cleaned_data.get(name) for name in ("anno", "dal", "al", "scadute"))
