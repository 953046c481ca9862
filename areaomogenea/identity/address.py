"""Where the portal answers: a setting, and never what a request says of itself, since whoever asks may choose that."""

from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils.encoding import iri_to_uri

register = template.Library()  # every template has these filters: see settings


@register.filter
def absolute_url(path: str) -> str:
    """The whole address of a path of the portal ("" is its origin); an address of elsewhere stays as it is."""
    if path.startswith("//"):
        return iri_to_uri(f"{urlsplit(settings.SITE_ADDRESS).scheme}:{path}")
    return iri_to_uri(f"{settings.SITE_ADDRESS}{path}" if path[:1] in ("", "/", "#", "?") else path)


@register.filter
def webcal_url(path: str) -> str:
    """The address by which a phone follows a calendar at this path."""
    return f"webcal://{absolute_url(path).partition('://')[2]}"


def is_own_host(host: str | None) -> bool:
    """Whether an address at this host (without its port) is one of ours."""
    return bool(host) and host in (urlsplit(settings.SITE_ADDRESS).hostname, *settings.ALLOWED_HOSTS)
