"""The days on which public offices of Italy are closed by law (L. 260/1949, art. 2, as it stands in each year)."""

from datetime import date, timedelta
from functools import lru_cache

FIXED = ((1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26))
SAINT_FRANCIS = (10, 4)  # again from 2026 on: L. 151/2025
FRANCIS_AGAIN = 2026


def easter(year: int) -> date:
    """The Gregorian rule (Meeus, Jones, Butcher)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, left = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - shift + 15) % 30
    weekday = (32 + 2 * left + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=16)
def holidays(year: int) -> frozenset[date]:
    """Those of a year, Easter itself among them; the patron saint of a Comune is its own affair."""
    fixed = [*FIXED, *([SAINT_FRANCIS] if year >= FRANCIS_AGAIN else [])]
    sunday = easter(year)
    return frozenset([*(date(year, *day) for day in fixed), sunday, sunday + timedelta(days=1)])


def is_holiday(day: date) -> bool:
    return day in holidays(day.year)
