"""Problems: what is answered when nothing else can be, as application/problem+json (RFC 9457), in plain Italian."""

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

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
LONGEST_NAME = 40  # of a parameter that somebody made up, as it is told back


PROBLEM, PAGE = "application/problem+json", "text/html"
COPIED = ("Allow", "Retry-After")


class Refused(Exception):  # noqa: N818 (like Http404: an answer, not a fault)
    """Raised where the answer is a problem."""

    def __init__(self, status, detail):
        super().__init__(detail)
        self.status, self.detail = status, detail


def problem(status, detail, **more):
    status = HTTPStatus(status)
    body = {"type": "about:blank", "title": TITLES[status], "status": status.value, "detail": detail, **more}
    response = JsonResponse(body, status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False})
    response.problem = body
    response["Cache-Control"] = "no-store"
    if status in RETRY_LATER:
        response["Retry-After"] = LATER
    return response


def for_people(request, response):
    """The answer, or a page that says the same to a browser: some show their own in place of a problem."""
    body = getattr(response, "problem", None)
    if not body or not _prefers_page(request):
        return response
    if body["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR:  # what we failed at, the frame of a page may need too
        page = HttpResponse(render_to_string("500.html"), status=body["status"])
    else:
        page = render(request, "distribution/problem.html", {"problem": body}, status=body["status"])
    page["Cache-Control"] = response["Cache-Control"]
    for name in COPIED:
        if response.has_header(name):
            page[name] = response[name]
    return page


def _prefers_page(request):
    try:
        return request.get_preferred_type([PROBLEM, "application/json", PAGE]) == PAGE
    except (ValueError, LookupError):  # a header that is none, or names an encoding that is none
        return False


def not_understood(faults):
    """The problem of parameters; `faults` are pairs of a name and why."""
    reasons = [{"parametro": name[:LONGEST_NAME], "motivo": reason} for name, reason in faults]
    return problem(422, "Alcuni parametri non vanno: «errori» dice quali e perché.", errori=reasons)
