"""What the door announces, for the ledger: who came in and who did not, and what became of their keys."""

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from . import ledger
from .ledger import Action
from .ledger_values import fingerprint

MOST_FAILURES = 30  # of one account in an hour, and of all unknown ones together
MOST_STOPPED = 6
FACTORS = {"totp": "App con i codici", "webauthn": "Passkey", "recovery_codes": "Codici di recupero"}


def of_person(action):
    """Notes this of the person that a signal is about, who did it."""

    def listener(user=None, authenticator=None, **kwargs):
        if user is not None:
            kind = FACTORS.get(authenticator.type, authenticator.type) if authenticator else ""
            ledger.note(action, user, by=user, comment=kind)

    return listener


def note_failed_login(credentials, **kwargs):
    """Of an account that is here, by its key; else the typed address by its fingerprint: it may be a password."""
    typed = str(credentials.get("email") or credentials.get("username") or "")
    user = get_user_model().objects.filter(email__iexact=typed.replace("\0", "")).first()
    if user:
        model, key = ledger.reference(user)
        ledger.note_within(MOST_FAILURES, Action.LOGIN_FAILED, {"model": model, "key": key}, model=model, key=key)
    else:
        comment = f"Nessuna persona con questo indirizzo: impronta {fingerprint(typed)}"
        ledger.note_within(MOST_FAILURES, Action.LOGIN_FAILED, {"model": ""}, comment=comment)


def note_too_many(email):
    """Of whom the door makes wait, whoever is trying."""
    user = get_user_model().objects.filter(email__iexact=email.replace("\0", "")).first()
    model, key = ledger.reference(user) if user else ("", "")
    target = {"model": model, "key": key}
    ledger.note_within(MOST_STOPPED, Action.LOGIN_STOPPED, target, **target)


def note_failed_factor(user, authenticator=None, **kwargs):
    model, key = ledger.reference(user)
    within = {"model": model, "key": key}
    kind = FACTORS.get(authenticator.type, "") if authenticator else ""
    ledger.note_within(MOST_FAILURES, Action.FACTOR_FAILED, within, by=user, comment=kind, **within)


def listen():
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
