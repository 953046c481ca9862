"""Whom a page leads to: its own offices, and the general one where they cannot be reached or there are none."""

from typing import NamedTuple

from .models import Office, OfficeQuerySet


class Contacts(NamedTuple):
    offices: list[Office]
    general: Office | None


def contacts_of(offices: OfficeQuerySet) -> Contacts:
    """Of now, each as `with_hours` brings it."""
    own = list(offices.current().with_hours())
    if any(office.is_reachable for office in own):
        return Contacts(own, None)
    return Contacts(
        own, Office.objects.current().general().exclude(pk__in=[row.pk for row in own]).with_hours().first()
    )
