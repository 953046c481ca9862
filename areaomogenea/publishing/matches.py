"""What a search has found: titles first, then the latest; of what is in most pages only so much is read as is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import connections
from django.db.models import Case, F, QuerySet, When

from areaomogenea.search.engines import Holds, Words

from .pagination import Cursor

if TYPE_CHECKING:
    from .models import Publication, PublicationQuerySet

MOST = 500  # that are counted, and can be gone through by number: who finds more asks in other words
SURELY = 3  # times as many pages as should hold what is wanted are looked at
FARTHER = 4  # times as many then, where these did not hold it
ENTRIES = 7  # of an index that are read in the time of one row
LATEST = F("publish_at").desc(nulls_last=True)  # as no index is ordered: what matches is found first, and sorted then


class Match(NamedTuple):
    in_title: bool
    publish_at: datetime
    pk: int


def newest(rows: Any, holds: Holds, most: int, river: PublicationQuerySet) -> list[tuple[datetime, int]]:
    """(hour, key) of at most so many of these rows that hold the words, the latest first.

    What few hold an index gives at once. What many hold is looked for among the newest pages of the river alone, as
    many as should hold enough, then farther back: asked in one question, a database that takes a word for common reads
    page after page until the year in which it was.
    """
    matching = rows.filter(holds).order_by(LATEST, "-pk").values_list("publish_at", "pk")
    if connections[rows.db].vendor != "postgresql":
        return list(matching[:most])
    expected = estimate(matching)
    place = int(SURELY * most * estimate(river) / expected) if expected > most else None
    if place is None or place > ENTRIES * expected:
        return list(matching[:most])
    results, until, hours = [], None, river.latest_first().values_list("publish_at", flat=True)
    while len(results) < most:
        since = next(iter(hours[place : place + 1]), None)
        window = matching.filter(publish_at__gte=since) if since else matching
        results += (window.exclude(publish_at__gte=until) if until else window)[: most - len(results)]
        if not since:
            break
        until, place = since, place * FARTHER
    return results


def estimate(rows: QuerySet) -> int:
    """How many there are, as the statistics of PostgreSQL tell without reading one."""
    return json.loads(rows.order_by().explain(format="json"))[0]["Plan"]["Plan Rows"]


class Matches(Sequence):
    """Those of some publications that hold the words; rows are read as they are sliced, each with `in_title`.

    `river` is all among which they may be, `after` the one that they follow.
    """

    def __init__(
        self, rows: PublicationQuerySet, words: Words, river: PublicationQuerySet, after: Match | None = None
    ) -> None:
        self.rows, self.words, self.river, self.position = rows, words, river, after

    def after(self, position: Match) -> Self:
        return type(self)(self.rows, self.words, self.river, position)

    def __len__(self):
        return min(len(self.counted), MOST)

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are counted."""
        return len(self.counted) > MOST

    @cached_property
    def counted(self) -> list[Match]:
        return self.first(MOST + 1)

    def __iter__(self) -> Iterator[Publication]:
        return iter(self[:MOST])

    def __getitem__(self, index: Any) -> Any:
        """By a slice from the beginning on, as pages are cut."""
        known = self.counted if "counted" in vars(self) else self.first(index.stop)
        return self.read(known[index])

    def read(self, matches: Sequence[Match]) -> list[Publication]:
        rows = self.rows.order_by().in_bulk([match.pk for match in matches])
        for match in matches:
            if row := rows.get(match.pk):
                row.in_title = match.in_title
        return [rows[match.pk] for match in matches if match.pk in rows]

    def ranked(self, most: int) -> Any:
        """At most so many, as a queryset in this order."""
        matches = self.first(most)
        titles = Case(When(pk__in=[match.pk for match in matches if match.in_title], then=0), default=1)
        return self.rows.filter(pk__in=[match.pk for match in matches]).order_by(titles, LATEST, "-pk")

    def first(self, most: int) -> list[Match]:
        """At most so many."""
        if not self.words:
            return []
        titles = self.newest("title", most) if not self.position or self.position.in_title else []
        if len(titles) == most:
            return titles
        known = {match.pk for match in titles}
        others = (match for match in self.newest("anywhere", most) if match.pk not in known)
        return [*titles, *others][:most]

    def newest(self, where: str, most: int) -> list[Match]:
        rows, river, in_title = self.rows, self.river, where == "title"
        if self.position and not in_title:
            rows = rows.exclude(self.words.held("title"))  # some came before it
        if self.position and self.position.in_title == in_title:
            cursor = Cursor(self.position.publish_at, self.position.pk)
            rows, river = rows.older_than(cursor), river.older_than(cursor)
        return [Match(in_title, *result) for result in newest(rows, self.words.held(where), most, river)]
