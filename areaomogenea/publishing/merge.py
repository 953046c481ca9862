"""Two people on one publication: what each changed since they parted, field by field and row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Field

from areaomogenea.prose.diff import Effort, Line, compare, near_changes, told_apart

from .snapshots import Content, InlineRelation, Piece, Row, alike, changed_pieces, lines_of_piece, pieces_of

if TYPE_CHECKING:
    from areaomogenea.accounts.models import User

    from .revisions import BaseRevision
    from .versions import Versioned

MINE, THEIRS = "mia", "sua"
MOST_NAMED = 6
UNKNOWN = object()  # what a version from before a part was kept says of its rows


@dataclass(frozen=True)
class Conflict:
    """A field or a row that both changed, each in their own way; passages are compared with what both started from."""

    name: str
    label: str
    by: str
    at: object
    mine: list
    theirs: list
    part: str = ""  # of a row: the name of the part that it belongs to

    @property
    def choice(self) -> str:
        """The name of the answer: MINE or THEIRS."""
        return f"scelta_{self.name}"


@dataclass(frozen=True)
class Taken:
    """A field or a part that only others changed, with the names of the rows that they did."""

    name: str
    label: str
    rows: list = field(default_factory=list)

    def __str__(self):
        if not self.rows:
            return self.label
        names = ", ".join(f"«{name}»" for name in self.rows[:MOST_NAMED])
        more = len(self.rows) - MOST_NAMED
        return f"{self.label} ({names}{f' e altre {more}' if more > 0 else ''})"


@dataclass
class Merge:
    """What comes of two contents: `content` is what was typed with what only others changed in it."""

    content: dict
    taken: list = field(default_factory=list)
    conflicts: list = field(default_factory=list)
    merged: set = field(default_factory=set)  # the names of what is not as it was typed


@dataclass
class RowOfThree:
    """A row of a part as both started from it, as one typed it and as the others left it; None where it is not."""

    key: object
    base: dict | None = None
    mine: dict | None = None
    theirs: dict | None = None


def merge(
    publication: Versioned, seen: int, mine: Content, user: User, answers: Mapping[str, Any] | None = None
) -> Merge:
    """The Merge of a content that `user` typed on the version `seen` with the publication as it stands.

    `answers` are those given to its conflicts, by their choice; what has none is left as it was typed.
    """
    base = publication.content_at(seen) or {}
    return ThreeWay(publication, seen, base, mine, publication.content(), user, answers or {}).merge()


def merge_with_proposal(
    publication: Versioned,
    waiting: BaseRevision,
    started: BaseRevision | None,
    mine: Content,
    user: User,
    answers: Mapping[str, Any] | None = None,
) -> Merge:
    """The Merge of a content with the proposal that waits, whose place it would take.

    `started` is the proposal that it was typed on; None for what was typed on the publication as it stands.
    """
    now = publication.content()
    base = now | as_accepted(publication, started) if started else now
    theirs = now | as_accepted(publication, waiting)
    return ThreeWay(publication, waiting.version, base, mine, theirs, user, answers or {}, waiting).merge()


def as_accepted(publication: Versioned, proposal: BaseRevision) -> Content:
    """What a proposal would make of the publication as it stands: the fields that it changes, and the rows."""
    base, now = proposal.base or {}, publication.content()
    pieces = pieces_of(type(publication))
    after = {}
    for name in changed_pieces(base, proposal.content):
        piece, value = pieces.get(name), proposal.content[name]
        if isinstance(piece, InlineRelation) and name in base:
            rows = rows_of_three(piece, base[name], value, now[name])
            value = [row for row in (row.theirs if is_as_it_was(piece, row) else row.mine for row in rows) if row]
        after[name] = value
    return after


def is_as_it_was(relation: InlineRelation, row: RowOfThree) -> bool:
    """Whether who typed it left it alone."""
    return same(relation, row.mine, row.base)


def same(relation: InlineRelation, one: Row | None, other: Row | None) -> bool:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return one is other
    one, other = relation.face(one), relation.face(other)
    return all(one[name] == other[name] for name in one.keys() & other.keys())


def rows_of_three(
    relation: InlineRelation, base: Sequence[Row] | None, mine: Sequence[Row], theirs: Sequence[Row]
) -> list[RowOfThree]:
    """The rows of three versions of a part, those that tell of the same thing together; of `base` None is unknown.

    Told by its key, or else by what only one of them can be; a new row of both that says the same is one.
    """
    rows = [RowOfThree(row["pk"], row) for row in base or ()]
    absent = UNKNOWN if base is None else None
    for row, match in zip(theirs, matching_rows(relation, rows, theirs, "base"), strict=True):
        match = match or begun(rows, row["pk"], absent)
        match.theirs = row
    for row, match in zip(mine, matching_rows(relation, rows, mine, "theirs", "base"), strict=True):
        match = match or next((one for one in rows if is_twin(relation, one, row)), None)
        match = match or begun(rows, f"nuova{len(rows)}", absent if row.get("pk") else None)
        match.mine = row
    return rows


def matching_rows(
    relation: InlineRelation, rows: list[RowOfThree], some: Sequence[Row], *sides: str
) -> list[RowOfThree | None]:
    """For each of some rows the RowOfThree that it belongs to, as these sides of them tell; None for a new one."""
    shown = [next(filter(None, (getattr(row, side) for side in sides))) for row in rows]
    return [None if index is None else rows[index] for index in relation.places(some, shown)]


def begun(rows: list[RowOfThree], key: object, base: Any) -> RowOfThree:
    rows.append(RowOfThree(key, base))
    return rows[-1]


def is_twin(relation: InlineRelation, one: RowOfThree, row: dict[str, Any]) -> bool:
    return one.base is None and one.mine is None and one.theirs is not None and same(relation, one.theirs, row)


class ThreeWay:
    def __init__(self, publication, seen, base, mine, theirs, user, answers, last=None):
        self.last = last  # whose all of `theirs` is, if that is known
        self.publication, self.seen, self.user, self.answers = publication, seen, user, answers
        self.base, self.mine, self.theirs = base, mine, theirs
        self.made, self.effort = Merge(dict(mine)), Effort()

    def merge(self) -> Merge:
        for name, piece in pieces_of(type(self.publication)).items():
            if name in self.mine:
                if isinstance(piece, InlineRelation):
                    self.meet_rows(name, piece)
                else:
                    self.meet_field(name, piece)
        return self.made

    def meet_field(self, name: str, piece: Field) -> None:
        values = [side.get(name) for side in (self.mine, self.theirs, self.base)]
        faces = [alike(piece, value) for value in values]
        # Word for word first: what is alike may still be of another form, and whoever left it alone brings none back.
        winners = (self.winner(*side, is_known=name in self.base) for side in (values, faces))
        match next(filter(None, winners), None):
            case "mine":
                return
            case "theirs":
                if faces[0] != faces[1]:
                    self.made.taken.append(Taken(name, str(piece.verbose_name)))
                self.take(name, self.theirs[name])
                return
        conflict = self.conflict_over(name, str(piece.verbose_name), name, *self.lines_of_sides(piece))
        if self.answers.get(conflict.choice) == THEIRS:
            self.take(name, self.theirs[name])
        elif not self.answers.get(conflict.choice):
            self.made.conflicts.append(conflict)

    def winner(self, ours: object, other: object, first: object, is_known: bool) -> str | None:
        """Whose value stands: "mine", "theirs", or None if both changed it.

        A version from before a field was kept says nothing of it: what is typed counts as a change of it.
        """
        if ours == other or (is_known and other == first):
            return "mine"
        return "theirs" if is_known and ours == first else None

    def lines_of_sides(self, piece: Piece) -> list[list[Line]]:
        return [lines_of_piece(piece, side, self.user) for side in (self.base, self.mine, self.theirs)]

    def take(self, name: str, value: Any) -> None:
        self.made.content[name] = value
        self.made.merged.add(name)

    def meet_rows(self, name: str, relation: InlineRelation) -> None:
        base = self.base.get(name)
        rows = rows_of_three(relation, base, self.mine[name], self.theirs[name])
        merged, of_others, disputed = [], [], []
        for row in rows:
            if same(relation, row.mine, row.theirs) or same(relation, row.mine, row.base):
                if not same(relation, row.mine, row.theirs):
                    of_others.append(row)
                merged.append(row.theirs)
            elif same(relation, row.theirs, row.base):
                merged.append(row.mine)
            else:
                disputed.append((len(merged), row))
                merged.append(row.mine)
        self.settle(relation, disputed, merged)
        if of_others:
            names = self.names_of(relation, of_others)
            self.made.taken.append(Taken(name, str(relation.verbose_name), names))
        known = {row.key for row in rows if isinstance(row.base, dict) or row.theirs}
        merged = [row if row.get("pk") in known else row | {"pk": None} for row in merged if row]
        if of_others or merged != self.mine[name]:
            self.take(name, merged)

    def names_of(self, relation: InlineRelation, rows: Iterable[RowOfThree]) -> list[str]:
        sides = [(row.theirs, self.theirs) if row.theirs else (row.base, self.base) for row in rows]
        return [
            str(instance)
            for side in (self.theirs, self.base)
            for instance in relation.instances(side | {relation.name: [row for row, of in sides if of is side]})
        ]

    def settle(self, relation: InlineRelation, disputed: Sequence[tuple[int, RowOfThree]], merged: list[Any]) -> None:
        if not disputed:
            return
        names = {
            side: self.lines_of_rows(relation, of, [getattr(row, side) for _, row in disputed])
            for side, of in (("base", self.base), ("mine", self.mine), ("theirs", self.theirs))
        }
        for number, (place, row) in enumerate(disputed):
            name = f"{relation.name}_{row.key}"
            (head, _), *_ = [names[side][number] for side in ("theirs", "base", "mine") if names[side][number][0]]
            lines = [names[side][number][1] for side in ("base", "mine", "theirs")]
            conflict = self.conflict_over(name, f"{relation.verbose_name}: «{head}»", relation.name, *lines, row=row)
            answer = self.answers.get(conflict.choice)
            if answer == THEIRS:
                merged[place] = row.theirs
            elif not answer:
                self.made.conflicts.append(conflict)

    def lines_of_rows(
        self, relation: InlineRelation, content: Content, rows: Sequence[Any]
    ) -> list[tuple[str, list[Line]]]:
        """(name, its Lines) of each row; empty where there is none."""
        known = [row for row in rows if isinstance(row, dict)]
        content = content | {relation.name: known}
        names, lines = relation.instances(content), relation.lines(content, self.user)
        pairs = ((str(row), [line]) for row, line in zip(names, lines, strict=True))
        return [next(pairs) if isinstance(row, dict) else ("", []) for row in rows]

    def conflict_over(
        self,
        name: str,
        label: str,
        piece: str,
        start: list[Line],
        ours: list[Line],
        other: list[Line],
        *,
        row: RowOfThree | None = None,
    ) -> Conflict:
        last = self.last or self.last_change_of(piece, row)
        by, at = (str(last.by or "Qualcuno"), last.at) if last else ("Qualcuno", None)
        mine, theirs = (self._changes(start, side) for side in (ours, other))
        return Conflict(name, label, by, at, mine, theirs, part=piece if row else "")

    def _changes(self, start, side):
        before, after = told_apart(start, side)
        return list(near_changes(compare(before, after, self.effort)))

    @cached_property
    def newer(self) -> list[Any]:
        """The versions since the one that was seen, in order."""
        versions = self.publication.revisions.versions().filter(version__gte=self.seen)
        return list(versions.select_related("by").order_by("version", "pk"))

    def last_change_of(self, name: str, row: RowOfThree | None) -> Any:
        """The newest of them in which this field or row became what it is; None if unknown."""
        last, before = None, object()
        for revision in self.newer:
            value = revision.content.get(name)
            if row:
                value = next((one for one in value or () if one.get("pk") == row.key), None)
            if revision.version > self.seen and value != before:
                last = revision
            before = value
        return last
