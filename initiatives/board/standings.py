"""Where the Comuni of an initiative stand, as somebody at the desk sees them and wants them to be."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch

from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.snapshots import relations_of
from areaomogenea.publishing.workflow import only_proposes
from initiatives.models import InitiativeGroup

from ..models import Initiative, Participation
from .matching import folded_name

PARTICIPATIONS = next(part for part in relations_of(Initiative) if part.name == "participations")
LONGEST_COMMENT = 255


Changes = dict[Municipality, Participation | None]  # None: it leaves the list


@dataclass
class BoardRow:
    """A Comune, its participation (of now, or of the proposal that waits), and whether a page shows it chosen."""

    municipality: Municipality
    participation: Participation | None
    is_proposed: bool = False
    is_chosen: bool = False
    is_shown: bool = True

    @property
    def code(self) -> str:
        return self.participation.state if self.participation else "out"

    @property
    def spellings(self) -> str:
        """All that a Comune is called, as a search compares it."""
        names = [self.municipality.name, *(alias.text for alias in self.municipality.aliases.all())]
        return " | ".join(folded_name(name) for name in names)

    @property
    def word(self) -> str:
        return self.participation.get_state_display() if self.participation else "Non è nell’elenco"


class Board:
    """All participations of an initiative by Comune; who may only propose goes on with the proposal that waits."""

    def __init__(self, initiative, by):
        self.initiative, self.by = initiative, by
        self.proposes = only_proposes(by, initiative)
        self.proposal = initiative.pending_proposal
        self.waiting = {}
        known = Prefetch("source", Publication.objects.with_known_by(self.by).defer("body"))
        stored = initiative.participations.select_related("group").prefetch_related(known)
        self.stored = {one.municipality_id: one for one in stored}
        self.now = dict(self.stored)
        if self.proposes and self.proposal:
            self._go_on_with(self.proposal)

    def _go_on_with(self, proposal):
        proposed, base = by_municipality(proposal.content), by_municipality(proposal.base)
        if proposed is None or base is None:
            return
        # Row by row: what others changed since the proposal was made is no part of it.
        self.waiting = {key: proposed.get(key) for key in differing_keys(base, proposed)}
        rows = [row for row in self.waiting.values() if row]
        self.now |= dict.fromkeys(self.waiting)
        self.now |= {
            one.municipality_id: one
            for one in PARTICIPATIONS.instances({PARTICIPATIONS.name: rows}, self.initiative, self.by)
        }

    @cached_property
    def municipalities(self) -> list[Municipality]:
        """The 48, then those outside."""
        drawn = "border", "outline"
        return list(Municipality.objects.defer(*drawn).prefetch_related("aliases").order_by("-in_area", "name"))

    @cached_property
    def by_key(self) -> dict[int, Municipality]:
        return {municipality.pk: municipality for municipality in self.municipalities}

    @cached_property
    def groups(self) -> dict[int, InitiativeGroup]:
        return {group.pk: group for group in self.initiative.groups.all()}

    def of(self, municipality: Municipality) -> Participation | None:
        return self.now.get(municipality.pk)

    def rows(self, chosen: Collection[int] = ()) -> Iterator[BoardRow]:
        for municipality in self.municipalities:
            key = municipality.pk
            yield BoardRow(municipality, self.now.get(key), key in self.waiting, key in chosen)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """(state, label, how many), with those that the table does not list."""
        totals = Counter(row.code for row in self.rows() if row.participation or row.municipality.in_area)
        states = [*Participation.State.choices, ("out", "Non nell’elenco")]
        return [(state, label, totals[state]) for state, label in states]

    # What becomes of it

    def begun(self, municipality: Municipality) -> Participation:
        """A participation to be filled: the one of now, or a new one."""
        now = self.of(municipality)
        return copy(now) if now else Participation(initiative=self.initiative, municipality=municipality)

    def changed(self, changes: Changes) -> Changes:
        """Of {Comune: participation or None}, those that would change something."""
        return {place: after for place, after in changes.items() if standing(self.of(place)) != standing(after)}

    def faults(self, changes: Changes) -> dict[Municipality, Any]:
        """{Comune: {field: messages}} of those that break a rule."""
        errors = {}
        for place, after in changes.items():
            try:
                if after:
                    # What was chosen from a list is there, and the board has one row for each Comune.
                    after.full_clean(exclude=["initiative", "municipality", "group", "source"])
            except ValidationError as error:
                errors[place] = error.message_dict
        return errors

    def changed_by_others(self, seen: int) -> list[Municipality]:
        """The Comuni whose row others changed since the version that this person saw; all, if that never was."""
        if seen == self.initiative.version:
            return []
        before = by_municipality(self.initiative.content_at(seen))
        now = by_municipality({PARTICIPATIONS.name: PARTICIPATIONS.rows(self.initiative)})
        keys = self.by_key if before is None else differing_keys(before, now)
        return [self.by_key[key] for key in keys if key in self.by_key]

    @transaction.atomic
    def save(self, changes: Changes) -> bool:
        """Make it so, or propose it; False when somebody changed the initiative since this board was read."""
        as_read = Publication.objects.select_for_update().filter(pk=self.initiative.pk, version=self.initiative.version)
        if not as_read.first():
            return False
        after = self.now | {place.pk: participation for place, participation in changes.items()}
        rows = [PARTICIPATIONS.row_of(one) for one in after.values() if one]
        if self.proposes:
            self.initiative.keep_first_version()
            return self.initiative.propose(self.by, {PARTICIPATIONS.name: rows}, change_in_words(changes))
        return (
            self.initiative.change_relations(self.by, change_in_words(changes), **{PARTICIPATIONS.name: rows})
            is not None
        )


def standing(participation: Participation | None) -> tuple[object, ...] | None:
    """What two participations are compared by."""
    return (*participation.standing, participation.group_id) if participation else None


def by_municipality(content: Mapping[str, Any] | None) -> dict[int, dict[str, Any]] | None:
    """The rows of a content by the key of their Comune; None if it does not tell them."""
    rows = (content or {}).get(PARTICIPATIONS.name)
    return None if rows is None else {row["municipality"]: row for row in rows}


def differing_keys(before: dict[int, dict[str, Any]], after: dict[int, dict[str, Any]]) -> list[int]:
    """The keys whose rows are not the same."""

    def face(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
        return {name: value for name, value in row.items() if name != "pk"} if row else None

    return [key for key in {**before, **after} if face(before.get(key)) != face(after.get(key))]


def change_in_words(changes: Changes) -> str:
    """The change in a line, for the history."""
    states = {}
    for place, after in changes.items():
        states.setdefault(after.get_state_display() if after else "Tolti dall’elenco", []).append(place.name)
    text = "; ".join(f"{state}: {', '.join(names)}" for state, names in states.items())
    return text if len(text) <= LONGEST_COMMENT else f"{text[: LONGEST_COMMENT - 1]}…"
