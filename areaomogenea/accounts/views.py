"""Pages of the door that the library does not have."""

from typing import Any

from allauth.account.utils import perform_login
from allauth.account.views import PasswordResetView
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from . import ledger
from .attempts import letter_attempt
from .confirmation import confirmed_recently
from .forms import AcceptForm
from .models import User
from .requests import UserRequest
from .sessions import UserSession, end_sessions


def farewell(request: HttpRequest) -> HttpResponse:
    return render(request, "account/farewell.html")


def invitation(request: HttpRequest, key: str) -> HttpResponse:
    user = User.objects.invited_with(key)
    form = AcceptForm(request.POST or None, user=user)
    if user and form.is_valid() and user.accept(form.cleaned_data["password1"]):
        logout(request)  # somebody else may have been using this browser
        return perform_login(request, user)
    if not user or form.is_valid():
        return render(request, "account/invitation_spent.html", status=410)
    return render(request, "account/invitation.html", {"form": form, "invited": user})


class RemovePasskeyView(RemoveWebAuthnView):
    """The library asks whether a factor may go only when it is an app."""

    def form_valid(self, form: Form) -> HttpResponse:
        adapter = get_mfa_adapter()
        if adapter.can_delete_authenticator(self.object):
            return super().form_valid(form)
        messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
        return redirect("mfa_index")


class ForgottenPasswordView(PasswordResetView):
    """The same answer, in the same time, whoever is asked for."""

    def form_valid(self, form: Form) -> HttpResponse:
        if not letter_attempt(self.request, form.cleaned_data["email"]).is_allowed:
            return respond_429(self.request)
        return super().form_valid(form)


forgotten_password = ForgottenPasswordView.as_view()


def minutes_in_words(minutes: int) -> str:
    """A time as one would say it."""
    hours, rest = divmod(minutes, 60)
    if rest:
        return f"{minutes} minuti"
    return "un’ora" if hours == 1 else f"{hours} ore"


class KeysView(IndexView):
    """By what, and where, somebody comes in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_now = UserSession.objects.open().of(self.request.user).latest_first()
        return super().get_context_data(**kwargs) | {
            "sessions": open_now,
            "this_session": self.request.session.session_key,
            "idle": minutes_in_words(settings.SESSION_IDLE_SECONDS // 60),
        }


@login_required
@require_POST
@confirmed_recently
def end_session(request: UserRequest, pk: int) -> HttpResponse:
    others = UserSession.objects.of(request.user).exclude(session_key=request.session.session_key)
    session = get_object_or_404(others, pk=pk)
    others.filter(pk=pk).end()
    ledger.note(ledger.Action.SESSIONS_ENDED, request.user, comment=session.device)
    messages.success(request, f"La sessione di {session.device} è chiusa.")
    return redirect("mfa_index")


@login_required
@require_POST
@confirmed_recently
def end_other_sessions(request: UserRequest) -> HttpResponse:
    number = end_sessions(request.user, but=request)
    ledger.note(ledger.Action.SESSIONS_ENDED, request.user, after={"sessions": number})
    messages.success(request, "Le altre sessioni sono chiuse: da lì bisogna entrare di nuovo.")
    return redirect("mfa_index")
