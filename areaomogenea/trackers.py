"""What others hang on our addresses to count who opens them: no view sees it, so none refuses it or passes it on."""

import re

from areaomogenea.prose.addresses import untracked

ESCAPED = re.compile("(?:^|(?<=&))amp;")  # of an address that was copied out of the source of a page


def ignored(get_response):
    """Middleware, before any that reads the query: leaves of it what is for us."""

    def middleware(request):
        if query := request.META.get("QUERY_STRING"):
            request.META["QUERY_STRING"] = untracked(ESCAPED.sub("", query))
        return get_response(request)

    return middleware
