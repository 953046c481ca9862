"""Names of Comuni as people paste them: numbered, in capitals, misspelt; what may mean several is left to a person."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches

from areaomogenea.municipalities.models import Municipality

LIKE_ENOUGH = 0.78  # one or two letters of a name, no more
MOST_GUESSED = 200  # names that nobody knows and that are compared with all that we know
FEW_WORDS = 6  # more than these around a name are a sentence
BETWEEN = re.compile(r"[\n\r\t,;|•·▪◦‣●○*]")
DASH = re.compile(r"\s[-–—]\s")  # between names, or in the middle of one
SAYS_NOTHING = set("e ed di il i la le del dei con a comune comuni d cr lo bg mn".split())


@dataclass(frozen=True)
class Name:
    """A name as it was pasted, and the Comuni that it may mean: one if it is certain, none if nobody knows it."""

    passage: str
    municipalities: tuple[Municipality, ...]
    is_certain: bool = False


@dataclass
class Reading:
    names: list[Name]

    @property
    def certain(self) -> list[tuple[Municipality, str]]:
        """(Comune, passage) once each, in the order of the text."""
        met = {}
        for name in self.names:
            if name.is_certain:
                met.setdefault(name.municipalities[0], name.passage)
        return list(met.items())

    @property
    def doubts(self) -> list[Name]:
        return [name for name in self.names if name.municipalities and not name.is_certain]

    @property
    def unknown(self) -> list[str]:
        return list(dict.fromkeys(name.passage for name in self.names if not name.municipalities))

    @property
    def repeated(self) -> list[tuple[Municipality, int]]:
        """(Comune, how many times) for those written more than once."""
        times = Counter(name.municipalities[0] for name in self.names if name.is_certain)
        return [(municipality, number) for municipality, number in times.items() if number > 1]


class NameReader:
    """Reads lists; what a name means is what the gazetteer says, whatever its capitals, accents and hyphens."""

    def __init__(self, gazetteer):
        self.gazetteer = gazetteer
        self.meanings = {folded_name(spelling): meaning for spelling, meaning in gazetteer.meanings.items()}
        longest_first = sorted(self.meanings, key=len, reverse=True)
        self.guesses = {}
        self.pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})\b")

    def read(self, text: str) -> Reading:
        pieces = [bare(inner) for piece in BETWEEN.split(text) for inner in self.without_dashes(piece)]
        return Reading([name for piece in pieces if piece for name in self.names_in(piece)])

    def without_dashes(self, piece: str) -> list[str]:
        return [piece] if folded_name(bare(piece)) in self.meanings else DASH.split(piece)

    def names_in(self, piece: str) -> list[Name]:
        key = folded_name(piece)
        if key in self.meanings:
            return [Name(piece, *self.meanings[key])]
        met = list(self.pattern.finditer(key))
        rest = [name for name in map(meaningful, self.pattern.split(key)) if name]
        if not rest:
            return [Name(typed_words(piece, match[0]), *self.meanings[match[0]]) for match in met]
        if similar := self.similar(meaningful(key)):
            return [Name(piece, similar)]
        if len(" ".join(rest).split()) > FEW_WORDS:
            return [Name(m.passage, m.municipalities, m.is_certain) for m in self.gazetteer.mentions(piece)] or [
                Name(piece, ())
            ]
        known = [Name(typed_words(piece, match[0]), *self.meanings[match[0]]) for match in met]
        return known + [Name(typed_words(piece, name), self.similar(name)) for name in rest]

    def similar(self, name: str) -> tuple[Municipality, ...]:
        """The Comuni whose name begins so, or is spelt almost so; of a list longer than all of them, the first ones."""
        if name not in self.guesses and len(self.guesses) < MOST_GUESSED:
            self.guesses[name] = self.guessed(name)
        return self.guesses.get(name, ())

    def guessed(self, name: str) -> tuple[Municipality, ...]:
        longer = [key for key in self.meanings if key.startswith(f"{name} ")]
        keys = [*longer, *get_close_matches(name, self.meanings, n=3, cutoff=LIKE_ENOUGH)]
        return tuple(dict.fromkeys(place for key in keys for place in self.meanings[key][0]))


def folded_name(text: str) -> str:
    """Words alone, without capitals and accents: what two spellings of a name share."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.sub(r"[^\w\s]|_", " ", "".join(c for c in letters if not unicodedata.combining(c))).split())


def bare(piece: str) -> str:
    """A piece of a list without its number, its bullet, «Comune di» and the dot at its end; "" if nothing is left."""
    piece = re.sub(r"^[\s\-–—(]*\d{0,3}\s*[°º.):\-–—]*\s*", "", " ".join(piece.split()))
    piece = re.sub(r"^(?:(?:il|i|ed?)\s+)?comun[ei]\s+(?:di\s+|d['’]\s*)?:?", "", piece, flags=re.IGNORECASE)
    piece = re.sub(r"\s*\((?:CR|LO|BG|MN)\)", "", piece, flags=re.IGNORECASE).strip(' .:!?«»"“”()-–—')
    return piece if re.search(r"[^\W\d_]", piece) else ""


def meaningful(text: str) -> str:
    """Without the numbers and the little words at both ends."""
    left = text.split()
    for end in (0, -1):
        while left and (left[end] in SAYS_NOTHING or left[end].isdecimal()):
            left.pop(end)
    return " ".join(left)


def typed_words(piece: str, key: str) -> str:
    """The words of a piece as they were typed, given their plain form; the plain form if they cannot be found."""
    match = re.search(r"\W+".join(map(re.escape, key.split())), piece, re.IGNORECASE)
    return match[0] if match else key
