"""Where one Comune stands in an initiative: the answer in a line, and what it means for who lives there."""

from __future__ import annotations

from dataclasses import dataclass

from areaomogenea.municipalities.models import Municipality

from .models import Initiative, Participation
from .participation_map import NumberedGroup, ParticipationMap

MEANINGS = {
    Participation.State.INVITED: "Può aderire, e nessuna fonte dice che l’abbia già fatto.",
    Participation.State.DECLINED: "Finché il Comune non cambia idea, l’iniziativa lì non vale.",
    Participation.State.WITHDRAWN: "Ne faceva parte, e adesso non più.",
}
UNKNOWN = {
    Initiative.Known.LIST: ("{} non è fra i Comuni che partecipano.", ""),
    Initiative.Known.PARTIAL: ("Nessuna fonte nomina {}.", "L’elenco è incompleto: può partecipare lo stesso."),
    Initiative.Known.COUNT: ("Non si sa se {} partecipa.", "La fonte dice quanti Comuni partecipano, e non quali."),
}


@dataclass(frozen=True)
class Standing:
    """`group`: the one that the Comune is in, or None; `row` likewise."""

    municipality: Municipality
    initiative: Initiative
    row: Participation | None
    group: NumberedGroup | None

    @property
    def in_words(self) -> str:
        """«Offanengo partecipa dal 28 novembre 2024.»"""
        if not self.row:
            return UNKNOWN[Initiative.Known(self.initiative.known)][0].format(self.municipality)
        verb = "è " if self.row.state == Participation.State.INVITED else ""
        return f"{self.municipality} {verb}{self.row.in_words}."

    @property
    def meaning(self) -> str:
        """What follows from it; "" where the words say all."""
        if not self.row:
            return UNKNOWN[Initiative.Known(self.initiative.known)][1]
        return MEANINGS.get(Participation.State(self.row.state), "")


def standing_of(municipality: Municipality, participation: ParticipationMap) -> Standing:
    row = next((one for one in participation.rows if one.municipality_id == municipality.pk), None)
    groups = (one for one in participation.groups if row and one.group.pk == row.group_id)
    return Standing(municipality, participation.initiative, row, next(groups, None))
