"""What is answered when there is nothing else to answer: application/problem+json (RFC 9457), in plain Italian."""

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
# By the kind that pydantic gives an error; what our own checks say is told as it is.
REASONS = {
    "repeated": "questo parametro c’è più di una volta.",
    "missing": "questo parametro è obbligatorio.",
    "extra_forbidden": "questo parametro non esiste.",
    "literal_error": "scrivi uno fra: {expected}.",
    "string_pattern_mismatch": "è scritto in un modo che non capiamo: guarda la documentazione.",
    "string_too_short": "non può essere vuoto.",
    "string_too_long": "è troppo lungo: al massimo {max_length} caratteri.",
    "greater_than_equal": "scrivi un numero da {ge} in su.",
    "less_than_equal": "scrivi un numero fino a {le}.",
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
    told = {"type": "about:blank", "title": TITLES[status], "status": status.value, "detail": detail, **more}
    response = JsonResponse(told, status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False})
    response.problem = told
    response["Cache-Control"] = "no-store"
    if status in RETRY_LATER:
        response["Retry-After"] = LATER
    return response


def for_people(request, response):
    """The answer, or a page that says the same to a browser: some show their own in place of a problem."""
    told = getattr(response, "problem", None)
    if not told or not _prefers_page(request):
        return response
    if told["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR:  # what we failed at, the frame of a page may need too
        page = HttpResponse(render_to_string("500.html"), status=told["status"])
    else:
        page = render(request, "distribution/problem.html", {"problem": told}, status=told["status"])
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


def not_understood(errors):
    """For each parameter in error, its name and why; `errors` as pydantic lists them."""
    reasons = [{"parametro": str(error["loc"][-1])[:LONGEST_NAME], "motivo": _reason(error)} for error in errors]
    return problem(422, "Alcuni parametri non vanno: «errori» dice quali e perché.", errori=reasons)


def _reason(error):
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(context["error"])
    return REASONS.get(error["type"], "non è valido.").format(**context)
