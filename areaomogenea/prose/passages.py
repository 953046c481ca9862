"""Words as texts write them: in capitals or not, without their accents, in the plural, run together after a hash."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

HASHTAG = re.compile(r"(?<![\w&/#])#(\w{2,60})")
HUMP = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|_")
SIGNS = str.maketrans("‘’ʼ`´‐‑–—", "'''''----")
LITTLE = frozenset(
    "a ad ai agli al all alla alle allo con d da dai dagli dal dall dalla dalle dallo de dei degli del dell della delle"
    " dello di e ed gli i il in l la le lo nei negli nel nell nella nelle nello per su sui sugli sul sull sulla sulle"
    " sullo un una uno".split()
)
BETWEEN = rf"[\s'-]+(?:(?:{'|'.join(sorted(LITTLE, key=len, reverse=True))})\b[\s'-]*){{0,2}}"
ENDING = re.compile(r"(?:io|h?[ei]|[ao])$")  # of a noun or an adjective
ENDINGS = "(?:h?[ei]|i?[aeo])"
SHORTEST_INFLECTED = 4


@lru_cache(4096)
def _folded(sign):
    base = unicodedata.normalize("NFKD", sign)[0].lower()
    return base if len(base) == 1 else sign


def composed(text: str) -> str:
    """The text in whole letters: an accent is not a sign of its own."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """A text in small letters and without accents, sign for sign: where something is found it can be quoted."""
    return "".join(map(_folded, text.translate(SIGNS)))


def hashtags(text: str) -> Iterator[tuple[int, str, str]]:
    """Hashtags, each with its place, as it was typed and in words: «#BandaUltralarga», «Banda Ultralarga»."""
    for match in HASHTAG.finditer(text):
        yield match.start(), match[0], _words_of(match[1])


def _words_of(tag):
    """At each capital that follows a small letter a word begins."""
    humps = "".join(f" {sign}" if sign.isupper() and tag[n - 1 : n].islower() else sign for n, sign in enumerate(tag))
    return " ".join(HUMP.sub(" ", humps).split())


def without_hashtags(text: str) -> str:
    return HASHTAG.sub(lambda match: " " * len(match[0]), text)


def folded_words(text: str) -> list[str]:
    return re.findall(r"\w+\*?", composed(text).translate(SIGNS))


def in_any_form(phrase: str, between: str = BETWEEN) -> str:
    """The pattern, of folded text, of these words in the singular and the plural; little words may come between them.

    An asterisk at the end of a word stands for any ending.
    """
    words = folded_words(phrase)
    meant = [word for word in words if fold(word) not in LITTLE] or words
    return between.join(map(_inflected, meant))


def _inflected(word):
    folded = fold(word)
    if folded.endswith("*"):
        return rf"{re.escape(folded[:-1])}\w*"
    if folded[-1] != word[-1].lower():
        return rf"{re.escape(folded)}'?"  # «sanita'»
    if len(folded) < SHORTEST_INFLECTED or not ENDING.search(folded):
        return re.escape(folded)
    return ENDING.sub("", folded) + ENDINGS
