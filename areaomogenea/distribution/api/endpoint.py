"""What every door of the API does alike: reading only, open to any site, within measure, wrong turns as problems."""

import logging
from functools import wraps

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag

from ..synonyms import by_known_names
from .problems import for_people, not_understood, problem
from .throttling import count

METHODS = "GET, HEAD, OPTIONS"
READ_BY_SCRIPTS = "ETag, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
ANSWERED = ("application/json", "application/problem+json")
log = logging.getLogger(__name__)


def api_endpoint(view, parameters=frozenset(), is_counted=True):
    """`parameters`: the names that may stand in a query; None where it does not matter any more."""

    @wraps(view)
    def door(request, *args, **kwargs):
        allowance = count(request) if is_counted and request.method != "OPTIONS" else None
        if allowance and allowance.is_spent:
            response = problem(
                429, f"Il limite è di {allowance.limit} al minuto: riprova fra {allowance.reset} secondi."
            )
        else:
            response = _answer(view, parameters, request, *args, **kwargs)
        response = for_people(request, response)
        for name, value in (allowance.headers if allowance else {}).items():
            response[name] = value
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = READ_BY_SCRIPTS
        patch_vary_headers(response, ["Accept"])
        return response

    door.csrf_exempt = True  # nothing is ever written: whoever posts is told so, not asked for a token
    return door


def _answer(view, parameters, request, *args, **kwargs):
    method = request.method
    if method == "OPTIONS":
        return _preflight()
    if method not in ("GET", "HEAD"):
        response = problem(405, "Qui si può solo leggere: usa GET.")
        response["Allow"] = METHODS
        return response
    if not _accepts_json(request):
        return problem(406, "Rispondiamo solo in JSON: chiedi «application/json», o togli l’intestazione Accept.")
    request.method = "GET"  # the server leaves the body of a HEAD out
    try:
        request.GET = by_known_names(request.GET, parameters or ())
        if strange := parameters is not None and _strange(request.GET, parameters):
            return not_understood(strange)
        response = view(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        # Here and not in the middleware, so that a 304 carries the headers of every answer too.
        set_response_etag(response)
        return get_conditional_response(request, etag=response["ETag"], response=response)
    except SuspiciousOperation:
        return problem(400, "Non riusciamo a leggere questa richiesta.")
    except Exception:
        log.exception("The API failed at %s", request.path)
        return problem(500, "Qualcosa da noi non ha funzionato: riprova fra poco.")
    finally:
        request.method = method


def _strange(query, parameters):
    """A filter with a slip in its name must not seem to work, nor one of two that say different things."""
    unknown = [{"type": "extra_forbidden", "loc": [name]} for name in query if name not in parameters]
    return unknown + [{"type": "repeated", "loc": [name]} for name, values in query.lists() if len(values) > 1]


def _preflight():
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = "If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _accepts_json(request):
    if not request.headers.get("Accept", "*/*").strip():
        return True
    try:
        return any(request.accepts(form) for form in ANSWERED)
    except (ValueError, LookupError):  # a header that is none, or names an encoding that is none
        return False


def nowhere(request, rest=""):
    return problem(404, "Qui non c’è nulla: gli indirizzi sono nella documentazione.")
