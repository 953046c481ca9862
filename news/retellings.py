"""Two tellings of one thing: the same day, and nearly the same title, names and figures, in whatever words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from areaomogenea.prose.html import plain
from areaomogenea.prose.typography import words

from .models import Communique

ENOUGH_OF_A_TITLE, FEWEST_WORDS = 0.6, 3
ENOUGH_MARKS, FEWEST_MARKS = 0.5, 4
MARK = re.compile(r"(?<![.!?:\n«“\"(•] )(?<![\n«“\"(])\b[A-ZÀ-Þ][\w’']{2,}|\b\d[\d.,]*\d\b")
SHORTEST_WORD = 4
EVERYWHERE = frozenset(
    "area aree omogenea cremasca cremasco cremaschi crema cremona comune comuni consorzio regione lombardia provincia"
    " sindaco sindaca sindaci presidente dell della delle degli alla nella sulla con per una uno che non piu 2022 2023"
    " 2024 2025 2026 del dal dei".split()
)
MUCH_MORE, MORE_WORDS = 1.3, 25  # times, and words, by which a copy is told to be fuller


@dataclass(frozen=True)
class StorySignature:
    """What two texts about the same thing share."""

    title: str
    day: date | None
    title_words: frozenset
    marks: frozenset

    def is_twin_of(self, other: StorySignature) -> bool:
        if not self.day or self.day != other.day:
            return False
        if self.title_words == other.title_words:
            return True
        is_like = share(self.title_words, other.title_words) >= ENOUGH_OF_A_TITLE
        if is_like and len(self.title_words & other.title_words) >= FEWEST_WORDS:
            return True
        has_facts = len(self.marks & other.marks) >= FEWEST_MARKS
        return has_facts and share(self.marks, other.marks) >= ENOUGH_MARKS


def share(ours: frozenset[str], theirs: frozenset[str]) -> float:
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def signature_of(title: str, text: str, day: date | None) -> StorySignature:
    of_title = frozenset(word for word in words(title) if len(word) >= SHORTEST_WORD or word.isdigit()) - EVERYWHERE
    marks = frozenset(word for mark in MARK.findall(f"{title}\n{text}") for word in words(mark)) - EVERYWHERE
    return StorySignature(title, day, of_title, frozenset(word for word in marks if len(word) > 1))


def doubt_about_twin(other: StorySignature, where: str) -> tuple[str, str]:
    return "twin", f"Forse è lo stesso di «{other.title}», che è {where} e ha lo stesso giorno: tieni uno solo dei due."


def is_fuller(number: int, than: int) -> bool:
    return number >= MUCH_MORE * than and number >= than + MORE_WORDS


def twins_in_archive(communique: Communique) -> Iterator[StorySignature]:
    """Of what was imported, the tellings of the same thing as this one."""
    ours = signature_of(communique.title, plain(communique.body), timezone.localdate(communique.publish_at))
    imported = Communique.objects.filter(archive_item__isnull=False, publish_at__date=ours.day).exclude(
        pk=communique.pk
    )
    for title, body in imported.values_list("title", "body"):
        theirs = signature_of(title, plain(body), ours.day)
        if ours.is_twin_of(theirs):
            yield theirs
