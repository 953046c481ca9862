"""Days known more or less exactly: many sources give a month, or a year, and no more."""

from calendar import monthrange
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format


class Dated(models.Model):
    """A day with how much of it is known; a month stands as its first day, a year as its first of January."""

    class Precision(models.TextChoices):
        DAY = "day", "giorno"
        MONTH = "month", "solo mese e anno"
        YEAR = "year", "solo anno"

    on = models.DateField("data", null=True, blank=True)
    precision = models.CharField("della data si sa", max_length=5, choices=Precision, default=Precision.DAY)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.on and self.precision != self.Precision.DAY:
            self.on = self.on.replace(day=1)
        if self.on and self.precision == self.Precision.YEAR:
            self.on = self.on.replace(month=1)
        super().save(*args, **kwargs)

    @property
    def when(self) -> str:
        """As much as is known, in words; "" when nothing is."""
        return date_in_words(self.on, self.precision)

    @property
    def last_day(self) -> date:
        """The last of what is known: of its month, of its year."""
        match self.precision:
            case Dated.Precision.YEAR:
                return self.on.replace(month=12, day=31)
            case Dated.Precision.MONTH:
                return self.on.replace(day=monthrange(self.on.year, self.on.month)[1])
        return self.on

    def is_past(self) -> bool:
        return self.on is not None and self.last_day < timezone.localdate()

    @property
    def when_machines_read(self) -> str:
        """The same for the `datetime` of a <time> element: 2024-11-28, 2024-11 or 2024."""
        length = {Dated.Precision.DAY: 10, Dated.Precision.MONTH: 7, Dated.Precision.YEAR: 4}[
            Dated.Precision(self.precision)
        ]
        return self.on.isoformat()[:length] if self.on else ""


def from_day(day: date) -> str:
    """«dal 3 maggio 2024», «dall’8 maggio 2024»."""
    return ("dall’" if day.day in BEGIN_WITH_A_VOWEL else "dal ") + date_in_words(day)


def on_day(day: date) -> str:
    """«il 3 maggio 2024», «l’8 maggio 2024»."""
    return ("l’" if day.day in BEGIN_WITH_A_VOWEL else "il ") + date_in_words(day)


BEGIN_WITH_A_VOWEL = (8, 11)


def date_in_words(day: date | None, precision: str = Dated.Precision.DAY) -> str:
    if not day:
        return ""
    if precision == Dated.Precision.YEAR:
        return f"{day.year}"
    if precision == Dated.Precision.MONTH:
        return date_format(day, "F Y").lower()
    text = date_format(day, "j F Y").lower()
    return f"1º{text[1:]}" if day.day == 1 else text
