"""The hours of a week as a clerk writes them in a line: "lun–ven 9–12:30; mar anche 14–16:30"."""

import re
from collections.abc import Collection, Iterable
from datetime import time
from itertools import groupby, pairwise

from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS

from .opening import Span

EXAMPLE = "lun–ven 9–12:30; mar anche 14–16:30"
DAYS = ("lun", "mar", "mer", "gio", "ven", "sab", "dom")
NAMES = ("lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica")
DAY = {name: day for names in (DAYS, NAMES) for day, name in enumerate(names)}
TOKEN = re.compile(r"\s*([a-zàèéìòù]+\.?|[0-9]{1,2}(?:[:.][0-9]{2})?(?![0-9])|[-–—,;/\n]|\S+)")
HOUR = re.compile(r"[0-9]{1,2}(?:[:.][0-9]{2})?")
MANY = {"feriali": range(5), "tutti": range(7)}
UP_TO = {"-", "–", "—", "/", "a", "al", "alle", "all"}
ALSO = {",", ";", "\n", "e", "ed", "anche", "da", "dal", "dalle", "dalla", "le", "ore", "h", "i", "giorni", "poi"}
SHUT = {"chiuso", "chiusi"}


def read_hours(text: str) -> list[Span]:
    """The spans of a line. Raises ValidationError, in words that say what to write instead."""
    return Reader().read(text)


class Reader:
    """Days are gathered until hours follow, hours until another day does."""

    def __init__(self) -> None:
        self.days: list[int] = []
        self.hours: list[time] = []
        self.spans: list[Span] = []
        self.last = ""  # what the token before was: "day", "range", "hour"; after these, "up to" the next

    def read(self, text: str) -> list[Span]:
        for word in TOKEN.findall(text.lower().replace("’", " ").replace("'", " ")):
            self.take(word)
        self.end_group()
        return without_overlaps(self.spans)

    def take(self, word: str) -> None:
        name = word.removesuffix(".").replace("ì", "i")
        if name in DAY:
            self.take_day(DAY[name])
        elif word in MANY:
            self.begin_group()
            self.days += MANY[word]
        elif HOUR.fullmatch(word):
            self.take_hour(hour_of(word))
        elif word in UP_TO:
            self.last = f"{self.last.removesuffix(' up to')} up to"
        elif word in SHUT:
            self.days, self.last = [], ""
        elif word in ALSO:
            self.last = self.last if word in ("le", "ore", "h") else ""
        else:
            raise ValidationError(f"«{word}» non è né un giorno né un’ora. Scrivi per esempio «{EXAMPLE}».")

    def take_day(self, day: int) -> None:
        if self.last == "range up to":
            raise ValidationError("Un trattino va fra due giorni: scrivi «lun–mer» oppure «lun, mer, ven».")
        if self.last == "day up to":
            first, self.last = self.days[-1], "range"
            if day <= first:
                raise ValidationError(f"«{DAYS[first]}–{DAYS[day]}»: il secondo giorno viene prima del primo.")
            self.days += range(first + 1, day + 1)
        else:
            self.begin_group()
            self.days.append(day)
            self.last = "day"

    def take_hour(self, hour: time) -> None:
        if not self.days:
            raise ValidationError(f"Di quali giorni sono le {hour:%H:%M}? Scrivi per esempio «{EXAMPLE}».")
        if len(self.hours) % 2 and self.last != "hour up to":
            raise ValidationError(f"Fino a che ora, dalle {self.hours[-1]:%H:%M}? Scrivi per esempio «9–12:30».")
        self.hours.append(hour)
        self.last = "hour"

    def begin_group(self) -> None:
        if self.hours:
            self.end_group()

    def end_group(self) -> None:
        if len(self.hours) % 2:
            raise ValidationError(f"Fino a che ora, dalle {self.hours[-1]:%H:%M}? Scrivi per esempio «9–12:30».")
        if self.days and not self.hours:
            raise ValidationError(f"Manca l’orario di «{DAYS[self.days[-1]]}». Scrivi per esempio «{EXAMPLE}».")
        for opens, closes in zip(self.hours[::2], self.hours[1::2], strict=True):
            if closes <= opens:
                raise ValidationError(
                    f"«{opens:%H:%M}–{closes:%H:%M}» finisce prima di cominciare. Un orario non passa la mezzanotte: "
                    "se serve, scrivi due giorni, «lun 22–23:59; mar 0–2»."
                )
            self.spans += (Span(day, opens, closes) for day in self.days)
        self.days, self.hours, self.last = [], [], ""


def hour_of(word: str) -> time:
    hour, minute = (int(part or 0) for part in word.replace(".", ":").partition(":")[::2])
    if hour == 24 and not minute:
        raise ValidationError("Per la mezzanotte scrivi 23:59: un orario non passa da un giorno all’altro.")
    if hour > 23 or minute > 59:
        raise ValidationError(f"«{word}» non è un’ora.")
    return time(hour, minute)


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """The same in order, once each. Raises ValidationError where two share a moment."""
    ordered = sorted(set(spans))
    for one, other in pairwise(ordered):
        if one.weekday == other.weekday and other.opens < one.closes:
            day = str(WEEKDAYS[one.weekday]).lower()
            raise ValidationError(f"Di {day} due orari si sovrappongono: {one.in_words} e {other.in_words}.")
    return ordered


def written_hours(spans: Collection[Span]) -> str:
    """The line that says them; days with the same hours stand together."""
    by_day = {
        day: " e ".join(span.in_words for span in group)
        for day, group in groupby(sorted(spans), key=lambda span: span.weekday)
    }
    by_hours: dict[str, list[int]] = {}
    for day, hours in by_day.items():
        by_hours.setdefault(hours, []).append(day)
    return "; ".join(f"{written_days(days)} {hours}" for hours, days in by_hours.items())


def written_days(days: list[int]) -> str:
    """Days in a row by their first and last: "lun, mer–ven"."""
    runs = [list(run) for _, run in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0])]
    ends = [(run[0][1], run[-1][1]) for run in runs]
    return ", ".join(DAYS[first] if first == last else f"{DAYS[first]}–{DAYS[last]}" for first, last in ends)
