"""How long the world may remember a page: seconds, because what is withdrawn must be forgotten."""

from django.utils.cache import has_vary_header, patch_cache_control


def public_pages(get_response):
    """Middleware: what nobody's session shaped may be shared, unless its view said otherwise."""

    def middleware(request):
        response = get_response(request)
        is_personal = response.cookies or has_vary_header(response, "Cookie")
        if request.method in ("GET", "HEAD") and not is_personal and not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=0, s_maxage=30, stale_while_revalidate=30)
        return response

    return middleware
