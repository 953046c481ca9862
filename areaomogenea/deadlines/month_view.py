"""A month as calendars draw it: weeks from Monday, each day with what falls on it."""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Self

from django.utils import timezone
from django.utils.timezone import localtime

from areaomogenea.identity.years import FIRST_YEAR
from areaomogenea.prose.dates import MONTHS, WEEKDAYS

YEARS_AHEAD = 3
MONTHS_OF_INTEREST = range(-1, 13)  # from now: what lies further off is for readers, not for search engines


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    def __str__(self):
        return f"{self.year:04}-{self.number:02}"

    @property
    def name(self) -> str:
        return f"{self.short_name} {self.year}"

    @property
    def short_name(self) -> str:
        return MONTHS[self.number - 1]

    @property
    def _index(self):
        return self.year * 12 + self.number - 1

    def shifted(self, by: int) -> Month:
        year, number = divmod(self._index + by, 12)
        return Month(year, number + 1)

    @property
    def next(self) -> Month:
        return self.shifted(1)

    @property
    def previous(self) -> Month:
        return self.shifted(-1)

    def is_shown(self, today: date) -> bool:
        return Month(FIRST_YEAR, 1) <= self <= Month(today.year + YEARS_AHEAD, 12)

    def is_near(self, today: date) -> bool:
        return self._index - Month.of(today)._index in MONTHS_OF_INTEREST

    @property
    def start(self) -> datetime:
        """Its first instant in Rome."""
        return timezone.make_aware(datetime.combine(date(self.year, self.number, 1), time()))


@dataclass(frozen=True)
class CalendarDay:
    date: date
    rows: list
    is_today: bool
    is_within: bool  # the month, and not beside it


class BusyMonths:
    """The months in which something falls, that a calendar shows: those beside a month, and the one nearest to now."""

    def __init__(self, deadlines, today):
        self.deadlines, self.today = deadlines, today

    def before(self, month: Month) -> Month | None:
        return self._month_of(self.deadlines.filter(due_at__lt=month.start).latest_first())

    def since(self, month: Month) -> Month | None:
        return self._month_of(self.deadlines.filter(due_at__gte=month.start).soonest_first())

    @property
    def nearest(self) -> Month | None:
        today = Month.of(self.today)
        return self.since(today) or self.before(today)

    def _month_of(self, deadlines):
        due_at = deadlines.values_list("due_at", flat=True).first()
        month = due_at and Month.of(localtime(due_at).date())
        return month if month and month.is_shown(self.today) else None


class MonthPage:
    """What falls in a month, and the ways to those before and after it in which something does, None at the ends."""

    weekdays = [(name, name[:3]) for name in WEEKDAYS]

    def __init__(self, month, rows, busy):
        self.month, self.rows, self.busy = month, rows, busy

    @cached_property
    def weeks(self) -> list[list[CalendarDay]]:
        by_day = defaultdict(list)
        for row in self.rows:
            by_day[localtime(row.due_at).date()].append(row)
        days = calendar.Calendar().monthdatescalendar(self.month.year, self.month.number)
        return [[self._day(day, by_day) for day in week] for week in days]

    def _day(self, day, by_day):
        is_within = Month.of(day) == self.month
        return CalendarDay(day, by_day[day] if is_within else [], day == self.busy.today, is_within)

    @cached_property
    def previous(self) -> Month | None:
        return self.busy.before(self.month)

    @cached_property
    def next(self) -> Month | None:
        return self.busy.since(self.month.next)

    @property
    def is_of_interest(self) -> bool:
        """Whether search engines may show it."""
        return bool(self.rows) and self.month.is_near(self.busy.today)
