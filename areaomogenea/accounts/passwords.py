"""Passwords that anybody here would try first: the names of the place, of the body and of the person."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from .models import User

OWN = 6  # letters that are left when all that anybody knows is taken out
LONGEST = 64  # letters that are looked at: whoever writes more has enough of their own
AS_FIGURES = str.maketrans("0134578@$!€", "oieastbasie")
KNOWN = """
    amministratore admin area areaomogenea benvenuto benvenuta ciao comune comuni comunale consorzio consorzioit crema
    cremasca cremasche cremaschi cremasco cremona cremonese italia lombardia municipio omogenea password portale
    provincia redattore redattrice redazione responsabile sindaco scrp serio adda territorio qwerty
""".split()
REFUSED = (
    "Questa password è fatta di nomi che qui conoscono tutti (Comuni, ente, il tuo nome), con qualche cifra intorno."
    " Usa almeno due parole che non c’entrano."
)


class KnownNamesValidator:
    """`places` is the path of a file CSV whose column `name` has the names of the place."""

    def __init__(self, places):
        self.places = places

    def validate(self, password: str, user: User | None = None) -> None:
        known = {*KNOWN, *listed_names(self.places), *own_names(user)}
        figures = fold_name(password).translate(AS_FIGURES)
        if min(len(own_letters(text, known)) for text in (fold_name(password), figures)) < OWN:
            raise ValidationError(REFUSED, code="password_of_known_names")

    def get_help_text(self) -> str:
        return "Non può essere fatta di nomi del territorio, dell’ente o tuoi, anche con cifre e anni in più."


def fold_name(text: str) -> str:
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return plain.casefold()


def words_of_name(text: str) -> set[str]:
    """A name as one word, and each of its words that is long enough to be known."""
    words = re.findall(r"[a-z0-9]+", fold_name(text))
    return {"".join(words), *(word for word in words if len(word) > 3)} - {""}


@cache
def listed_names(path: Path) -> frozenset[str]:
    with path.open(encoding="utf-8") as lines:
        return frozenset(word for row in csv.DictReader(lines) for word in words_of_name(row["name"]))


def own_names(user: User | None) -> set[str]:
    names = (getattr(user, name, "") for name in ("first_name", "last_name", "email"))
    return {word for text in names for word in words_of_name(text or "")}


def own_letters(text: str, known: Iterable[str]) -> str:
    """What is left without known words, figures, signs and whatever is only said again."""
    left, before = re.sub(r"[\W_]", "", text)[:LONGEST], None
    while left != before:
        before = left
        for word in sorted(known, key=len, reverse=True):
            left = left.replace(word, "")
    left = re.sub(r"\d", "", left)
    return re.sub(r"(.+?)\1+", r"\1", left)
