"""Who asks, for the ledger; and what it tells of answers: refusals, and files that leave the desk."""

from collections.abc import Callable
from inspect import unwrap
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.encoding import escape_uri_path

from . import ledger
from .ledger import Action

MOST_REFUSALS = 30  # of one person, in an hour


def noting(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: stands inside the one that knows the person, and around all that may refuse."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with ledger.asking(request):
            response = get_response(request)
            is_at_desk = request.path.startswith(reverse("admin:index"))
            # Only where somebody may be known: a reader's page asks for no session.
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                if response.status_code == 403 or (response.status_code == 404 and is_at_desk):
                    note_refusal(request)
                elif response.headers.get("Content-Disposition", "").startswith("attachment"):
                    note_export(request, response)
        return response

    return middleware


def note_refusal(request: HttpRequest) -> None:
    """At the desk the 404 is a refusal: of a foreign row it says no more than that there is none."""
    if person := ledger.person_of(request):
        comment = f"{request.method} {escape_uri_path(request.path)}"  # it may hold what no database does, as NUL
        within = {"by": person}
        ledger.note_within(MOST_REFUSALS, Action.DENIED, within, once=True, comment=comment, **target_of(request))


def note_export(request: HttpRequest, response: HttpResponse) -> None:
    if ledger.person_of(request):
        name = response.headers["Content-Disposition"].partition("filename=")[2].strip('"')
        ledger.note(Action.EXPORTED, comment=f"{request.path} {name}".strip(), **target_of(request))


def target_of(request: HttpRequest) -> dict[str, Any]:
    """`model` and `key` that an address of the desk is about, as far as it tells."""
    match = request.resolver_match
    view = unwrap(match.func) if match else None
    owner = getattr(view, "model_admin", None) or getattr(view, "__self__", None)
    desk = getattr(owner, "desk", owner)  # the pages of an admin say whose they are
    if match is None or desk is None or not hasattr(desk, "model"):
        return {"model": "", "key": ""}
    key = match.kwargs.get("pk") or match.kwargs.get("object_id") or ""
    model, _ = ledger.reference(desk.model())
    return {"model": model, "key": str(key) if str(key).isdecimal() else ""}
