"""When a key of somebody changes, whoever else is inside as them must come in again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in
from django.db.models import Model
from django.db.models.signals import m2m_changed
from django.http import HttpRequest

from .sessions import end_sessions, note_entry

if TYPE_CHECKING:
    from .models import User

OWN = [password_changed, password_reset, password_set, authenticator_added, authenticator_removed, authenticator_reset]


def key_changed(sender: type[Model], request: HttpRequest, user: User, **kwargs: object) -> None:
    end_sessions(user, but=request)


def entered(sender: type[Model], request: HttpRequest, user: User, **kwargs: object) -> None:
    note_entry(request, user)


def role_changed(
    sender: type[Model],
    instance: Any,
    action: str,
    reverse: bool,
    pk_set: set[int] | None,
    model: type[Model],
    **kwargs: object,
) -> None:
    """Of one person, or of all those whom a group has gained or lost."""
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    if action != "pre_clear" and not pk_set:
        return
    people: Iterable[User] = [instance]
    if reverse:
        people = get_user_model().objects.filter(pk__in=pk_set) if pk_set else instance.user_set.all()
    for person in people:
        end_sessions(person)


def watch() -> None:
    for signal in OWN:
        signal.connect(key_changed)
    user_logged_in.connect(entered)
    user = get_user_model()
    for roles in (user.groups.through, user.user_permissions.through):
        m2m_changed.connect(role_changed, sender=roles)
