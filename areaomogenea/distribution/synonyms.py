"""Synonyms of parameters: what one address calls otherwise than its neighbour, it answers by either word."""

import re
from collections.abc import Container

from django.http import QueryDict

from areaomogenea.publishing.models import Publication, PublicationQuerySet
from initiatives.kinds import INITIATIVE

SYNONYMS = {"limite": "quanti", "quanti": "limite"}
NUMBER = re.compile(r"[0-9]{1,9}")


def by_known_names(query: QueryDict, names: Container[str]) -> QueryDict:
    """A query with each parameter by the one of its words that is among these names."""
    synonyms = [word for word in SYNONYMS.keys() & query.keys() if word not in names and SYNONYMS[word] in names]
    if not synonyms:
        return query
    renamed = query.copy()
    for word in synonyms:
        known = SYNONYMS[word]
        if isinstance(renamed, QueryDict):
            renamed.setlist(known, [*renamed.getlist(known), *renamed.pop(word)])
        else:
            renamed.setdefault(known, renamed.pop(word))
    return renamed


def published_initiatives() -> PublicationQuerySet:
    return Publication.objects.published().of_kind(INITIATIVE.code)


def initiative_called(text: str) -> Publication | None:
    """A published initiative by any name that it has or had, or by its number in the API; None if none goes by it."""
    initiative = published_initiatives().named(text)
    return initiative or (published_initiatives().filter(pk=text).first() if NUMBER.fullmatch(text) else None)
