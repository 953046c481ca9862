"""The one letter that no database here can hold: refused before any view asks for a row by it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from areaomogenea.distribution.api.problems import LONGEST_NAME, for_people, problem
from areaomogenea.distribution.responses import refused

NUL = "\0"
ABSENT = "Questa pagina non c’è."
REFUSED = "c’è un carattere nullo (%00), che nessun testo ha: togli quello e riprova."


def without_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a path with NUL leads nowhere, a parameter or a cookie with it is no question; fields say it.

    What a posted form brings is for its fields to refuse, where it was typed.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info:
            return refusal_response(request, 404, ABSENT)
        if is_of_api(request):
            return get_response(request)
        for name, values in request.GET.lists():
            if any(NUL in value for value in (name, *values)):
                known_as = name.replace(NUL, "")[:LONGEST_NAME]
                return refusal_response(request, 400, f"{known_as}: {REFUSED}", f"In «{known_as}» {REFUSED}")
        if any(NUL in value for value in request.COOKIES.values()):
            return refusal_response(request, 400, f"In un cookie {REFUSED}")
        return get_response(request)

    return middleware


def is_of_api(request: HttpRequest) -> bool:
    """Its document says what each of its parameters may hold, and it keeps to that."""
    return request.path_info.startswith(reverse("api:documentation"))


def refusal_response(request: HttpRequest, status: int, message: str, to_people: str = "") -> HttpResponse:
    """People are shown a page, programs a line."""
    if is_of_api(request):
        return for_people(request, problem(status, message))
    if request.get_preferred_type(["text/plain", "text/html"]) == "text/html":
        return render(request, f"{status}.html", {"message": to_people or message}, status=status)
    return refused(message, status)
