"""The addresses of the door: the library's views under Italian names, never kept, never indexed."""

from functools import wraps

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from . import views


def private(view):
    @never_cache
    @wraps(view)
    def private_view(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return private_view


def door(route, view, name):
    return path(route, private(view), name=name)


urlpatterns = [
    door("", account.login, "account_login"),
    door("passkey/", passkeys.login_webauthn, "mfa_login_webauthn"),
    door("codice/", mfa.authenticate, "mfa_authenticate"),
    door("esci/", account.logout, "account_logout"),
    door("arrivederci/", views.farewell, "farewell"),
    door("sospeso/", account.account_inactive, "account_inactive"),
    door("iscrizione/", account.signup, "account_signup"),
    door("invito/<str:key>/", views.invitation, "invitation"),
    door("conferma/", account.reauthenticate, "account_reauthenticate"),
    door("conferma/codice/", mfa.reauthenticate, "mfa_reauthenticate"),
    door("conferma/passkey/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    door("password/", account.password_change, "account_change_password"),
    door("password/dimenticata/", account.password_reset, "account_reset_password"),
    door("password/dimenticata/inviata/", account.password_reset_done, "account_reset_password_done"),
    door("password/cambiata/", account.password_reset_from_key_done, "account_reset_password_from_key_done"),
    re_path(
        r"^password/nuova/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        private(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    # Whoever has no password yet gets one as those who forgot it do.
    door("password/scegli/", account.password_reset, "account_set_password"),
    door("sicurezza/", mfa.index, "mfa_index"),
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
