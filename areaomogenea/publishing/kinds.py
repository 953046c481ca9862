"""Kinds of publication: each is told once, by the app it lives in; whoever lists, filters or leads out asks here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Model
from django.utils.module_loading import import_string

from areaomogenea.naming.slugs import slug_of

if TYPE_CHECKING:
    from .models import PublicationQuerySet


class Group(Enum):
    NEWS = "news"  # what tells of a day: a communiqué, which stands in the river of news
    LASTING = "lasting"  # what goes on: it stands in a list of its own kind


@dataclass(frozen=True)
class Kind:
    """A kind of publication. What it does not declare it does not have, and no exit offers it.

    Models and functions are named, not imported, because kinds are told before there are any.
    """

    code: str  # as rows store it; the namespace of its addresses, which has `index` and `detail`
    label: str
    plural: str
    group: Group
    path: str  # of its list, without the first stroke: "novita/avvisi/"
    model: str  # "news.Communique"
    page: str  # the function of (request, row, **context) that makes its page, "news.views.page"
    exports: str = ""  # what tells an export what its template needs besides the row: with it go PDF, text, Markdown
    lead: str = ""  # what its list says of it under its heading
    linked: str = ""  # the heading over those that a page links, where it is not their plural
    endpoint: str = ""  # the operation of the API that tells one of them

    @cached_property
    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)

    @cached_property
    def make_page(self) -> Callable:
        return import_string(self.page)

    @cached_property
    def export_context(self) -> Callable:
        return import_string(self.exports)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Makes a kind known; called when its app is ready."""
    _kinds[kind.code] = kind


def unregister(kind: Kind) -> None:
    """Undoes `register`, for a test that had a kind of its own."""
    del _kinds[kind.code]


def every() -> list[Kind]:
    return list(_kinds.values())


def get(code: str) -> Kind | None:
    return _kinds.get(code)


def codes(group: Group | None = None) -> list[str]:
    """Of all kinds, or of those of a group, in the order of their apps."""
    return [kind.code for kind in every() if group in (None, kind.group)]


def of_news() -> list[Kind]:
    return [kind for kind in every() if kind.group is Group.NEWS]


def lasting() -> list[Kind]:
    return [kind for kind in every() if kind.group is Group.LASTING]


def plurals(kinds: Iterable[Kind], conjunction: str = "e") -> str:
    """Their names in a sentence: «notizie, comunicati e avvisi»."""
    *others, last = [kind.plural.lower() for kind in kinds]
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def grouped(publications: PublicationQuerySet) -> list[tuple[Kind, list]]:
    """Rows of lasting kinds under each of these that has some, in the order of their apps."""
    rows = list(publications)
    groups = ((kind, [row for row in rows if row.kind == kind.code]) for kind in lasting())
    return [(kind, own) for kind, own in groups if own]


def choices() -> list[tuple[str, str]]:
    """For the column that stores a kind; asked for each time, so that no migration lists them."""
    return [(kind.code, kind.label) for kind in every()]


def named(text: str) -> Kind | None:
    """The kind that goes by this word, one or many, here or on the old site; None if none does."""
    slug = slug_of(text).removesuffix("-stampa")
    return next((kind for kind in every() if slug in (kind.code, slug_of(kind.label))), None)
