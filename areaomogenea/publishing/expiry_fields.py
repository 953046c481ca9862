"""An expiry as a field of a table and of a form: a day and, if it counts, an hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import from_current_timezone

from areaomogenea.identity.years import FIRST_YEAR, LAST_YEAR

from .expiry import END_OF_DAY, expiry_in_words


class ExpiryField(models.DateTimeField):
    """An instant; the last second of a day stands for the whole day, wherever people read or write it."""

    def in_words(self, value: datetime) -> str:
        return expiry_in_words(value)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        kwargs |= {"form_class": ExpiryFormField}
        kwargs.pop("widget", None)  # the admin's own for any instant
        return super().formfield(**kwargs)


class ExpiryWidget(AdminSplitDateTime):
    """Two boxes; that of the hour stays empty where the whole day counts."""

    def decompress(self, value: datetime | None) -> list[date | time | None]:
        day, hour = super().decompress(value)
        return [day, None if hour == END_OF_DAY else hour]


class ExpiryFormField(forms.MultiValueField):
    widget = ExpiryWidget

    def __init__(self, **kwargs):
        fields = (
            forms.DateField(required=False, error_messages={"invalid": "Scrivi il giorno come 31/12/2026."}),
            forms.TimeField(required=False, error_messages={"invalid": "Scrivi l’ora come 18:30, o lasciala vuota."}),
        )
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, typed: Iterable[Any]) -> datetime | None:
        day, hour = typed or (None, None)
        if not day and not hour:
            return None
        if not day:
            raise ValidationError("Scrivi anche il giorno.")
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(f"Scrivi un anno fra il {FIRST_YEAR} e il {LAST_YEAR}.")
        try:
            return from_current_timezone(datetime.combine(day, hour or END_OF_DAY))
        except ValidationError:
            raise ValidationError("Quella notte cambia l’ora, e questa non vale: scegline un’altra.") from None
