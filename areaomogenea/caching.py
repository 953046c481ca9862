"""How long the world may remember a page: seconds, because what is withdrawn must be forgotten."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import has_vary_header, patch_cache_control

ABSENT = {404, 410}  # what an address that shows nothing says; any other error is a moment's and nobody keeps it


def public_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what nobody's session shaped may be shared, unless its view said otherwise; no error but ABSENT."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code >= 400 and response.status_code not in ABSENT:
            if "no-store" not in response.get("Cache-Control", ""):
                response["Cache-Control"] = "no-store"
            return response
        is_personal = response.cookies or has_vary_header(response, "Cookie")
        if request.method in ("GET", "HEAD") and not is_personal and not response.has_header("Cache-Control"):
            if response.status_code in ABSENT:
                patch_cache_control(response, public=True, max_age=0, s_maxage=5)
            else:
                patch_cache_control(response, public=True, max_age=0, s_maxage=30, stale_while_revalidate=30)
        return response

    return middleware
