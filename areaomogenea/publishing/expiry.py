"""Until when something holds: an hour, or a day, which lasts to its end."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.timezone import localtime

END_OF_DAY = time(23, 59, 59)  # of Rome: a day without an hour counts to its last second, which no form can type
A_DAY = timedelta(days=1)
BEGIN_WITH_A_VOWEL = (8, 11)


def is_whole_day(at: datetime) -> bool:
    return localtime(at).time().replace(microsecond=0) == END_OF_DAY


def is_over(at: datetime, now: datetime | None = None) -> bool:
    """Whether that hour, or the last second of that day, has gone by."""
    return at < (now or timezone.now()).replace(microsecond=0)


def midnight(day: date) -> datetime:
    """The instant at which a day begins in Rome."""
    return timezone.make_aware(datetime.combine(day, time()))


def end_of(day: date) -> datetime:
    """The instant that a day stands for."""
    return timezone.make_aware(datetime.combine(day, END_OF_DAY))


def until(at: datetime) -> str:
    """«Vale fino al 10 dicembre 2026», «Vale fino alle 12:00 dell’8 dicembre 2026»."""
    return f"Vale fino {_at('al', localtime(at))}"


def over_since(at: datetime) -> str:
    """«Non vale più dall’11 dicembre 2026», «Non vale più dalle 12:00 del 10 dicembre 2026»."""
    local = localtime(at)
    return f"Non vale più {_on('dal', local + timedelta(days=1)) if is_whole_day(at) else _at('dal', local)}"


def expiry_in_words(at: datetime) -> str:
    """«10 dicembre 2026», «10 dicembre 2026, 12:00»."""
    local = localtime(at)
    return day_in_words(local) if is_whole_day(at) else f"{day_in_words(local)}, {local:%H:%M}"


def _at(preposition, local):
    if is_whole_day(local):
        return _on(preposition, local)
    hour = f"l’1:{local:%M}" if local.hour == 1 else f"le {local:%H:%M}"
    return f"{preposition}{hour} {_on('del', local)}"


def _on(preposition, local):
    return f"{preposition}{'l’' if local.day in BEGIN_WITH_A_VOWEL else ' '}{day_in_words(local)}"


def day_in_words(local: date) -> str:
    """«10 dicembre 2026», «1º dicembre 2026»."""
    text = formatted(local, "j F Y").lower()
    return f"1º{text[1:]}" if local.day == 1 else text
