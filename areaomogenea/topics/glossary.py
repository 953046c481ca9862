"""Acronyms explained where they are first met: at rendering, never in the stored text."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django.urls import reverse

from areaomogenea.prose.tree import TAG

# Where an acronym is left alone: it links already, it is explained already, or it heads a section.
ENDS = {"<a": "</a>", "<abbr": "</abbr>", "<h2": "</h2>", "<h3": "</h3>", "<h4": "</h4>", "<caption": "</caption>"}


def explain(html: str, terms: Iterable[Mapping[str, Any]]) -> str:
    """Clean HTML in which the first use of each acronym carries its expansion and leads to the glossary.

    `terms` are dicts with acronym, slug and expansion.
    """
    unmet = {term["acronym"]: term for term in terms}
    if not unmet:
        return html
    longest_first = sorted(unmet, key=len, reverse=True)
    begins = "".join({re.escape(acronym[0]) for acronym in unmet})  # most letters begin none, and are passed at once
    pattern = re.compile(rf"(?=[{begins}])(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    glossary = reverse("glossary")

    def wrap(match: re.Match[str]) -> str:
        term = unmet.pop(match[0], None)
        if term is None:
            return match[0]
        expansion = escape(term["expansion"])
        return f'<a class="term" href="{glossary}#{term["slug"]}"><abbr title="{expansion}">{match[0]}</abbr></a>'

    pieces, waiting_for = [], None
    for piece in TAG.split(html):
        if piece.startswith("<"):
            if waiting_for is None:
                waiting_for = ENDS.get(piece.split()[0].rstrip(">"))
            elif piece == waiting_for:
                waiting_for = None
        elif waiting_for is None:
            piece = pattern.sub(wrap, piece)
        pieces.append(piece)
    return "".join(pieces)
