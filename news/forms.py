"""How readers narrow the river of news."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms

from areaomogenea.identity.years import FIRST_YEAR
from areaomogenea.publishing.filters import (
    LAST_YEAR_OF_FILTERS,
    FilterForm,
    KindField,
    choice_field,
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
    filters = ("tipo", "argomento", "comune", "anno")

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
    prima = CursorField(required=False)
    dopo = CursorField(required=False)

    def __init__(self, data, kind=None):
        super().__init__(data)
        self.kind = kind
        if kind:
            del self.fields["tipo"]

    def narrowed(self, publications: PublicationQuerySet, cleaned_data: Mapping[str, Any]) -> PublicationQuerySet:
        if kind := self.kind or cleaned_data.get("tipo"):
            publications = publications.of_kind(kind)
        if topic := cleaned_data.get("argomento"):
            publications = publications.on(topic)
        if municipality := cleaned_data.get("comune"):
            publications = publications.about(municipality)
        if year := cleaned_data.get("anno"):
            publications = publications.in_year(year)
        return publications

    @property
    def chosen(self) -> dict[str, Any]:
        """What was understood, by its parameter; the page of a kind has chosen that kind."""
        values = {name: self.cleaned_data.get(name) for name in self.filters}
        return values | {"tipo": self.kind or values["tipo"]}

    @property
    def selection(self) -> str:
        """The query of a feed of all that is listed; "" for everything."""
        return urlencode({name: getattr(value, "slug", value) for name, value in self.chosen.items() if value})

    @property
    def in_words(self) -> str:
        chosen = self.chosen
        return selection_in_words(chosen["tipo"], chosen["argomento"], None, chosen["comune"], chosen["anno"])

    def page(self, publications: PublicationQuerySet) -> Page:
        narrowed: Any = self.narrow(publications)
        return page_of(narrowed, before=self.cleaned_data.get("prima"), after=self.cleaned_data.get("dopo"))
