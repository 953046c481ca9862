"""Pages cut by date, not by number: an address keeps its meaning when news arrives, and no page costs more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from .models import Publication, PublicationQuerySet

PAGE_SIZE = 12


@dataclass(frozen=True)
class Cursor:
    """A place in the river of publications: an hour, and the row there."""

    publish_at: datetime
    pk: int

    def __str__(self):
        return f"{self.publish_at.astimezone(UTC):%Y%m%dT%H%M%SZ}.{self.pk}"

    @classmethod
    def at(cls, publication: Publication) -> Self:
        return cls(publication.publish_at, publication.pk)  # type: ignore[arg-type]  # it came out


class CursorField(forms.CharField):
    """Reads back what str(Cursor) writes."""

    widget = forms.HiddenInput
    default_error_messages = {"invalid": "Questo indirizzo di pagina non è valido: riparti dalla prima."}

    def to_python(self, value: Any) -> Cursor | None:
        value = super().to_python(value)
        if value in self.empty_values:
            return None
        hour, _, pk = value.partition(".")
        try:
            publish_at = datetime.strptime(hour, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
                raise ValueError(pk)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        return Cursor(publish_at, int(pk))


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursors of the neighbouring pages (None at the ends)."""

    rows: list
    newer: Cursor | None
    older: Cursor | None


def page_of(
    publications: PublicationQuerySet, before: Cursor | None = None, after: Cursor | None = None, size: int = PAGE_SIZE
) -> Page:
    """The page of a queryset that follows `before`, or precedes `after`, or else the first; latest first."""
    if after and not before:
        rows = list(publications.newer_than(after).oldest_first()[: size + 1])
        more, rows = len(rows) > size, rows[:size][::-1]
        newer, older = more, bool(rows)
    else:
        river = publications.older_than(before) if before else publications
        rows = list(river.latest_first()[: size + 1])
        more, rows = len(rows) > size, rows[:size]
        newer, older = before is not None and bool(rows), more
    return Page(rows, Cursor.at(rows[0]) if newer else None, Cursor.at(rows[-1]) if older else None)
