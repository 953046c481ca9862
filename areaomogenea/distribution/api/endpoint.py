"""Rules of every endpoint of the API: reading only, open to any site, within measure, faults as problems."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from .parameters import ParametersForm
from .problems import AWAY, Refused, for_people, not_understood, problem
from .throttling import count

METHODS = "GET, HEAD, OPTIONS"
READ_BY_SCRIPTS = "ETag, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
JSON_TYPES = ("application/json", "application/problem+json")
log = logging.getLogger(__name__)


View = Callable[[HttpRequest, Any], HttpResponse]


def api_endpoint(
    view: View, form_class: type[ParametersForm] = ParametersForm, is_counted: bool = True
) -> Callable[..., HttpResponse]:
    """A view of (request, form), with what was asked in a valid form of this class."""

    @wraps(view)
    def endpoint(request: HttpRequest, **path: str) -> HttpResponse:
        allowance = count(request) if is_counted and request.method != "OPTIONS" else None
        if allowance and allowance.is_spent:
            response: HttpResponse = problem(
                429, f"Il limite è di {allowance.limit} al minuto: riprova fra {allowance.reset} secondi."
            )
        else:
            response = _respond(view, form_class, request, path)
        response = for_people(request, response)
        for name, value in (allowance.headers if allowance else {}).items():
            response[name] = value
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = READ_BY_SCRIPTS
        patch_vary_headers(response, ["Accept"])
        return response

    return csrf_exempt(endpoint)  # nothing is ever written: whoever posts is told so, not asked for a token


def _respond(view: View, form_class: type[ParametersForm], request: HttpRequest, path: dict[str, str]) -> HttpResponse:
    method = request.method
    if method == "OPTIONS":
        return _preflight()
    if method not in ("GET", "HEAD"):
        response: HttpResponse = problem(405, "Qui si può solo leggere: usa GET.")
        response["Allow"] = METHODS
        return response
    if not _accepts_json(request):
        return problem(406, "Rispondiamo solo in JSON: chiedi «application/json», o togli l’intestazione Accept.")
    request.method = "GET"  # the server leaves the body of a HEAD out
    try:
        form = form_class(request.GET, path)
        if faults := form.faults:
            return not_understood(faults)
        return view(request, form)
    except Refused as refusal:
        return problem(refusal.status, refusal.detail)
    except SuspiciousOperation:
        return problem(400, "Non riusciamo a leggere questa richiesta.")
    except (OperationalError, InterfaceError):
        log.exception("The database does not answer the API.")
        return problem(503, AWAY)
    except Exception:
        log.exception("The API failed.")
        return problem(500, "Qualcosa da noi non ha funzionato: riprova fra poco.")
    finally:
        request.method = method


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = "If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _accepts_json(request: HttpRequest) -> bool:
    if not request.headers.get("Accept", "*/*").strip():
        return True
    try:
        return any(request.accepts(form) for form in JSON_TYPES)
    except (ValueError, LookupError):  # a header that is none, or names an encoding that is none
        return False
