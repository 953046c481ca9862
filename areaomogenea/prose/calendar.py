"""Days as Italian texts write them."""

import datetime
import re

YEARS = range(1900, 2100)
MONTHS = "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split()
WEEKDAYS = "lunedì martedì mercoledì giovedì venerdì sabato domenica".split()

MONTH = rf"(?:{'|'.join(MONTHS)})\b"
WEEKDAY = r"(?:(?:lune|marte|mercole|giove|vener)d[iì]|sabato|domenica)"
DAY_WITH_NAME = re.compile(
    rf"\b({WEEKDAY})\s+(\d{{1,2}})(?=(?:,?\s+(?:e\s+)?{WEEKDAY}\s+\d{{1,2}}){{0,6}}\s+({MONTH})(?:\s+(\d{{4}}))?)",
    re.IGNORECASE,
)
RELATIVE_TIME = re.compile(
    r"\b(?:ieri|(?<!ad )oggi|domani|dopodomani|stamattina|stamane|stamani|stasera|stanotte"
    r"|quest[ao] (?:mattin[ao]|pomeriggio|sera|notte))\b",
    re.IGNORECASE,
)


def existing_date(day, month, year):
    try:
        date = datetime.date(int(year), MONTHS.index(month.lower()) + 1, int(day))
    except ValueError:
        return None
    return date if date.year in YEARS else None


def wrong_weekdays(text, date):
    """The days whose name is not that of their date; a year that is not told is the nearest to `date`."""
    for match in DAY_WITH_NAME.finditer(text):
        weekday, day, month, year = match.groups()
        if not year and not date:
            continue
        years = [int(year)] if year else [date.year + shift for shift in (-1, 0, 1)]
        days = [day for day in (existing_date(day, month, year) for year in years) if day]
        meant = min(days, key=lambda day: abs(day - (date or day)), default=None)
        if not meant or WEEKDAYS[meant.weekday()][:3] != weekday[:3].lower():
            yield f"{weekday} {day} {month}"
