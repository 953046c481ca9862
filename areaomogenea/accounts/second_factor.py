"""No page of the desk opens to whoever needs a second factor and has none."""

from django.shortcuts import redirect


def second_factor_first(get_response):
    """Middleware: leads to the page that explains why, and sets it up."""

    def middleware(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        if "admin" not in request.resolver_match.namespaces or request.resolver_match.url_name == "logout":
            return None
        user = request.user
        if user.is_authenticated and user.must_have_second_factor() and not user.has_second_factor():
            return redirect("mfa_index")
        return None

    middleware.process_view = process_view
    return middleware
