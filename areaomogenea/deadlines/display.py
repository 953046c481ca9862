"""What is due, in the words of Italian readers; hours are those of Rome, a day without an hour is a whole day."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.timezone import localtime

from .partial_dates import Dated
from .partial_dates import date_in_words as day_in_words

if TYPE_CHECKING:
    from .models import Deadline


Hours = tuple[datetime | None, datetime | None, bool]  # (opens, closes, whether they are whole days)


def day(moment: datetime) -> str:
    return day_in_words(localtime(moment), Dated.Precision.DAY)


def hour(moment: datetime) -> str:
    return f"{localtime(moment):%H:%M}"


def month_in_words(moment: datetime) -> str:
    return day_in_words(localtime(moment), Dated.Precision.MONTH)


def mark(deadline: Deadline) -> str:
    """What a calendar says of it on its own day: "scade alle 12:00", "alle 18:00", "tutto il giorno"."""
    if deadline.is_meeting:
        return "tutto il giorno" if deadline.is_all_day else f"alle {hour(deadline.opens_at)}"
    return "scade" if deadline.is_all_day else f"scade alle {hour(deadline.closes_at)}"


def moment_in_words(moment: datetime, is_all_day: bool) -> str:
    """ "31 marzo 2026" or "31 marzo 2026, ore 12:00"."""
    return day(moment) if is_all_day else f"{day(moment)}, ore {hour(moment)}"


def span_in_words(
    opens_at: datetime | None, closes_at: datetime | None, is_all_day: bool, is_meeting: bool = False
) -> str:
    """From when to when, as much as is known."""
    opens, closes = (moment and moment_in_words(moment, is_all_day) for moment in (opens_at, closes_at))
    if not (opens and closes):
        return f"{'' if opens or is_meeting else 'entro il '}{opens or closes}"
    if localtime(opens_at).date() == localtime(closes_at).date():
        return opens if is_all_day else f"{day(opens_at)}, dalle {hour(opens_at)} alle {hour(closes_at)}"
    return f"dal {opens} al {closes}"


def countdown(deadline: Deadline, at: datetime | None = None) -> str:
    """What a reader wants to know first: how long is left, or from when."""
    feminine = not deadline.is_meeting
    match deadline.state(at):
        case "called_off":
            return "Annullata" if feminine else "Annullato"
        case "closed":
            return "Chiusa" if feminine else "Concluso"
        case "ahead" if feminine:
            return f"Apre il {day(deadline.opens_at)}"
        case "ahead":
            return _in_days(deadline.days_until_start(at), deadline.opens_at, deadline.is_all_day)
        case _ if not feminine:
            return "In corso"
    left = deadline.days_left(at)
    if left == 0:
        return "Scade oggi" if deadline.is_all_day else f"Scade oggi alle {hour(deadline.closes_at)}"
    return "Scade domani" if left == 1 else f"Ancora {left} giorni"


def _in_days(days, moment, is_all_day):
    if days > 1:
        return f"Fra {days} giorni"
    name = "Domani" if days else "Oggi"
    return name if is_all_day else f"{name} alle {hour(moment)}"


def move_in_words(is_meeting: bool, before: Hours, after: Hours) -> str:
    """ "Prorogata dal 31 dicembre 2022 al 31 maggio 2023", of two (opens_at, closes_at, is_all_day)."""
    which = 0 if is_meeting or before[1] == after[1] else 1
    was, now = (before[1], after[1]) if which else (before[0], after[0])
    if not (was and now):
        return "Spostato" if is_meeting else "Date cambiate"
    ending = "o" if is_meeting else "a"
    verb = f"Spostat{ending}" if which == 0 or now < was else "Prorogata"
    if now < was and which == 1:
        verb = "Anticipata"
    what = "" if is_meeting or which == 1 else ": l’apertura passa"
    return f"{verb}{what} dal {moment_in_words(was, before[2])} al {moment_in_words(now, after[2])}"
