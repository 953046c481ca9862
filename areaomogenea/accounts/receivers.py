"""What the door announces, for the ledger: who came in and who did not, and what became of their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from . import ledger
from .ledger import Action
from .ledger_values import fingerprint

if TYPE_CHECKING:
    from .models import User

MOST_FAILURES = 30  # of one account in an hour, and of all unknown ones together
MOST_STOPPED = 6
FACTORS = {"totp": "App con i codici", "webauthn": "Passkey", "recovery_codes": "Codici di recupero"}


def of_person(action: str) -> Callable[..., None]:
    """Notes this of the person that a signal is about, who did it."""

    def listener(user: User | None = None, authenticator: Authenticator | None = None, **kwargs: object) -> None:
        if user is not None:
            kind = FACTORS.get(authenticator.type, authenticator.type) if authenticator else ""
            ledger.note(action, user, by=user, comment=kind)

    return listener


def note_failed_login(credentials: Mapping[str, str], **kwargs: object) -> None:
    """Of an account that is here, by its key; else the typed address by its fingerprint: it may be a password."""
    typed = str(credentials.get("email") or credentials.get("username") or "")
    user = get_user_model().objects.filter(email__iexact=typed.replace("\0", "")).first()
    if user:
        model, key = ledger.reference(user)
        ledger.note_within(MOST_FAILURES, Action.LOGIN_FAILED, {"model": model, "key": key}, model=model, key=key)
    else:
        comment = f"Nessuna persona con questo indirizzo: impronta {fingerprint(typed)}"
        ledger.note_within(MOST_FAILURES, Action.LOGIN_FAILED, {"model": ""}, comment=comment)


def note_too_many(email: str) -> None:
    """Of whom the door makes wait, whoever is trying."""
    user = get_user_model().objects.filter(email__iexact=email.replace("\0", "")).first()
    model, key = ledger.reference(user) if user else ("", "")
    ledger.note_within(MOST_STOPPED, Action.LOGIN_STOPPED, {"model": model, "key": key}, model=model, key=key)


def note_failed_factor(user: User, authenticator: Authenticator | None = None, **kwargs: object) -> None:
    model, key = ledger.reference(user)
    kind = FACTORS.get(authenticator.type, "") if authenticator else ""
    ledger.note_within(
        MOST_FAILURES, Action.FACTOR_FAILED, {"model": model, "key": key}, by=user, comment=kind, model=model, key=key
    )


def listen() -> None:
    actions = {
        user_logged_in: Action.LOGGED_IN,
        user_logged_out: Action.LOGGED_OUT,
        account.password_set: Action.PASSWORD_CHANGED,
        account.password_changed: Action.PASSWORD_CHANGED,
        account.password_reset: Action.PASSWORD_RESET,
        mfa.authenticator_added: Action.FACTOR_ADDED,
        mfa.authenticator_removed: Action.FACTOR_REMOVED,
        mfa.authenticator_reset: Action.FACTOR_RESET,
    }
    for signal, action in actions.items():
        signal.connect(of_person(action), weak=False)
    user_login_failed.connect(note_failed_login)
    mfa.authentication_failed.connect(note_failed_factor)
