"""How readers narrow the list of initiatives."""

from collections.abc import Mapping
from typing import Any

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
