"""Headers: those that Django would break on before its handlers could say so, and those that it does not know."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters

READ = {"", "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "latin-1", "latin1", "windows-1252"}
REFUSALS = {
    "400 Bad Request": "Non si capisce l’intestazione «Accept»: scrivi solo tipi e pesi, come text/html;q=0.9.\n",
    "415 Unsupported Media Type": "Qui si legge UTF-8: togli il «charset» da Content-Type, o scrivi utf-8.\n",
}


def readable(application: Callable[..., Any]) -> Callable[..., Any]:
    """The WSGI application, for requests that claim none of the codecs of Python which read no text, or are none."""

    def careful(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not (status := refusal(environ.get("CONTENT_TYPE", ""), environ.get("HTTP_ACCEPT", ""))):
            return application(environ, start_response)
        start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
        return [REFUSALS[status].encode()]

    return careful


def refusal(content_type: str, accept: str) -> str:
    claimed = parameters(content_type)
    if claimed is None or claimed.get("charset", "").lower() not in READ:
        return "415 Unsupported Media Type"
    return "400 Bad Request" if None in map(parameters, accept.split(",")) else ""


def parameters(header: str) -> dict[str, str] | None:
    """None where an encoding of its own (RFC 2231) is none."""
    try:
        return parse_header_parameters(header)[1]
    except (LookupError, ValueError):
        return None


# What no page of ours asks of a browser, nor anything in a frame of it; passkeys and copying are our own pages' alone.
NOBODYS = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment usb".split()
OURS = "clipboard-write publickey-credentials-create publickey-credentials-get".split()
BEHIND_THE_DOOR = ("/admin/", "/accesso/")
PERMISSIONS = ", ".join([*(f"{name}=()" for name in NOBODYS), *(f"{name}=(self)" for name in OURS)])


def policies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: Permissions-Policy (W3C) and Cross-Origin-Resource-Policy (Fetch), for every answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", resource_policy(request, response))
        return response

    return middleware


def resource_policy(request: HttpRequest, response: HttpResponse) -> str:
    """Pages stay with us; what is made to stand elsewhere may: frames, files, pictures of feeds, data, calendars."""
    if getattr(response, "xframe_options_exempt", False):
        return "cross-origin"
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return "same-origin" if is_page or request.path.startswith(BEHIND_THE_DOOR) else "cross-origin"
