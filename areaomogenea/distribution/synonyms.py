"""One vocabulary of parameters: what one door calls otherwise than its neighbour, it answers by either word."""

import re

from django.http import QueryDict

from areaomogenea.publishing.models import Publication
from initiatives.kinds import INITIATIVE

SYNONYMS = {"limite": "quanti", "quanti": "limite"}
NUMBER = re.compile(r"[0-9]{1,9}")


def by_known_names(query, names):
    """What was asked, each parameter by the one of its words that is among these names."""
    asked = query.copy() if isinstance(query, QueryDict) else dict(query)
    for word in [word for word in asked if word not in names and SYNONYMS.get(word) in names]:
        known = SYNONYMS[word]
        if isinstance(asked, QueryDict):
            asked.setlist(known, [*asked.getlist(known), *asked.pop(word)])
        else:
            asked.setdefault(known, asked.pop(word))
    return asked


def published_initiatives():
    return Publication.objects.published().of_kind(INITIATIVE.code)


def initiative_called(text):
    """A published initiative by any name that it has or had, or by its number in the API; None if none goes by it."""
    found = published_initiatives().named(text)
    return found or (published_initiatives().filter(pk=text).first() if NUMBER.fullmatch(text) else None)
