"""What others hang on our addresses to count who opens them: no view sees it, so none refuses it or passes it on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from areaomogenea.prose.addresses import untracked

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ESCAPED = re.compile("(?:^|(?<=&))amp;")  # of an address that was copied out of the source of a page


def ignored(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, before any that reads the query: leaves of it what is for us."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if query := request.META.get("QUERY_STRING"):
            request.META["QUERY_STRING"] = untracked(ESCAPED.sub("", query))
        return get_response(request)

    return middleware
