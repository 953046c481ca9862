"""The same questions asked of two searches: words of titles, and what each finds."""

import re
from hashlib import sha256
from typing import Any

from areaomogenea.publishing.models import Publication
from areaomogenea.search.engines import whole_words

WORD = re.compile(r"[^\W\d_]{5,}")
MOST = 20


def questions() -> list[str]:
    """A word of each of some titles, from the oldest to the newest."""
    keys = list(Publication.objects.order_by("pk").values_list("pk", flat=True))
    some = keys[:: max(1, len(keys) // MOST)][:MOST]
    titles = Publication.objects.filter(pk__in=some).order_by("pk").values_list("title", flat=True)
    longest = (max(WORD.findall(title), key=len, default="") for title in titles)
    return sorted({word.lower() for word in longest if word})


def answers(words: list[str] | None = None) -> dict[str, Any]:
    """{word: {"pagine": how many hold it, "impronta": of which}}, whatever readers see of them."""
    return {word: answer(word) for word in (questions() if words is None else words)}


def answer(word: str) -> dict[str, Any]:
    rows = Publication.objects.holding(whole_words(word)).order_by("pk").values_list("pk", flat=True)
    digest, number = sha256(), 0
    for pk in rows.iterator():
        digest.update(f"{pk} ".encode())
        number += 1
    return {"pagine": number, "impronta": digest.hexdigest()}


def different(expected: dict[str, Any]) -> list[str]:
    """The words of these questions whose answer is now another."""
    now = answers(list(expected))
    return [word for word, answer in expected.items() if now[word] != answer]
