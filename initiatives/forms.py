"""How readers narrow the list of initiatives."""

from collections.abc import Mapping
from typing import Any

from django import forms

from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.filters import FilterForm, choice_field, municipality_field, topic_field

from .models import Initiative, InitiativeQuerySet


class InitiativesForm(FilterForm):
    filters = ("stato", "argomento", "comune")

    stato = choice_field(
        "A che punto è",
        "Tutte",
        [(stage.label.lower(), stage.label) for stage in Initiative.Stage],
        "Questo stato non esiste: scegline uno dall’elenco.",
    )
    argomento = topic_field()
    comune = municipality_field()

    def narrowed(self, initiatives: InitiativeQuerySet, cleaned_data: Mapping[str, Any]) -> InitiativeQuerySet:
        """Of a Comune, what its page calls its own."""
        if stage := cleaned_data.get("stato"):
            initiatives = initiatives.in_stage(next(one for one in Initiative.Stage if one.label.lower() == stage))
        if topic := cleaned_data.get("argomento"):
            initiatives = initiatives.on(topic)
        if municipality := cleaned_data.get("comune"):
            initiatives = initiatives.joined_by(municipality)
        return initiatives


class PlaceForm(forms.Form):
    """The Comune of which somebody asks how it stands."""

    comune = municipality_field()

    def __init__(self, data):
        super().__init__(data)
        field: Any = self.fields["comune"]
        field.ask()
        self.data = {"comune": field.present_name(data.get("comune", ""))}

    @property
    def place(self) -> Municipality | None:
        return self.cleaned_data.get("comune") if self.is_valid() else None
