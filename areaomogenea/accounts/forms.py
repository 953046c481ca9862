"""What people type at the door."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField, SetPasswordField
from allauth.account.forms import LoginForm as BaseLoginForm
from allauth.account.forms import PasswordVerificationMixin, ResetPasswordForm
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from cryptography.exceptions import InvalidSignature
from django import forms
from django.http import HttpRequest, HttpResponse
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from areaomogenea.prose.forms import LineField

from .adapters import close_after_a_day
from .attempts import SPENT_CODE, code_attempt
from .models import User
from .receivers import note_too_many

UNKNOWN_PASSKEY = "La passkey non è stata riconosciuta. Riprova, o entra in un altro modo."


class LoginForm(BaseLoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail"
        self.fields["login"].widget.attrs["autofocus"] = True
        self.fields["password"].help_text = ""  # the page has a link of its own for those who forgot

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response = super().login(request, redirect_url)
        close_after_a_day(request.session)
        return response


class ForgottenPasswordForm(ResetPasswordForm):
    """For an address that is nobody's it does the same, but for the letter that leaves."""

    def clean_email(self) -> str:
        email = super().clean_email()
        self.users = self.users or [User(pk=0, email=email)]
        return email


class CodeForm(forms.Form):
    """Mixin: errors are counted where nothing forgets them, and a code that was right is spent."""

    def clean_code(self) -> str:
        attempt = code_attempt(context.request, self.user)
        if not attempt.is_allowed:
            note_too_many(self.user.email)
            raise get_adapter().validation_error("too_many_login_attempts")
        code = super().clean_code()
        if not SPENT_CODE.take(f"{self.user.pk}:{normalize_user_code(code)}"[:90]):
            raise get_mfa_adapter().validation_error("incorrect_code")
        attempt.succeeded()
        return code


class SecondStepForm(CodeForm, AuthenticateForm):
    pass


class ConfirmByCodeForm(CodeForm, ReauthenticateForm):
    pass


class ConnectAppForm(CodeForm, ActivateTOTPForm):
    pass


class AcceptForm(PasswordVerificationMixin, forms.Form):
    """The password that an invited person chooses."""

    password1 = SetPasswordField(label="Scegli una password")
    password2 = PasswordField(label="Scrivila di nuovo", autocomplete="new-password")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].user = user


class DeviceAnswer(forms.JSONField):
    """What a device says in a ceremony. The library trusts its shape, which anybody can make up."""

    def __init__(self, kind):
        super().__init__(widget=forms.HiddenInput)
        self.kind = kind

    def clean(self, value: Any) -> Any:
        answer = super().clean(value)
        try:
            self.kind.from_dict(answer)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise forms.ValidationError(UNKNOWN_PASSKEY) from error
        return answer


class PasskeyName(LineField):
    def __init__(self, **kwargs):
        super().__init__(label="Nome, per riconoscerla", max_length=60, **kwargs)


class AddPasskeyForm(passkeys.AddWebAuthnForm):
    name = PasskeyName(required=False)
    credential = DeviceAnswer(RegistrationResponse)


class RenamePasskeyForm(passkeys.EditWebAuthnForm):
    name = PasskeyName()


class KnownPasskeyForm(forms.Form):
    credential = DeviceAnswer(AuthenticationResponse)

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except (InvalidSignature, forms.ValidationError) as error:
            if getattr(error, "code", "incorrect_code") != "incorrect_code":
                raise
            raise forms.ValidationError(UNKNOWN_PASSKEY) from error


class EnterByPasskeyForm(KnownPasskeyForm, passkeys.LoginWebAuthnForm):
    pass


class SecondStepByPasskeyForm(KnownPasskeyForm, passkeys.AuthenticateWebAuthnForm):
    pass


class ConfirmByPasskeyForm(KnownPasskeyForm, passkeys.ReauthenticateWebAuthnForm):
    pass
