"""How hard a text is to read: its sentences, and the Gulpease index that was measured on Italian readers."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest
from operator import attrgetter

from .typography import ADDRESS

ABBREVIATIONS = frozenset(
    """
    all app arch art artt avv ca cap cav cd cfr co comm cons d dott dr ecc egr es fig geom gg gent geogr id ing int l
    lett lit ma max min mons n nn nr on p par pag pagg pp prof proff prot prov pubbl rag reg rif s sen sez sig sigg ss
    tab tel u v vol vs
    """.split()
)
OPENERS = frozenset(
    """
    a al alla alle anche chi come con così da dal dalla di dopo e ecco entro era fra gli i il in inoltre invece la le
    lo ma nei nel nella nelle non ogni ora per però poi qui questa queste questi questo se si sono su sul sulla tra
    tutti un una è
    """.split()
)
STOP = re.compile(
    r"(?<![.!?…])[.!?…]++[\"”’'»)\]]*+(?=\s+[\"“‘«(\[–—-]*+\s?([A-ZÀ-Þ]\w*+|\d))"
)  # possessive: a thousand dots in a row cost one pass
LAST_TOKEN = re.compile(r"[\w.’']*\Z")
LONGEST_TOKEN = 24  # characters before a full stop that tell whether it ends a sentence
WORD = re.compile(r"\w+(?:[.,:]\w+)*")
WORDS_OF_A_NAME = 3
FEWEST_WORDS = 30  # a shorter text says nothing about its readability
EASIEST, HARDEST = 100, 0

# What the index means by the schooling of the reader (P. Lucisano and M. E. Piemontese, 1988).
BANDS = [
    (80, "facile per chi ha la licenza elementare"),
    (60, "facile per chi ha la licenza media"),
    (40, "facile solo per chi ha un diploma"),
    (0, "difficile anche per chi ha un diploma"),
]


def sentences(text: str) -> list[Sentence]:
    """The sentences of a plain text in which each line is a block: a paragraph, a member of a list."""
    pieces = []
    for line in text.split("\n"):
        start = 0
        for stop in STOP.finditer(line):
            if _ends_sentence(line, start, stop):
                pieces.append(line[start : stop.end()].strip())
                start = stop.end()
        pieces.append(line[start:].strip())
    return [Sentence(words) for words in pieces if WORD.search(words)]


def _ends_sentence(line, start, stop):
    if stop[0] != ".":
        return True
    token = LAST_TOKEN.search(line[max(start, stop.start() - LONGEST_TOKEN) : stop.start()])[0]
    token = re.split("[’']", token)[-1]
    if "." in token:  # "S.p.A.", "c.d.": an end only if what follows is likely to begin a sentence
        return stop[1].casefold() in OPENERS
    is_initial = len(token) == 1 and token.isupper()
    is_number_of_point = token.isdigit() and line[start : stop.start()].strip() == token
    return not (is_initial or is_number_of_point or token.casefold() in ABBREVIATIONS)


@dataclass(frozen=True)
class Sentence:
    text: str

    def __str__(self):
        return self.text

    @cached_property
    def counts(self) -> tuple[int, int]:
        """Words and letters; a web address counts as one short word."""
        words = WORD.findall(ADDRESS.sub("sito", self.text))
        return len(words), sum(map(len, words))

    @property
    def words(self) -> int:
        return self.counts[0]

    @property
    def is_whole(self) -> bool:
        """Unlike the names in a list, which would make any text look easy."""
        return self.words > WORDS_OF_A_NAME or self.text[-1] in ".!?…"

    @property
    def ease(self) -> float:
        """The part of a sentence in the index, to compare sentences."""
        return (300 - 10 * self.counts[1]) / self.words


def gulpease(sentences: Collection[Sentence]) -> int:
    words = sum(sentence.counts[0] for sentence in sentences)
    letters = sum(sentence.counts[1] for sentence in sentences)
    return min(EASIEST, max(HARDEST, round(89 + (300 * len(sentences) - 10 * letters) / words)))


@dataclass(frozen=True)
class Readability:
    index: int
    meaning: str
    hardest: tuple[Sentence, ...]


def readability(text: str) -> Readability | None:
    """The index of a text, None if it is too short to be measured."""
    read = [sentence for sentence in sentences(text) if sentence.is_whole]
    if sum(sentence.words for sentence in read) < FEWEST_WORDS:
        return None
    index = gulpease(read)
    meaning = next(words for least, words in BANDS if index >= least)
    return Readability(index, meaning, tuple(nsmallest(3, read, key=attrgetter("ease"))))
