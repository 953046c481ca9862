"""Where a publication applies: in the Comuni that it names, in all the Area, or in no place in particular."""

import re
from typing import Any

from django.db import models


class Coverage(models.TextChoices):
    """Empty means that nobody has said it yet, which is none of the three."""

    MUNICIPALITIES = "these", "Questi Comuni"
    AREA = "area", "Tutta l’Area"
    NOWHERE = "nowhere", "Nessun luogo in particolare"


MOST_NAMED = 2
UNKNOWN = "coverage-unknown"  # the code of the doubt
UNKNOWN_MESSAGE = "Non si sa dove vale: scegli se in alcuni Comuni, in tutta l’Area o in nessun luogo in particolare."
ALL_48 = r"(?:tutti\s+(?:e\s+|i\s+)?|(?:a|ne)?i\s+)(?:48|quarantotto)(?:\s+i)?\s+comuni"
OF_SOME = r"(?:soci|aderenti|coinvolti|interessati|partecipanti|firmatari|che|con|d[’']|della|dei|italiani|lombardi)\b"
WHOLE_AREA = re.compile(
    rf"(?<!\w)(?:{ALL_48}|tutti\s+i\s+comuni(?!\s+{OF_SOME})|(?:tutta\s+l[’']|l[’']intera\s+)area\s+omogenea"
    r"|tutto\s+il\s+(?:cremasco|territorio\s+cremasco))(?!\w)",
    re.IGNORECASE,
)
FAULTS = {
    "coverage": "Scegli una delle tre voci: questi Comuni, tutta l’Area, nessun luogo in particolare.",
    "unnamed": "Hai scelto «Questi Comuni»: scegline almeno uno.",
    "named": "Togli questi Comuni, oppure scegli «Questi Comuni».",
}


def coverage_of(coverage: str | None, places: Any) -> str:
    """What was chosen; whoever names Comuni and chooses nothing has chosen them."""
    return coverage or (Coverage.MUNICIPALITIES.value if places else "")


def faults(coverage: str | None, places: Any) -> dict[str, str]:
    """What cannot be true at once, as {field: message}; that nobody has said it yet is no fault."""
    if coverage == Coverage.MUNICIPALITIES and not places:
        return {"municipalities": FAULTS["unnamed"]}
    if coverage in (Coverage.AREA, Coverage.NOWHERE) and places:
        return {"municipalities": FAULTS["named"]}
    return {}


def doubt_about(text: str, places: Any) -> tuple[str, str] | None:
    """What an import leaves to an editor, as (code, message); None where the text leaves no doubt."""
    passage = whole_area_passage(text)
    if places:
        message = f"Il testo dice anche «{passage}»: se vale in tutta l’Area, sceglila e togli i Comuni."
        return ("coverage-perhaps-area", message) if passage else None
    return UNKNOWN, f"Il testo dice «{passage}»: forse vale in tutta l’Area. Scegli tu." if passage else UNKNOWN_MESSAGE


def coverage_in_short(names: list[str]) -> str:
    """«Crema e Offanengo», «Crema, Dovera e altri 4»."""
    if len(names) <= MOST_NAMED + 1:
        return " e ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    return f"{', '.join(names[:MOST_NAMED])} e altri {len(names) - MOST_NAMED}"


def whole_area_passage(text: str) -> str:
    """The first passage that speaks of all the Area; "" if none does."""
    match = WHOLE_AREA.search(text)
    return match[0] if match else ""
