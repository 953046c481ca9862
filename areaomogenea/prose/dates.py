"""Days as Italian texts write them."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

YEARS = range(1900, 2100)
MONTHS = "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split()
WEEKDAYS = "lunedì martedì mercoledì giovedì venerdì sabato domenica".split()

MONTH = rf"(?:{'|'.join(MONTHS)})\b"
WEEKDAY = r"(?:(?:lune|marte|mercole|giove|vener)d[iì]|sabato|domenica)"
DAY_WITH_NAME = re.compile(
    rf"\b({WEEKDAY})\s+(\d{{1,2}})(?=(?:,?\s+(?:e\s+)?{WEEKDAY}\s+\d{{1,2}}){{0,6}}\s+({MONTH})(?:\s+(\d{{4}}))?)",
    re.IGNORECASE,
)
DAY = rf"(\d{{1,2}})[°º]?\s+({MONTH})"
NUMERIC_DAY = r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b"
ANY_DAY = re.compile(rf"\b(?:{DAY}|{NUMERIC_DAY})", re.IGNORECASE)
DEADLINE = re.compile(
    r"\b(?:entro|scad(?:e|ono|rà|ranno|enza)|termine (?:ultimo|per|del)|fino a(?:ll?)?)(?!\w)"
    rf"[^.;!?\n]{{0,60}}?\b(?:{DAY}\s+(\d{{4}})\b|{NUMERIC_DAY})",
    re.IGNORECASE,
)
RELATIVE_TIME = re.compile(
    r"\b(?:ieri|(?<!ad )oggi|domani|dopodomani|stamattina|stamane|stamani|stasera|stanotte"
    r"|quest[ao] (?:mattin[ao]|pomeriggio|sera|notte))\b",
    re.IGNORECASE,
)


def existing_date(day: str, month: str, year: int | str) -> datetime.date | None:
    """The date of a day, None if no calendar has it; the month is a name or a number."""
    try:
        number = int(month) if month.isdecimal() else MONTHS.index(month.lower()) + 1
        date = datetime.date(int(year), number, int(day))
    except ValueError:
        return None
    return date if date.year in YEARS else None


class Known(Enum):
    """How much of a day was told."""

    DAY, MONTH, YEAR = "day", "month", "year"


def read_day(text: str) -> tuple[datetime.date, Known] | None:
    """What somebody typed as a day, a month or a year; None if it is none of these."""
    typed = " ".join(text.split())
    for pattern, known in TYPED.items():
        if match := pattern.fullmatch(typed):
            numbers = {"day": "1", "month": "1"} | match.groupdict()
            date = existing_date(numbers["day"], numbers["month"], numbers["year"])
            return (date, known) if date else None
    return None


A_YEAR, A_MONTH, A_DAY = r"(?P<year>[0-9]{4})", r"(?P<month>[0-9]{1,2})", r"(?P<day>[0-9]{1,2})"
A_NAME = rf"(?P<month>{'|'.join(MONTHS)})"
TYPED = {
    re.compile(pattern, re.IGNORECASE): known
    for pattern, known in [
        (A_YEAR, Known.YEAR),
        (rf"{A_MONTH}[/.-]{A_YEAR}", Known.MONTH),
        (rf"{A_NAME} {A_YEAR}", Known.MONTH),
        (rf"{A_DAY}[/.-]{A_MONTH}[/.-]{A_YEAR}", Known.DAY),
        (rf"{A_YEAR}[/-]{A_MONTH}[/-]{A_DAY}", Known.DAY),
        (rf"{A_DAY}[°º]? {A_NAME} {A_YEAR}", Known.DAY),
    ]
}


def past_deadlines(text: str, today: datetime.date) -> Iterator[tuple[str, datetime.date]]:
    """Deadlines that have passed, each with the words that tell it: (passage, date)."""
    for match in DEADLINE.finditer(text):
        day, month, year = match.groups()[:3] if match[1] else match.groups()[3:]
        date = existing_date(day, month, year)
        if date and date < today:
            yield match[0], date


@dataclass(frozen=True)
class WrongWeekday:
    day: str
    passage: str  # where it stands in the text
    right_name: str  # none if the date does not exist


def wrong_weekdays(text: str, date: datetime.date | None) -> Iterator[WrongWeekday]:
    """The days whose name is not that of their date; a year that is not told is the nearest to `date`."""
    for match in DAY_WITH_NAME.finditer(text):
        weekday, day, month, year = match.groups()
        if not year and not date:
            continue
        years = [int(year)] if year else [date.year + shift for shift in (-1, 0, 1)]
        days = [day for day in (existing_date(day, month, year) for year in years) if day]
        meant = min(days, key=lambda day: abs(day - (date or day)), default=None)
        right_name = WEEKDAYS[meant.weekday()] if meant else ""
        if right_name[:3] != weekday[:3].lower():
            yield WrongWeekday(f"{weekday} {day} {month}", match[0], right_name)
