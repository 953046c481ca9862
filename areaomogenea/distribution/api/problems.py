"""Problems: what is answered when nothing else can be, as application/problem+json (RFC 9457), in plain Italian."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from areaomogenea.monitoring.error_page import error_page

TITLES = {
    HTTPStatus.BAD_REQUEST: "Richiesta non valida",
    HTTPStatus.NOT_FOUND: "Non c’è",
    HTTPStatus.METHOD_NOT_ALLOWED: "Metodo non ammesso",
    HTTPStatus.NOT_ACCEPTABLE: "Formato non disponibile",
    HTTPStatus.GONE: "Ritirata",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Parametri non validi",
    HTTPStatus.TOO_MANY_REQUESTS: "Troppe richieste",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Errore nostro",
    HTTPStatus.SERVICE_UNAVAILABLE: "Servizio non disponibile",
}
RETRY_LATER = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
LATER = 30  # seconds, unless somebody knows better
AWAY = "L’archivio non risponde: riprova fra poco."
LONGEST_NAME = 40  # of a parameter that somebody made up, as it is told back


PROBLEM, PAGE = "application/problem+json", "text/html"
COPIED = ("Allow", "Retry-After")


class Refused(Exception):  # noqa: N818 (like Http404: an answer, not a fault)
    """Raised where the answer is a problem."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


class ProblemResponse(JsonResponse):
    """A problem for programs, with what it says, for the page that says it to people."""

    body: dict[str, Any]


def problem(status: int, detail: str, **more: Any) -> ProblemResponse:
    status = HTTPStatus(status)
    body = {"type": "about:blank", "title": TITLES[status], "status": status.value, "detail": detail, **more}
    response = ProblemResponse(body, status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False})
    response.body = body
    response["Cache-Control"] = "no-store"
    if status in RETRY_LATER:
        response["Retry-After"] = LATER
    return response


def for_people(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer, or a page that says the same to a browser: some show their own in place of a problem."""
    if not isinstance(response, ProblemResponse) or not _prefers_page(request):
        return response
    body = response.body
    if body["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR:  # what we failed at, the frame of a page may need too
        is_busy = body["status"] == HTTPStatus.SERVICE_UNAVAILABLE
        page = error_page(is_busy, body["status"])
    else:
        page = render(request, "distribution/problem.html", {"problem": body}, status=body["status"])
    page["Cache-Control"] = response["Cache-Control"]
    for name in COPIED:
        if response.has_header(name):
            page[name] = response[name]
    return page


def _prefers_page(request: HttpRequest) -> bool:
    try:
        return request.get_preferred_type([PROBLEM, "application/json", PAGE]) == PAGE
    except (ValueError, LookupError):  # a header that is none, or names an encoding that is none
        return False


def not_understood(faults: Iterable[tuple[str, str]]) -> ProblemResponse:
    """The problem of parameters; `faults` are pairs of a name and why."""
    reasons = [{"parametro": name[:LONGEST_NAME], "motivo": reason} for name, reason in faults]
    return problem(422, "Alcuni parametri non vanno: «errori» dice quali e perché.", errori=reasons)
