"""The one way from words to their name in an address; static/src/desk/slugs.js does the same while somebody types."""

import re
import unicodedata
from collections.abc import Collection
from itertools import chain, count

from areaomogenea.prose.characters import unhidden

LONGEST = 100  # letters of a name made of a title, before the number that tells two of them apart
MOST_READ = 1000  # letters of the words that a name is made of
SIGNS = {"&": " e ", "+": " più ", "%": " per cento ", "€": " euro ", **dict.fromkeys("°ºª™®©", " ")}
LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h"}
SPELLED_OUT = str.maketrans(SIGNS | LETTERS)
INITIALS = re.compile(r"(?<![a-z0-9])(?:[a-z]\.)+[a-z]\.?(?![a-z0-9])")  # C.E.R. is a word, not three
THOUSANDS = re.compile(r"(?<=[0-9])\.(?=[0-9]{3}(?![0-9]))")


def slug_of(text: str, longest: int = LONGEST) -> str:
    """The words of a text in small plain letters with a hyphen between, cut where a word ends; "" if it has none."""
    text = unhidden(text[:MOST_READ]).lower().translate(SPELLED_OUT)
    text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if unicodedata.category(letter)[0] != "M")
    text = INITIALS.sub(lambda match: match[0].replace(".", ""), THOUSANDS.sub("", text))
    return shorten_slug("-".join(re.findall("[a-z0-9]+", text)), longest)


def shorten_slug(slug: str, longest: int) -> str:
    """The same, or as many of its words as there is room for; a first word that is longer is cut."""
    if len(slug) <= longest:
        return slug
    return slug[: longest + 1].rpartition("-")[0] or slug[:longest]


def first_free(stem: str, taken: Collection[str]) -> str:
    """This name, or the first of stem-2, stem-3, … that is not among those taken."""
    numbered = (f"{stem}-{number}" for number in count(2))
    return next(slug for slug in chain([stem], numbered) if slug not in taken)


def is_slug_of(slug: str, text: str) -> bool:
    """Whether a name was made of these words and typed by nobody, with a number or without."""
    stem = slug_of(text)
    return bool(stem) and re.fullmatch(rf"{stem}(?:-[0-9]+)?", slug) is not None
