"""The day that a line of a letter or of a mail tells, in the forms of offices."""

import datetime
import re

from areaomogenea.prose.dates import MONTH, MONTHS, WEEKDAY, existing_date

PLACE = r"[A-ZÀ-Þ][\w’'. ]{1,40}(?:\([A-Z]{2}\))?"
SINCE = r"(?:l[iìí]['’`]?,?\s+|addì\s+|il\s+|data:?\s+)?"
YEAR = r"(\d{4}|['’]?\d{2})"
DATELINE = re.compile(
    rf"(?:{PLACE}(?:,\s*|\s+(?=l[iìí]\b)))?{SINCE}(?:{WEEKDAY},?\s+)?(\d{{1,2}})[°º]?\s+({MONTH})\s+{YEAR}\.?",
    re.IGNORECASE,
)
NUMERIC_DATELINE = re.compile(
    rf"(?:{PLACE}(?:,\s*(?:l[iìí]['’`]?,?\s+)?|\s+l[iìí]['’`]?,?\s+)|(?:l[iìí]['’`]?,?|data:?|addì)\s+)(\d{{1,2}})[./-](\d{{1,2}})[./-]{YEAR}\.?",
    re.IGNORECASE,
)
ABBREVIATIONS = {name[:3]: name for name in MONTHS} | {
    "jan": "gennaio",
    "may": "maggio",
    "jun": "giugno",
    "jul": "luglio",
    "aug": "agosto",
    "sep": "settembre",
    "oct": "ottobre",
    "dec": "dicembre",
}
OF_A_MAIL = re.compile(r"(?:[^\W\d]{2,10}\.?,?\s+)?(\d{1,2})\s+([^\W\d]{3,10})\.?\s+(\d{4})\b", re.IGNORECASE)
MONTH_FIRST = re.compile(r"(?:[^\W\d]{2,10},\s+)?([^\W\d]{3,10})\.?\s+(\d{1,2}),?\s+(\d{4})\b")
NUMERIC_OF_A_MAIL = re.compile(r"(?:[^\W\d]{2,10}\.?,?\s+)?(\d{1,2})/(\d{1,2})/(\d{2,4})\b")


def letter_day(line: str) -> datetime.date | None:
    """The day that is all that a line tells, with its place."""
    text = " ".join(line.split())
    match = DATELINE.fullmatch(text) or NUMERIC_DATELINE.fullmatch(text)
    return existing_date(match[1], match[2], full(match[3])) if match else None


def day_of_mail(header: str) -> datetime.date | None:
    """The day that the header of a mail begins with, in Italian or English."""
    if match := OF_A_MAIL.match(header):
        month = ABBREVIATIONS.get(match[2][:3].lower(), "")
        return existing_date(match[1], month, match[3]) if month else None
    if match := MONTH_FIRST.match(header):
        month = ABBREVIATIONS.get(match[1][:3].lower(), "")
        return existing_date(match[2], month, match[3]) if month else None
    if match := NUMERIC_OF_A_MAIL.match(header):
        return existing_date(match[1], match[2], full(match[3]))
    return None


def full(year: str) -> str:
    """Two digits are of this century."""
    digits = year.strip("'’")
    return digits if len(digits) == 4 else f"20{digits[-2:]}"
