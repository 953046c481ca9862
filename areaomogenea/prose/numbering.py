"""The numbers that a word processor counts and stores nowhere: «Art. 1», «2.1», «b)», written as on paper."""

import re
from dataclasses import dataclass

from .plaintext import ALPHABET

BULLET = "bullet"
DECIMAL, PADDED, ORDINAL, LETTERS, ROMANS = "1", "01", "1°", "a", "i"
ROMAN_SIGNS = [
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
]
PLACE = re.compile(r"%([1-9])")
ALONE = re.compile(r"\(?%[1-9]\s?[.)°º]?\s?[.)–-]?")  # all that an item of a list is numbered with
LAST = 9999
NUMBER_MARK = "number-"  # and a number: the name of an item, between its reader and who writes it


@dataclass(frozen=True)
class Level:
    """How one level counts: `text` has a sign such as %1 for the number of each level that it shows."""

    form: str
    text: str
    start: int = 1
    is_decimal: bool = False  # whatever the levels above are written in

    @property
    def is_bullet(self) -> bool:
        return self.form == BULLET

    @property
    def is_item(self) -> bool:
        """Whether its number says no more than the place in a list."""
        return bool(ALONE.fullmatch(self.text.strip()))


class Counter:
    """Counts the paragraphs of one list, level by level."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}

    def next(self, levels: dict[int, Level], place: int) -> int:
        for inner in [inner for inner in self.numbers if inner > place]:
            del self.numbers[inner]
        start = levels[place].start
        self.numbers[place] = min(LAST, self.numbers[place] + 1 if place in self.numbers else start)
        return self.numbers[place]

    def restart(self, place: int, number: int) -> None:
        self.numbers[place] = min(LAST, max(0, number)) - 1

    def label(self, levels: dict[int, Level], place: int) -> str:
        """The number of the paragraph counted last, as its level writes it."""
        level = levels[place]

        def number_of(sign: re.Match[str]) -> str:
            shown = int(sign[1]) - 1
            other = levels.get(shown, level)
            return written(self.numbers.get(shown, other.start), DECIMAL if level.is_decimal else other.form)

        return " ".join(PLACE.sub(number_of, level.text).split())


def written(number: int, form: str) -> str:
    if form == PADDED:
        return f"{number:02}"
    if form == ORDINAL:
        return f"{number}°"
    if form.lower() in (LETTERS, ROMANS) and number > 0:
        text = in_letters(number) if form.lower() == LETTERS else in_romans(number)
        return text.upper() if form.isupper() else text
    return str(number)


def in_letters(number: int) -> str:
    """After z come aa and bb."""
    times, place = divmod(min(number, LAST) - 1, len(ALPHABET))
    return ALPHABET[place] * (min(times, 9) + 1)


def in_romans(number: int) -> str:
    text, left = "", min(number, LAST)
    for worth, sign in ROMAN_SIGNS:
        text += sign * (left // worth)
        left %= worth
    return text
