"""iCalendar (RFC 5545) of what is due: what a phone's calendar follows through changes, moves and cancellations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localtime
from icalendar import Calendar, Event, Timezone, vDuration, vText, vUri

from areaomogenea.identity.address import absolute_url

if TYPE_CHECKING:
    from .models import Deadline

# The library would list every change of the clocks as a date of its own, an hour late: calendars that read those
# told summer terms an hour off. The rule says the same in five lines, for every year since 1996.
ROME = """\
BEGIN:VTIMEZONE
TZID:Europe/Rome
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
UNSPEAKABLE = re.compile(rb"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # CONTROL, which no text may hold (3.1)
REFRESHED = timedelta(hours=6)
WITHDRAWN = "Annullato"  # of what its page no longer tells: a calendar learns that it is gone, and nothing else


def calendar_of(title: str, deadlines: Iterable[Deadline]) -> bytes:
    """The file, as bytes: the same for the same rows, so that its ETag holds."""
    calendar = Calendar()
    calendar.add("prodid", "-//Area Omogenea Cremasca//Portale//IT")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", vText(title))  # the library knows neither as a text, and would let them end their line
    calendar.add("x-wr-calname", vText(title))
    calendar.add("x-wr-timezone", "Europe/Rome")
    calendar.add("refresh-interval", vDuration(REFRESHED), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESHED))
    calendar.add_component(rome())
    for deadline in deadlines:
        calendar.add_component(event_of(deadline))
    return UNSPEAKABLE.sub(b"", calendar.to_ical())


@cache
def rome() -> Timezone:
    zone: Any = Timezone.from_ical(ROME)
    return zone


def event_of(deadline: Deadline) -> Event:
    """Of a row `with_all`, `with_last_change`."""
    event = Event()
    event.add("uid", str(deadline.uid))  # without a host (RFC 7986, 5.3): it stays when the portal moves
    event.add("sequence", sequence_of(deadline))
    changed = event_changed_at(deadline).astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    _add_hours(event, deadline)
    event.add("transp", "OPAQUE" if deadline.is_meeting and not deadline.is_all_day else "TRANSPARENT")
    is_off = deadline.is_called_off or not deadline.is_visible
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    if deadline.is_visible:
        _add_words(event, deadline)
    else:
        event.add("summary", WITHDRAWN)
    return event


def sequence_of(deadline: Deadline) -> int:
    """Of its page too, whose withdrawal changes no row of ours, and whose coming out by the clock makes no version."""
    return deadline.sequence + 2 * deadline.publication.version + deadline.is_visible


def event_changed_at(deadline: Deadline) -> datetime:
    came_out = deadline.publication.publish_at if deadline.is_visible else None
    return max(filter(None, (deadline.updated_at, deadline.page_changed_at, came_out)))


def _add_hours(event, deadline):
    """A term is at its end; a meeting lasts from start to end. The end of whole days is the day after (3.6.1)."""
    start = localtime(deadline.opens_at if deadline.is_meeting else deadline.closes_at)
    end = localtime(deadline.over_at)
    if deadline.is_all_day:
        event.add("dtstart", start.date())
        event.add("dtend", end.date() + timedelta(days=1))
    else:
        event.add("dtstart", start)
        if end > start:
            event.add("dtend", end)


def _add_words(event, deadline):
    event.add("summary", deadline.title if deadline.is_meeting else f"Scade: {deadline.title}")
    page = absolute_url(deadline.get_absolute_url())
    event.add("url", vUri(page))
    moved = [f"{what}: {why}" for what, why in deadline.story]
    called_off = [f"{deadline.countdown}: {deadline.called_off_why}"] if deadline.is_called_off else []
    lines = [*called_off, deadline.publication.title, deadline.when, f"Per: {', '.join(deadline.audiences)}"]
    event.add("description", "\n".join([*lines, *moved, *filter(None, [deadline.url]), page]))
    event.add("categories", [deadline.get_kind_display(), *deadline.audiences, *topics_of(deadline)])
    if deadline.place:
        event.add("location", deadline.place)


def topics_of(deadline: Deadline) -> list[str]:
    return [topic["name"] for topic in deadline.topic_labels]
