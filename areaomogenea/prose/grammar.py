"""Italian nouns, and the words that agree with them: a sentence with places for a noun, whatever its gender."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise

FEMININE = re.compile(r"(?:a|à|ù|ione|gine|ice)$")  # the head word of a name, in the singular
FEMININE_TOO = frozenset({"e-mail", "pec", "voce"})
LIKE_A_VOWEL = re.compile(r"[aeiouàèéìòùh]", re.IGNORECASE)  # l’hub
LIKE_LO = re.compile(r"(?:s[^aeiouàèéìòùh]|z|gn|ps|pn|x|y)", re.IGNORECASE)
KNOWN = {}  # (singular, plural, whether it is feminine) by each of the two, in small letters


def learn(singular: str, plural: str) -> None:
    """Makes the plural known as such, with the gender of its singular."""
    noun = singular, plural, is_feminine(singular)
    KNOWN[plural.lower()] = noun
    KNOWN[singular.lower()] = noun


def is_feminine(singular: Word | str) -> bool:
    head = singular.split()[0].lower()
    return head in FEMININE_TOO or FEMININE.search(head) is not None


class Word(str):
    """A noun in a sentence: what follows the colon says how it stands there, as FORMS does; a capital gives it one."""

    __slots__ = ()

    def __format__(self, how):
        if not how:
            return str(self)
        words = FORMS[how.lower()](*noun_of(self))
        return words if how.islower() else words[:1].upper() + words[1:]


def noun_of(name: Word) -> tuple[str, bool, bool]:
    """(the name as it stands within a sentence, whether it is feminine, whether it is many)."""
    singular, plural, feminine = KNOWN.get(name.lower()) or (within(name), None, is_feminine(name))
    is_plural = plural is not None and singular != plural and name.lower() == plural.lower()
    return plural if is_plural else singular, feminine, is_plural


def within(name: Word) -> str:
    """The name without the capital of a label, but for what is written in capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def each(words: Callable[..., str]) -> Callable[..., str]:
    """Words for each noun of «scadenza o incontro», which has its own article and its own gender."""

    def of_each(name: str, feminine: bool, plural: bool) -> str:
        one, _, other = name.partition(" o ")
        first = words(one, feminine, plural)
        return f"{first} o {words(other, is_feminine(other), plural)}" if other else first

    return of_each


@each
def the(name: str, feminine: bool, plural: bool) -> str:
    if LIKE_A_VOWEL.match(name) and not plural:
        return f"l’{name}"
    if feminine:
        return f"{'le' if plural else 'la'} {name}"
    if LIKE_LO.match(name) or LIKE_A_VOWEL.match(name):
        return f"{'gli' if plural else 'lo'} {name}"
    return f"{'i' if plural else 'il'} {name}"


@each
def a(name: str, feminine: bool, plural: bool) -> str:
    if feminine:
        return f"un’{name}" if LIKE_A_VOWEL.match(name) else f"una {name}"
    return f"uno {name}" if LIKE_LO.match(name) else f"un {name}"


@each
def another(name: str, feminine: bool, plural: bool) -> str:
    return f"un’altra {name}" if feminine else f"un altro {name}"


def ending(name: str, feminine: bool, plural: bool) -> str:
    return ("e" if feminine else "i") if plural else ("a" if feminine else "o")


FORMS = {
    "il": the,  # l’iniziativa, le iniziative
    "un": a,  # un’iniziativa
    "altro": another,  # un’altra iniziativa
    "questo": lambda name, *about: f"quest{ending(name, *about)} {name}",
    "tutti": lambda name, *about: f"tutt{ending(name, *about)} {the(name, *about)}",
    "o": ending,  # aggiunt{name:o} is aggiunta, aggiunte
    "lo": lambda *about: {"i": "li"}.get(last := ending(*about), f"l{last}"),
    "nome": lambda name, *about: name,
    "plurale": lambda name, *about: KNOWN.get(name.lower(), (name, name))[1],
}


class Sentence(str):
    """A sentence with places for nouns: «{name:Il} è stat{name:o} aggiunt{name:o}.»

    It stands where a translation of Django's stands, and so takes what it is told in both ways of Django's:
    `sentence % {…}` and `sentence.format(…)`.
    """

    __slots__ = ()

    def __mod__(self, nouns):
        if isinstance(nouns, dict):
            return self.format(**nouns)
        return self.format(*nouns) if isinstance(nouns, tuple) else self.format(nouns)

    def __add__(self, other):
        return Sentence(super().__add__(other))

    def format(self, *args: object, **kwargs: Any) -> str:
        return super().format(*map(spoken, args), **{name: spoken(value) for name, value in kwargs.items()})


def spoken(value: object) -> object:
    return Word(value) if isinstance(value, (str, Promise)) else value
