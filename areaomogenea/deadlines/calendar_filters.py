"""How readers narrow what is due, and which month of it they look at."""

from collections.abc import Mapping
from datetime import MAXYEAR
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from areaomogenea.identity.years import FIRST_YEAR
from areaomogenea.prose.forms import LineField
from areaomogenea.publishing.filters import FilterForm, StrictForm, choice_field, municipality_field, topic_field

from .models import Deadline, DeadlineQuerySet
from .month_view import YEARS_AHEAD, Month


class DueForm(FilterForm):
    filters = ("argomento", "comune", "per")

    argomento = topic_field()
    comune = municipality_field()
    per = choice_field(
        "Per chi",
        "Tutti",
        Deadline.Audience.choices,
        "Nessuna scadenza è per questa categoria: scegline una dall’elenco.",
    )

    def narrowed(self, deadlines: DeadlineQuerySet, cleaned_data: Mapping[str, Any]) -> DeadlineQuerySet:
        if topic := cleaned_data.get("argomento"):
            deadlines = deadlines.on(topic)
        if municipality := cleaned_data.get("comune"):
            deadlines = deadlines.about(municipality)
        if audience := cleaned_data.get("per"):
            deadlines = deadlines.meant_for(audience)
        return deadlines

    @property
    def filters_only(self) -> str:
        """The filters as the query of another address, "" when there are none."""
        return f"?{self.query.removesuffix('&')}" if self.query else ""

    @property
    def filter_names(self) -> list[str]:
        """What the filters say, in words."""
        cleaned_data = self.cleaned_data
        audience = cleaned_data.get("per") and Deadline.Audience(cleaned_data["per"]).label
        return [str(name) for name in (cleaned_data.get("argomento"), cleaned_data.get("comune"), audience) if name]


class DueFileForm(StrictForm, DueForm):
    """Of a file that a calendar follows for years: it says what it was asked for, or that it cannot."""

    @property
    def refusals(self) -> list[str]:
        """What is wrong, in plain words: a file has no fields to show it at."""
        return [message for _, message in self.faults]


class PastForm(DueForm):
    chiuse = forms.BooleanField(required=False, widget=forms.HiddenInput)


class MonthField(LineField):
    """Reads back what str(Month) writes."""

    widget = forms.HiddenInput
    default_error_messages = {
        "invalid": "Questo mese non si capisce: scrivilo come 2026-11, oppure parti da quello di adesso.",
        "far": f"Il calendario va dal {FIRST_YEAR} a {YEARS_AHEAD} anni da oggi: scegli un mese più vicino.",
    }

    def to_python(self, value: object) -> Month | None:
        value = super().to_python(value)
        if value in self.empty_values:
            return None
        year, dash, number = value.partition("-")
        if not (dash and all(part.isascii() and part.isdecimal() for part in (year, number))):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if len(year) != 4 or len(number) > 2 or not 1 <= int(number) <= 12 or not 1 <= int(year) < MAXYEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        month = Month(int(year), int(number))
        if not month.is_shown(timezone.localdate()):
            raise ValidationError(self.error_messages["far"], code="far")
        return month


class CalendarForm(DueForm):
    mese = MonthField(required=False)
