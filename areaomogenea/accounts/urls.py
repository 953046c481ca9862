"""The addresses of the door: the library's views under Italian names, never kept nor indexed, each with its limit."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.core.ratelimit import respond_429
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from . import attempts, views
from .encryption import UnreadableError
from .origins import network_of

log = logging.getLogger(__name__)


def private(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @never_cache
    @wraps(view)
    def private_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()  # what it shows is read only now
        except UnreadableError:
            log.exception(
                "No key here opens the second factors: SECOND_FACTOR_KEY is not the one they were written with."
            )
            response = render(request, "mfa/unreadable.html", status=503)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return private_view


def limited(view: Callable[..., HttpResponseBase], limit: attempts.Limit) -> Callable[..., HttpResponseBase]:
    """Stops whoever insists: from one network, or as one person where they have already come in."""

    @wraps(view)
    def limited_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        who = str(request.user.pk) if request.user.is_authenticated else network_of(request)
        if request.method == "POST" and not limit.take(who):
            return respond_429(request)
        return view(request, *args, **kwargs)

    return limited_view


def account_path(
    route: str, view: Callable[..., HttpResponseBase], name: str, limit: attempts.Limit | None = None
) -> URLPattern:
    return path(route, private(limited(view, limit) if limit else view), name=name)


urlpatterns = [
    account_path("", account.login, "account_login", attempts.LOGINS_FROM),
    account_path("passkey/", passkeys.login_webauthn, "mfa_login_webauthn", attempts.PASSKEYS_FROM),
    account_path("codice/", mfa.authenticate, "mfa_authenticate"),
    account_path("esci/", account.logout, "account_logout"),
    account_path("arrivederci/", views.farewell, "farewell"),
    account_path("sospeso/", account.account_inactive, "account_inactive"),
    account_path("iscrizione/", account.signup, "account_signup"),
    account_path("invito/<str:key>/", views.invitation, "invitation", attempts.INVITATIONS_FROM),
    account_path("conferma/", account.reauthenticate, "account_reauthenticate", attempts.CONFIRMATIONS_BY),
    account_path("conferma/codice/", mfa.reauthenticate, "mfa_reauthenticate", attempts.CONFIRMATIONS_BY),
    account_path(
        "conferma/passkey/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn", attempts.CONFIRMATIONS_BY
    ),
    account_path("password/", account.password_change, "account_change_password", attempts.CHANGES_BY),
    account_path("password/dimenticata/", views.forgotten_password, "account_reset_password"),
    account_path("password/dimenticata/inviata/", account.password_reset_done, "account_reset_password_done"),
    account_path("password/cambiata/", account.password_reset_from_key_done, "account_reset_password_from_key_done"),
    re_path(
        r"^password/nuova/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        private(limited(account.password_reset_from_key, attempts.NEW_PASSWORDS_FROM)),
        name="account_reset_password_from_key",
    ),
    # Whoever has no password yet gets one as those who forgot it do.
    account_path("password/scegli/", views.forgotten_password, "account_set_password"),
    account_path("sicurezza/", views.KeysView.as_view(), "mfa_index"),
    account_path("sicurezza/sessioni/<int:pk>/chiudi/", views.end_session, "end_session"),
    account_path("sicurezza/sessioni/chiudi-le-altre/", views.end_other_sessions, "end_other_sessions"),
    account_path("sicurezza/passkey/", RedirectView.as_view(pattern_name="mfa_index"), "mfa_list_webauthn"),
    account_path("sicurezza/passkey/nuova/", passkeys.add_webauthn, "mfa_add_webauthn"),
    account_path("sicurezza/passkey/<int:pk>/nome/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
    account_path("sicurezza/passkey/<int:pk>/togli/", views.RemovePasskeyView.as_view(), "mfa_remove_webauthn"),
    account_path("sicurezza/app/", totp.activate_totp, "mfa_activate_totp"),
    account_path("sicurezza/app/scollega/", totp.deactivate_totp, "mfa_deactivate_totp"),
    account_path("sicurezza/codici/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    account_path("sicurezza/codici/nuovi/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    account_path("sicurezza/codici/scarica/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes"),
]
