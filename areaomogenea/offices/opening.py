"""When somebody answers: the hours of a week, what closes them, and what readers are told of now.

Hours are those of clocks in Rome: nothing is added to an instant, so that a day of 23 or 25 hours is as any other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.timezone import localtime

from .holidays import is_holiday

FARTHEST = 400  # days in which an office that opens at all opens again
A_DAY = timedelta(days=1)


class Span(NamedTuple):
    """Of a weekday (0 is Monday), from an hour up to another of the same day."""

    weekday: int
    opens: time
    closes: time

    @property
    def in_words(self) -> str:
        return f"{clock(self.opens)}–{clock(self.closes)}"


class Shut(NamedTuple):
    """Days on which nobody answers, the last among them."""

    first: date
    last: date
    why: str


class Status(NamedTuple):
    """Whether somebody answers, and the sentence that says until when, or when again; "" where no hours are known."""

    is_open: bool
    text: str


class DayHours(NamedTuple):
    """Some days in a row that have the same hours: none where the office is closed."""

    days: str
    hours: str
    weekdays: list[int]


def status(spans: Collection[Span], closures: Collection[Shut], at: datetime) -> Status:
    if not spans:
        return Status(False, "")
    now = localtime(at)
    today, hour = now.date(), now.time()
    if span := open_span(spans, closures, today, hour):
        return Status(True, f"Risponde adesso, fino {at_hour(span.closes)}")
    why = why_shut(closures, today) if any(span.weekday == today.weekday() for span in spans) else ""
    again = next(openings_after(spans, closures, today, hour), None)
    when = f"riapre {day_from(today, again[0])} {at_hour(again[1])}" if again else "non ha una data in cui riapre"
    return Status(False, f"Chiuso per {why}: {when}" if why else f"{when[0].upper()}{when[1:]}")


def open_span(spans: Iterable[Span], closures: Iterable[Shut], day: date, hour: time) -> Span | None:
    if why_shut(closures, day):
        return None
    return next((span for span in spans if span.weekday == day.weekday() and span.opens <= hour < span.closes), None)


def why_shut(closures: Iterable[Shut], day: date) -> str:
    """Why nobody answers all that day, as it stands after "chiuso per"; "" where somebody may."""
    return next((shut.why for shut in closures if shut.first <= day <= shut.last), "festa" if is_holiday(day) else "")


def openings_after(
    spans: Collection[Span], closures: Collection[Shut], today: date, hour: time
) -> Iterator[tuple[date, time]]:
    """(day, hour) of each opening after this hour, in order."""
    for day in (today + number * A_DAY for number in range(FARTHEST)):
        if not why_shut(closures, day):
            for span in sorted(span for span in spans if span.weekday == day.weekday()):
                if day > today or span.opens > hour:
                    yield day, span.opens


def day_from(today: date, day: date) -> str:
    """A day as people call it who stand at another one before it: "oggi", "domani", "lunedì 7", "lunedì 7 gennaio"."""
    if day - today < 2 * A_DAY:
        return "domani" if day > today else "oggi"
    name = f"{WEEKDAYS[day.weekday()]} {'1º' if day.day == 1 else day.day}"
    return (name if day - today < 7 * A_DAY else f"{name} {MONTHS[day.month]}").lower()


def at_hour(hour: time) -> str:
    """ "alle 9", "alle 12:30", "all’1"."""
    return f"all’{clock(hour)}" if hour.hour == 1 else f"alle {clock(hour)}"


def clock(hour: time) -> str:
    return f"{hour:%H:%M}".removeprefix("0").removesuffix(":00")


def table(spans: Collection[Span]) -> list[DayHours]:
    """The week in as few lines as say it: days in a row with the same hours are one."""
    week = [", ".join(span.in_words for span in sorted(spans) if span.weekday == day) for day in range(7)]
    rows = []
    for hours, group in groupby(range(7), key=week.__getitem__):
        days = list(group)
        rows.append(DayHours(days_in_words(days), hours, days))
    return rows


def days_in_words(days: list[int]) -> str:
    names = [str(WEEKDAYS[day]).lower() for day in (days[0], days[-1])]
    if len(days) == 1:
        return names[0]
    return f"{names[0]} e {names[1]}" if len(days) == 2 else f"da {names[0]} a {names[1]}"
