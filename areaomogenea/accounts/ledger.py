"""The one word for writing in the ledger, and who is asking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from .entries import Action, Entry, Particulars
from .ledger_values import difference, is_personal, state_of
from .origins import ip_address_of

if TYPE_CHECKING:
    from .models import User

__all__ = ["Action", "Reference", "asking", "change", "note", "note_change", "note_within", "reference"]

HOUR = timedelta(hours=1)
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


class Reference(NamedTuple):
    """A row as the ledger points at it; of one that is about to go, to be noted when it is gone."""

    model: str
    key: str
    label: str

    @classmethod
    def to(cls, row: models.Model) -> Self:
        return cls(*reference(row), "" if is_personal(row._meta.model) else str(row))


@contextmanager
def asking(request: HttpRequest) -> Iterator[None]:
    """Whatever is noted within is noted of who makes this request, and from where."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def note(
    action: str,
    row: models.Model | Reference | None = None,
    *,
    by: User | None = None,
    before: dict | None = None,
    after: dict | None = None,
    comment: str = "",
    model: str = "",
    key: str = "",
) -> Entry:
    """Writes a line, in the transaction of what it tells.

    `by` is who asks unless told otherwise. `before` and `after` are dicts of what differs, by field; no secret and
    no name of a person comes in here (`ledger_values.register_description` says which fields those are). Of what has
    no row there are `model` and `key`, or neither.
    """
    request = _request.get()
    if isinstance(row, models.Model):
        row = Reference.to(row)
    model, key, label = row or (model, key, "")
    where = {"model": model, "key": key[:64], "address": ip_address_of(request) if request else None}
    particulars = {"label": label[:120], "comment": comment[:255], "before": before or None, "after": after or None}
    with transaction.atomic(savepoint=False):
        entry = Entry.objects.create(by=by or (person_of(request) if request else None), action=action, **where)
        if any(particulars.values()):
            Particulars.objects.create(entry=entry, **particulars)
    return entry


def note_within(
    most: int, action: str, within: dict, *, once: bool = False, comment: str = "", **fields: Any
) -> Entry | None:
    """As `note`, of what somebody can make happen without end: at most so many an hour of those that `within` tells.

    The last of the hour says that it is. With `once`, the same comment is noted once an hour.
    """
    lately = Entry.objects.of(action).filter(**within).since(timezone.now() - HOUR)
    known = list(lately.latest_first().values_list("particulars__comment", flat=True)[:most])
    if len(known) >= most or (once and comment[:255] in known):
        return None
    if len(known) == most - 1:
        comment = f"{comment[:200]} (le altre di quest’ora non sono annotate)".strip()
    return note(action, comment=comment, **fields)


@contextmanager
def change(row: models.Model, *relations: Any, comment: str = "") -> Iterator[None]:
    """Notes what the block changes of a row, or that it came to be; nothing when nothing changed."""
    stored = row._meta.model._base_manager.filter(pk=row.pk).first() if row.pk else None
    before = state_of(stored, relations) if stored else None
    with transaction.atomic():
        yield
        note_change(row, before, state_of(row._meta.model._base_manager.get(pk=row.pk), relations), comment)


def note_change(row: models.Model, before: dict | None, after: dict | None, comment: str = "") -> Entry | None:
    """The line that tells one state of a row and the next; None when they are the same."""
    if before is None:
        return note(Action.ADDED, row, after=after, comment=comment)
    before, after = difference(before, after or {})
    if before == after and not comment:
        return None
    return note(Action.CHANGED, row, before=before, after=after, comment=comment)


def reference(row: models.Model) -> tuple[str, str]:
    """(model, key) of a row; of a child table, those of the parent row that all its kinds share."""
    parents = row._meta.get_parent_list()
    return (parents[-1] if parents else row)._meta.label_lower, str(row.pk or "")


def person_of(request: HttpRequest) -> User | None:
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None
