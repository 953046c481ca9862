"""The way from an address that was given out to the one of now."""

from django.http import HttpRequest, HttpResponsePermanentRedirect


def moved(request: HttpRequest, address: str) -> HttpResponsePermanentRedirect:
    """For ever, and with all that was asked beside: who follows it gets what the old address gave."""
    query = request.META.get("QUERY_STRING", "")
    page, mark, place = address.partition("#")
    return HttpResponsePermanentRedirect(f"{page}?{query}{mark}{place}" if query else address)
