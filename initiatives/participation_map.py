"""Who takes part in an initiative, as a map of the 48 draws it and as tables beside it tell it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, prefetch_related_objects

from areaomogenea.municipalities.models import Municipality
from areaomogenea.municipalities.mosaic import HEIGHT, around

from .models import Initiative, InitiativeGroup, Participation

NO_NEWS = "none"
OF_MANY = {  # in the order of the legend
    Participation.State.JOINED: "Partecipano",
    Participation.State.INVITED: "Invitati",
    Participation.State.DECLINED: "Hanno detto di no",
    Participation.State.WITHDRAWN: "Si sono ritirati",
}
TO_NUMBER = (Participation.State.JOINED, Participation.State.INVITED)
LINE = 46  # of the legend, in units of the drawing
LONG = 12  # rows: a longer table waits folded


@dataclass(frozen=True)
class Cell:
    """One of the 48 as the map draws it; `number`: of its group, or None."""

    municipality: Municipality
    state: str
    label: str
    number: int | None


@dataclass(frozen=True)
class Mark:
    """A line of the legend; `top`: where it stands in the corner that the drawing leaves empty."""

    state: str
    label: str
    count: int
    top: int


@dataclass(frozen=True)
class NumberedGroup:
    """A group, with the number that the map writes in its cells and the line around them.

    `lists`: who is in it, as pairs of words («Invitati») and rows, a pair for each state that occurs.
    """

    number: int
    group: InitiativeGroup
    lists: list
    border: str


def participation_map(initiative: Initiative) -> ParticipationMap:
    """Who takes part in this initiative, from the rows that came with it (`with_all`) or else are asked for.

    It asks for the 48 besides: one query, three at most, however many Comuni and groups. A source that is not
    published is not named.
    """
    participations = Prefetch("participations", Participation.objects.with_places())
    prefetch_related_objects([initiative], "groups", participations)
    municipalities = list(Municipality.objects.of_area().defer("border"))
    return ParticipationMap(initiative, municipalities)


class ParticipationMap:
    """What its components show.

    For templates: `cells`, `legend`, `groups` for the drawing; `rows`, `outside` and the numbers for the words.
    A row is a Participation that also knows its `group_number`, and in `public_source` the source that may be named.
    """

    def __init__(self, initiative, municipalities):
        self.initiative = initiative
        self.municipalities = municipalities
        self.rows = list(initiative.participations.all()) if self.is_drawn else []  # what is not public is not told
        self._groups = list(enumerate(initiative.groups.all(), 1))
        numbers = {group.pk: number for number, group in self._groups}
        for row in self.rows:
            row.group_number = numbers.get(row.group_id)
            row.public_source = row.source if row.source and row.source.is_published() else None

    @property
    def is_drawn(self) -> bool:
        """False where a source says how many, not who: a map would make it up."""
        return not self.initiative.knows_only_the_count

    @property
    def is_partial(self) -> bool:
        return self.initiative.known == Initiative.Known.PARTIAL

    @property
    def is_long(self) -> bool:
        return len(self.rows) > LONG

    @cached_property
    def cells(self) -> list[Cell]:
        rows = {row.municipality_id: row for row in self.rows}
        return [self._cell(municipality, rows.get(municipality.pk)) for municipality in self.municipalities]

    def _cell(self, municipality, row):
        if not row:
            return Cell(municipality, NO_NEWS, f"{municipality}: nessuna notizia", None)
        community = f", comunità {row.group}" if row.group else ""
        number = row.group_number if row.state in TO_NUMBER else None
        return Cell(municipality, row.state, f"{municipality}: {row.in_words}{community}", number)

    @cached_property
    def legend(self) -> list[Mark]:
        """The states that the map shows, with how many cells each; that of who takes part is always there."""
        shown = [cell.state for cell in self.cells]
        labels = [(state.value, state.label) for state in OF_MANY] + [(NO_NEWS, "Nessuna notizia")]
        labels = [(state, label) for state, label in labels if state in shown or state == Participation.State.JOINED]
        first = HEIGHT - LINE * len(labels) - 10
        return [Mark(state, label, shown.count(state), first + LINE * n) for n, (state, label) in enumerate(labels)]

    @cached_property
    def outside(self) -> list[Participation]:
        """The rows of Comuni outside the 48, which the map does not draw."""
        return [row for row in self.rows if not row.municipality.in_area]

    @cached_property
    def groups(self) -> list[NumberedGroup]:
        """All the groups of the initiative in their order, as Numbered."""
        return [self._numbered(number, group) for number, group in self._groups]

    def _numbered(self, number, group):
        rows = [row for row in self.rows if row.group_id == group.pk]
        lists = [(label, [row for row in rows if row.state == state]) for state, label in OF_MANY.items()]
        outlines = tuple(cell.municipality.outline for cell in self.cells if cell.number == number)
        return NumberedGroup(number, group, [(label, rows) for label, rows in lists if rows], around(outlines))

    @cached_property
    def joined(self) -> list[Municipality]:
        """Those of the 48 that take part."""
        states = {cell.municipality.pk: cell.state for cell in self.cells}
        return [place for place in self.municipalities if states[place.pk] == Participation.State.JOINED]

    @property
    def joined_count(self) -> int:
        """How many of the 48 take part: counted, or as a source reports."""
        return len(self.joined) if self.is_drawn else self.initiative.reported_count

    @property
    def area_count(self) -> int:
        return len(self.municipalities)

    @property
    def joined_outside_count(self) -> int:
        return sum(row.state == Participation.State.JOINED for row in self.outside)

    @property
    def people(self) -> int:
        """The inhabitants of those of the 48 that take part."""
        return sum(place.population or 0 for place in self.joined)

    @property
    def people_percent(self) -> int | None:
        """Their share of the inhabitants of the Area; None while nobody has counted them."""
        everybody = sum(place.population or 0 for place in self.municipalities)
        return round(100 * self.people / everybody) if everybody else None

    @property
    def in_words(self) -> str:
        """The map in one sentence, for who does not see it."""
        if not self.is_drawn:
            return f"La fonte dice quanti Comuni partecipano ({self.joined_count}), non quali."
        text = f"{self.joined_count} Comuni su {self.area_count}" + (
            f", più {self.joined_outside_count} fuori dall’Area" if self.joined_outside_count else ""
        )
        names = ", ".join(place.name for place in self.joined)
        incomplete = " L’elenco è incompleto." if self.is_partial else ""
        return f"Partecipano {text}{f': {names}' if names else ''}.{incomplete}"
