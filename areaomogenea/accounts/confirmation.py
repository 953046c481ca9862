"""Grave pages ask again who is there: `confirmed_recently` for a view, `ConfirmedAdmin` for the pages of an admin."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpResponseBase

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as Admin  # what it stands in front of
    from django.http import HttpRequest, HttpResponse
else:
    Admin = object


def ask_again(request: HttpRequest) -> None:
    """Stops the request of whoever did not come in, or prove a second factor again, in the last quarter of an hour.

    ACCOUNT_REAUTHENTICATION_TIMEOUT says how long that is; whoever has no second factor proves the password. They are
    led to the page that asks, and back: a form that was being sent goes on, without the files that came with it.
    """
    if is_reauthentication_required(request, app="areaomogenea.accounts"):
        raise ReauthenticationRequired


def confirmed_recently(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorator of a view that does something grave: see `ask_again`.

    It comes inside of what asks whether this person may see the view at all, so that others get their 403.
        path("registro/", admin_site.admin_view(confirmed_recently(ledger)))
    """

    @wraps(view)
    def confirmed_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ask_again(request)
        return view(request, *args, **kwargs)

    return confirmed_view


class ConfirmedAdmin(Admin):
    """Mixin of a ModelAdmin all of whose pages are grave: see `ask_again`.

    class PersonAdmin(ConfirmedAdmin, admin.ModelAdmin): ...
    """

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._ask_again(request)
        return super().changelist_view(request, *args, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._ask_again(request)
        return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._ask_again(request)
        return super().delete_view(request, *args, **kwargs)

    def history_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._ask_again(request)
        return super().history_view(request, *args, **kwargs)

    def _ask_again(self, request):
        """Nobody proves anything in order to read that they may not come in."""
        if self.has_view_or_change_permission(request) or self.has_add_permission(request):
            ask_again(request)
