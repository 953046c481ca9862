"""Whoever does nothing for long has to come in again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from .sessions import note_presence

PRIVATE = ("admin/", "accesso/")  # routes of the desk and of its door
WAITED = "Per prudenza hai dovuto entrare di nuovo: non succedeva niente da molto tempo."


def idle_sessions_end(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: at the desk and at its door, ends a session in which nothing has happened for too long."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        match = request.resolver_match
        if match is None or not match.route.startswith(PRIVATE) or not request.session.session_key:
            return
        if request.user.is_authenticated and note_presence(request, request.user) is None:
            logout(request)
            messages.info(request, WAITED)

    middleware.process_view = process_view
    return middleware
