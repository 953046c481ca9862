"""How the library for accounts behaves here: by invitation only, in our words, for one day."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from areaomogenea.identity.address import absolute_url

from . import deferred_mail, devices, encryption
from .attempts import password_attempt
from .receivers import note_too_many
from .sessions import ENTERED

if TYPE_CHECKING:
    from .models import User

NOTICES = {  # what a person is told when a key of theirs changes, so that a thief cannot change it unseen
    "account/email/password_changed": "La password è stata cambiata.",
    "account/email/password_reset": "La password è stata cambiata, con il collegamento per chi l’ha dimenticata.",
    "account/email/email_changed": "L’indirizzo e-mail con cui entri è stato cambiato da chi amministra la redazione.",
    "mfa/email/totp_activated": "È stata collegata un’app che dà i codici di accesso.",
    "mfa/email/totp_deactivated": "L’app che dà i codici di accesso è stata scollegata.",
    "mfa/email/webauthn_added": "È stata aggiunta una passkey.",
    "mfa/email/webauthn_removed": "È stata tolta una passkey.",
    "mfa/email/recovery_codes_generated": "Sono nati nuovi codici di recupero: quelli di prima non valgono più.",
    "mfa/email/second_factor_reset": "Chi amministra la redazione ha tolto passkey, app e codici di recupero:"
    " al prossimo accesso li imposterai di nuovo.",
}
WAYS = {  # to prove that it is still you
    "reauthenticate": "Con la password",
    "mfa_reauthenticate": "Con il codice dell’app o con uno di recupero",
    "mfa_reauthenticate:webauthn": "Con una passkey",
}
WAITED_FOR = {"account/email/invitation"}


def close_after_a_day(session: SessionBase) -> None:
    """A date, not a duration: a duration would start again whenever something is kept in the session."""
    session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "L’indirizzo o la password non sono giusti.",
        "incorrect_password": "La password non è giusta.",
        "too_many_login_attempts": "Troppi tentativi sbagliati. Aspetta cinque minuti, poi riprova.",
        "rate_limited": "Troppi tentativi in poco tempo. Aspetta qualche minuto, poi riprova.",
        "invalid_password_reset": "Questo collegamento non vale più.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        return absolute_url(reverse("account_reset_password_from_key", args=[uid, token]))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self.attempt = password_attempt(request, credentials.get("email", ""))
        if not self.attempt.is_allowed:
            note_too_many(credentials.get("email", ""))
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user = super().authenticate(request, **credentials)
        if user:
            self.attempt.succeeded()
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        close_after_a_day(request.session)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Whoever came in minutes ago, all steps done, need not prove it again."""
        age = time.time() - self.request.session.get(ENTERED, 0)
        return age > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """Whoever has a second factor proves that one: the password alone may be what was stolen."""
        if not user.is_authenticated:
            return []
        ways = {way["id"]: way for way in super().get_reauthentication_methods(user)}
        if len(ways) > 1:
            ways.pop("reauthenticate", None)
        has_app = user.authenticator_set.filter(type=Authenticator.Type.TOTP).exists()
        order = list(WAYS) if has_app else list(reversed(WAYS))
        return [ways[name] | {"description": WAYS[name]} for name in order if name in ways]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> bool:
        """True if it left, or is about to. Nobody waits for a letter but who invites: they can send it again."""
        letter = self.render_mail(template_prefix, email, self.letter_context(email) | context)
        if template_prefix not in WAITED_FOR:
            deferred_mail.post(letter)
            return True
        if deferred_mail.deliver(letter):
            return True
        text = "La lettera non è partita: il servizio di posta non risponde. Riprova fra qualche minuto."
        messages.error(self.request, text)
        return False

    def letter_context(self, email: str) -> dict[str, Any]:
        return {"request": self.request, "email": email}

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> bool:
        """Whoever is not ours gets none. It is written all the same, so that nobody learns from how long it takes."""
        if user.pk:
            return super().send_password_reset_mail(user, user.email, context)
        self.render_mail("account/email/password_reset_key", email, self.letter_context(email) | context)
        return False

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        super().send_notification_mail("account/email/notice", user, {"what": NOTICES[template_prefix]}, email)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Il codice non è giusto. Ne nasce uno nuovo ogni 30 secondi: scrivi quello che vedi adesso.",
        "cannot_delete_authenticator": "È l’ultimo secondo fattore che hai e il tuo ruolo lo richiede:"
        " aggiungine prima un altro.",
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        others = user.authenticator_set.exclude(pk=authenticator.pk).exclude(type="recovery_codes")
        return others.exists() or not user.must_have_second_factor()

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return f"Passkey {user.authenticator_set.filter(type=type).count() + 1}"
