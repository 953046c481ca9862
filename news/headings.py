"""The kind, number and day that a heading tells: «Comunicato stampa n. 12/2026», «Circolare n. 5 del 3/12/26»."""

import datetime
import re
from dataclasses import dataclass

from areaomogenea.prose.dates import existing_date
from areaomogenea.prose.typography import words

from .archive import HEADINGS, NEWS, NOTICE, PRESS_RELEASE, NewsItem
from .letter_dates import full, letter_day

ACT = ""  # of a body: the portal tells of it, and the act itself stands elsewhere
KINDS = {
    "comunicat": PRESS_RELEASE,
    "nota": PRESS_RELEASE,
    "news": NEWS,
    "notizi": NEWS,
    "avvis": NOTICE,
    "convocazion": NOTICE,
    "bando": NOTICE,
    "circolar": NOTICE,
    "ordinanz": NOTICE,
    "determina": ACT,
    "delibera": ACT,
    "decreto": ACT,
    "verbale": ACT,
}
NAME = re.compile(
    r"(?:comunicat[oi](?:\s+stampa)?|nota(?:\s+per\s+la)?\s+stampa|news|notizi[ae]"
    r"|avvis[oi](?:\s+(?:pubblico|al\s+pubblico|(?:alla|alle|ai|agli)\s+[^\W\d]+|importante|urgente))?"
    r"|(?:avviso\s+di\s+)?convocazione|bando(?:\s+pubblico)?|circolare|ordinanza(?:\s+sindacale)?"
    r"|(?:determin|deliber)a(?:zione)?(?:\s+(?:del|della|dell[’'])\s*[^\W\d][\w’' ]{2,59}?(?=\s+n[.°r\s]|$))?"
    r"|decreto(?:\s+(?:del\s+)?(?!n\b)[^\W\d]+)?|verbale)(?!\w)",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"(?:(?:n|nr|num)\b\.?\s?°?|n°|numero)?\s*(?P<number>\d[\d./-]{0,15}(?:\s+del\s+\d{4})?)(?=\s|,|$)", re.IGNORECASE
)
TO_WHOM = re.compile(r"\b(?:ai|agli|alle|alla|al)\s", re.IGNORECASE)
BETWEEN = " \t,;:|–—-"
SINCE = re.compile(r"(?:del|dell[’']|in\s+data)\s*", re.IGNORECASE)
SPACED_OUT = re.compile(r"(?:[^\W\d_] ){3,30}[^\W\d_]")
IN_A_TITLE = re.compile(r"(?:avviso|bando|convocazione|circolare|ordinanza)\b", re.IGNORECASE)
DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{2,4})")


@dataclass(frozen=True)
class Heading:
    kind: str
    number: str = ""
    date: datetime.date | None = None


def heading_of(line: str) -> Heading | None:
    """None for a line that says more than its kind, its number and its day."""
    text = " ".join(line.split()).rstrip(".:")
    if SPACED_OUT.fullmatch(text):
        text = text.replace(" ", "")
    if match := NAME.match(text):
        kind = next(kind for name, kind in KINDS.items() if name in text[:25].lower())
        rest = text[match.end() :].strip(BETWEEN)
        if (day := number_and_day(rest)) is not None:
            return Heading(kind, *day)
    kind = HEADINGS.get(" ".join(words(text)))
    return Heading(kind) if kind else None


def number_and_day(text: str) -> tuple[str, datetime.date | None] | None:
    """The number and the day that are all that a text tells, or one of them, or none; None if it tells more."""
    if not text or (date := date_of(SINCE.sub("", text, count=1))):
        return "", date if text else None
    number = NUMBER.match(text)
    rest = text[number.end() :].strip(BETWEEN) if number else text
    date = date_of(SINCE.sub("", rest, count=1))
    return (number["number"], date) if number and (date or not rest) else None


def date_of(text: str) -> datetime.date | None:
    if numbers := DAY.fullmatch(text):
        return existing_date(numbers[1], numbers[2], full(numbers[3]))
    return letter_day(text)


def kind_in_title(title: str) -> str:
    return NOTICE if IN_A_TITLE.match(title) else ""


def take_heading(item: NewsItem, line: str) -> bool:
    """Notes what a heading tells; whether it was one."""
    heading = heading_of(line)
    if heading is None:
        return False
    item.kind, item.number = heading.kind or item.kind, heading.number or item.number
    if heading.date and not item.date:
        item.date = heading.date
        item.doubt("date-read", f"«{line}» dice la data: è presa per data del comunicato.")
    if TO_WHOM.search(line):
        item.doubt("kind-heading", f"«{line}» dice il tipo e a chi si rivolge: nella bozza non c’è.")
    if heading.kind == ACT:
        item.doubt(
            "act", f"«{line}» è un atto: qui se ne dà notizia con parole proprie, l’atto sta nell’albo pretorio."
        )
    return True
