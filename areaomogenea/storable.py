"""The one letter that no database here can hold: refused before any view asks for a row by it."""

from django.shortcuts import render
from django.urls import reverse

from areaomogenea.distribution.api.problems import for_people, problem
from areaomogenea.distribution.refusals import refused

NUL = "\0"
ABSENT = "Questa pagina non c’è."
REFUSED = "C’è un carattere nullo (%00), che nessun testo ha: togli quello e riprova."


def without_nul(get_response):
    """Middleware: a path with NUL leads nowhere, a parameter or a cookie with it is no question; fields say it.

    What a posted form brings is for its fields to refuse, where it was typed.
    """

    def middleware(request):
        if NUL in request.path_info:
            return answer(request, 404, ABSENT)
        told = [*request.GET, *(value for name in request.GET for value in request.GET.getlist(name))]
        if any(NUL in value for value in (*told, *request.COOKIES.values())):
            return answer(request, 400, REFUSED)
        return get_response(request)

    return middleware


def answer(request, status, words):
    """People are shown a page, programs a line."""
    if request.path_info.startswith(reverse("api:documentation")):
        return for_people(request, problem(status, words))
    if request.get_preferred_type(["text/plain", "text/html"]) == "text/html":
        return render(request, f"{status}.html", {"words": words}, status=status)
    return refused(words, status)
