"""The page for what went wrong: drawn of a text that was read at the start, and of nothing else that may fail.

No database, no list of static files, no address to be resolved, no other template.
"""

from django.conf import settings
from django.http import HttpResponse
from django.template import Context, Engine

from .traces import request_id

TEMPLATE = Engine().from_string((settings.BASE_DIR / "templates" / "500.html").read_text(encoding="utf-8"))
RETRY_AFTER = 60  # seconds


def error_page(is_busy: bool = False, status: int = 500) -> HttpResponse:
    """`is_busy`: nothing is broken, something does not answer now."""
    context = Context({"is_busy": is_busy, "code": short(request_id())})
    response = HttpResponse(TEMPLATE.render(context), status=503 if is_busy else status)
    response["Cache-Control"] = "no-store"
    if is_busy:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def short(request: str) -> str:
    """Of a request's id what one can tell by telephone; the log is searched by how it begins."""
    return f"{request[:4]} {request[4:8]}".strip()
