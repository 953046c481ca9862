"""Pages of the door that the library does not have."""

from allauth.account.utils import perform_login
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render

from ..people import User
from .forms import AcceptForm


def farewell(request):
    return render(request, "account/farewell.html")


def invitation(request, key):
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

    def form_valid(self, form):
        adapter = get_mfa_adapter()
        if adapter.can_delete_authenticator(self.object):
            return super().form_valid(form)
        messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
        return redirect("mfa_index")
