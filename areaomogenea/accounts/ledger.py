"""The one word for writing in the ledger, and who is asking."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from .models import Action, Entry, Particulars
from .telling import difference, is_personal, state_of

__all__ = ["Action", "asking", "change", "note", "note_within", "reference"]

HOUR = timedelta(hours=1)
_request = ContextVar("request", default=None)


@contextmanager
def asking(request):
    """Whatever is noted within is noted of who makes this request, and from where."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def note(action, row=None, *, by=None, before=None, after=None, comment="", model="", key=""):
    """Writes a line, in the transaction of what it tells: the Entry.

    `by` is who asks unless told otherwise. `before` and `after` are dicts of what differs, by field; no secret and
    no name of a person comes in here (`telling.describe` says which fields those are). Of what has no row there are
    `model` and `key`, or neither.
    """
    request = _request.get()
    by = by or person_of(request)
    label = ""
    if row is not None:
        model, key = reference(row)
        label = "" if is_personal(type(row)) else str(row)
    address = address_of(request)
    words = {"label": label[:120], "comment": comment[:255], "before": before, "after": after}
    with transaction.atomic(savepoint=False):
        entry = Entry.objects.create(by=by, action=action, model=model, key=key[:64], address=address)
        if any(words.values()):
            Particulars.objects.create(entry=entry, **words)
    return entry


def note_within(most, action, *, by=None, comment="", **told):
    """As `note`, of what anybody can make happen without end: the same once an hour, and at most so many; or None.

    The last of the hour says that it is.
    """
    by = by or person_of(_request.get())
    lately = Entry.objects.of(action).filter(by=by).since(timezone.now() - HOUR)
    known = list(lately.latest_first().values_list("model", "key", "particulars__comment")[:most])
    same = told.get("model", ""), told.get("key", ""), comment[:255] or None
    if len(known) >= most or same in known:
        return None
    if len(known) == most - 1:
        comment = f"{comment[:200]} (le altre di quest’ora non sono annotate)"
    return note(action, by=by, comment=comment, **told)


@contextmanager
def change(row, *relations, comment=""):
    """Notes what the block changes of a row, or that it came to be; nothing when nothing changed."""
    stored = type(row)._base_manager.filter(pk=row.pk).first() if row.pk else None
    before = state_of(stored, relations) if stored else None
    with transaction.atomic():
        yield
        note_change(row, before, state_of(type(row)._base_manager.get(pk=row.pk), relations), comment)


def note_change(row, before, after, comment=""):
    """The line that tells one state of a row and the next; None when they are the same."""
    if before is None:
        return note(Action.ADDED, row, after=after, comment=comment)
    if after is None:
        return note(Action.DELETED, row, before=before, comment=comment)
    before, after = difference(before, after)
    if before == after and not comment:
        return None
    return note(Action.CHANGED, row, before=before, after=after, comment=comment)


def reference(row):
    """(model, key) of a row; of a child table, those of the parent row that all its kinds share."""
    parents = row._meta.get_parent_list()
    return (parents[-1] if parents else row)._meta.label_lower, str(row.pk)


def person_of(request):
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def address_of(request):
    """From where, as the door counts proxies; None when nobody asks, or when it cannot be told."""
    if request is None:
        return None
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None
