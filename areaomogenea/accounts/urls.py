"""The addresses of the door: the library's views under Italian names, never kept nor indexed, each with its limit."""

import logging
from functools import wraps

from allauth.account import views as account
from allauth.core.ratelimit import respond_429
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.shortcuts import render
from django.urls import path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from . import attempts, views
from .encryption import UnreadableError
from .origins import network_of

log = logging.getLogger(__name__)


def private(view):
    @never_cache
    @wraps(view)
    def private_view(request, *args, **kwargs):
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


def limited(view, limit):
    """Stops whoever insists: from one network, or as one person where they have already come in."""

    @wraps(view)
    def limited_view(request, *args, **kwargs):
        who = str(request.user.pk) if request.user.is_authenticated else network_of(request)
        if request.method == "POST" and not limit.take(who):
            return respond_429(request)
        return view(request, *args, **kwargs)

    return limited_view


def door(route, view, name, limit=None):
    return path(route, private(limited(view, limit) if limit else view), name=name)


urlpatterns = [
    door("", account.login, "account_login", attempts.LOGINS_FROM),
    door("passkey/", passkeys.login_webauthn, "mfa_login_webauthn", attempts.PASSKEYS_FROM),
    door("codice/", mfa.authenticate, "mfa_authenticate"),
    door("esci/", account.logout, "account_logout"),
    door("arrivederci/", views.farewell, "farewell"),
    door("sospeso/", account.account_inactive, "account_inactive"),
    door("iscrizione/", account.signup, "account_signup"),
    door("invito/<str:key>/", views.invitation, "invitation", attempts.INVITATIONS_FROM),
    door("conferma/", account.reauthenticate, "account_reauthenticate", attempts.CONFIRMATIONS_BY),
    door("conferma/codice/", mfa.reauthenticate, "mfa_reauthenticate", attempts.CONFIRMATIONS_BY),
    door(
        "conferma/passkey/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn", attempts.CONFIRMATIONS_BY
    ),
    door("password/", account.password_change, "account_change_password", attempts.CHANGES_BY),
    door("password/dimenticata/", views.forgotten_password, "account_reset_password"),
    door("password/dimenticata/inviata/", account.password_reset_done, "account_reset_password_done"),
    door("password/cambiata/", account.password_reset_from_key_done, "account_reset_password_from_key_done"),
    re_path(
        r"^password/nuova/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        private(limited(account.password_reset_from_key, attempts.NEW_PASSWORDS_FROM)),
        name="account_reset_password_from_key",
    ),
    # Whoever has no password yet gets one as those who forgot it do.
    door("password/scegli/", views.forgotten_password, "account_set_password"),
    door("sicurezza/", views.KeysView.as_view(), "mfa_index"),
    door("sicurezza/sessioni/<int:pk>/chiudi/", views.end_session, "end_session"),
    door("sicurezza/sessioni/chiudi-le-altre/", views.end_other_sessions, "end_other_sessions"),
    door("sicurezza/passkey/", RedirectView.as_view(pattern_name="mfa_index"), "mfa_list_webauthn"),
    door("sicurezza/passkey/nuova/", passkeys.add_webauthn, "mfa_add_webauthn"),
    door("sicurezza/passkey/<int:pk>/nome/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
    door("sicurezza/passkey/<int:pk>/togli/", views.RemovePasskeyView.as_view(), "mfa_remove_webauthn"),
    door("sicurezza/app/", totp.activate_totp, "mfa_activate_totp"),
    door("sicurezza/app/scollega/", totp.deactivate_totp, "mfa_deactivate_totp"),
    door("sicurezza/codici/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    door("sicurezza/codici/nuovi/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    door("sicurezza/codici/scarica/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes"),
]
