"""How long the world may remember a page, and how it asks whether a page is still the same."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import (
    get_conditional_response,
    has_vary_header,
    patch_cache_control,
    patch_vary_headers,
    set_response_etag,
)
from django.utils.http import parse_http_date_safe

ABSENT = {404, 410}  # what an address that shows nothing says; any other error is a moment's and nobody keeps it
READS = {"GET", "HEAD"}
# Seconds for which shared caches keep a page; show it while they renew it; and show it while we fail. What is published
# or withdrawn is seen within ten, a browser's own stale copy of a cache's stale copy included.
SHARED = {"s_maxage": 5, "stale_while_revalidate": 2, "stale_if_error": 3_600}
FOR_SCRIPTS = ("access-control-", "x-ratelimit-")  # headers that a script of another site reads of a 304, too


def conditional(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, outside whatever packs an answer: who has it already by its tag or its hour is told so (RFC 9110)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method not in READS:
            return response
        hour = parse_http_date_safe(response.get("Last-Modified", ""))
        answer = get_conditional_response(request, response.get("ETag"), hour, response) or response
        if answer.status_code == 304:
            for name, value in response.items():
                if name.lower().startswith(FOR_SCRIPTS):
                    answer[name] = value
            del answer["Content-Length"]  # of the page it would be, and nobody made that
        return without_body(answer) if request.method == "HEAD" else answer

    return middleware


def without_body(response: HttpResponseBase) -> HttpResponseBase:
    """The response with all its headers: a server that has to drop the body itself complains of it in its log."""
    if isinstance(response, HttpResponse):
        response.content = b""
    elif isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    return response


def tagged(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, inside whatever packs an answer: the tag of what may be kept, the same for HEAD as for GET.

    It varies by what the reader can unpack, also where it is not packed: or a cache would give that to all.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method in READS:
            patch_vary_headers(response, ["Accept-Encoding"])
            if not response.has_header("ETag") and "no-store" not in response.get("Cache-Control", ""):
                set_response_etag(response)
        return response

    return middleware


def public_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what nobody's session shaped may be shared, unless its view said otherwise; no error but ABSENT."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code >= 400 and response.status_code not in ABSENT:
            if "no-store" not in response.get("Cache-Control", ""):
                response["Cache-Control"] = "no-store"
            return response
        is_personal = response.cookies or has_vary_header(response, "Cookie")
        if request.method in READS and not is_personal and not response.has_header("Cache-Control"):
            if response.status_code in ABSENT:
                patch_cache_control(response, public=True, max_age=0, s_maxage=5)
            else:
                patch_cache_control(response, public=True, max_age=0, **SHARED)
        return response

    return middleware
