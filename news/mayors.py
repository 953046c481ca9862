"""Who is said to be mayor of what: one person of two Comuni is a slip of somebody's."""

import re
from collections.abc import Iterator
from typing import Any

from areaomogenea.municipalities.gazetteer import FIRST_NAMES, Gazetteer
from areaomogenea.prose.passages import fold
from areaomogenea.prose.typography import words

NAME = r"[A-ZÀ-Þ](?:[’'][A-ZÀ-Þ])?[a-zà-þ]+"
PERSON = rf"({NAME}(?:[ \xa0]+(?:(?:d[aei]l?|d[ae]lla)[ \xa0]+)?{NAME}){{1,3}})"
PLACE_BEFORE = re.compile(r"\b[Ss]indac[oa](?:\s+del\s+[Cc]omune)?\s+(?:di\s+|d[’'])$")
NAME_AFTER = re.compile(rf",?\s+{PERSON}")
NAME_BEFORE = re.compile(
    rf"{PERSON},?\s+\(?(?:(?:il|la|nuov[oa]|neo|attuale)\s+)?[Ss]indac[oa](?:\s+del\s+[Cc]omune)?\s+(?:di\s+|d[’'])$"
)
LOOK = 80  # signs before a Comune and after it


def mayors(text: str, gazetteer: Gazetteer) -> Iterator[Any]:
    """(name, Comune) as a plain text has them: «Anna Rossi, sindaca di Crema», «il sindaco di Crema Mario Bianchi»."""
    for mention in gazetteer.occurrences(text):
        if not mention.is_certain:
            continue
        end = mention.start + len(mention.passage)
        before, after = text[max(0, mention.start - LOOK) : mention.start], text[end : end + LOOK]
        if not PLACE_BEFORE.search(before):
            continue
        match = NAME_BEFORE.search(before) or NAME_AFTER.match(after)
        if match:
            yield person_in(match[1]), mention.municipalities[0]


def person_in(name: str) -> str:
    """Without what only begins a sentence: «Parla Anna Rossi»."""
    first, *rest = name.split()
    is_verb = len(rest) > 1 and fold(first) not in FIRST_NAMES and fold(rest[0]) in FIRST_NAMES
    return " ".join(rest) if is_verb else name


def doubts_about_mayors(text: str, gazetteer: Gazetteer, known: dict) -> Iterator[tuple[str, str]]:
    """(code, message) for each person who has another Comune here, or in `known`, which learns."""
    for name, municipality in mayors(text, gazetteer):
        before = known.setdefault(" ".join(words(name)), municipality)
        if before != municipality:
            message = (
                f"«{name}» risulta alla guida di {before} e di {municipality}: controlla quale dei due Comuni è giusto."
            )
            yield "mayor-of-two", message
