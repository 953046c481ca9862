"""Where the portal answers: a setting, and never what a request says of itself, since whoever asks may choose that.

And at which path: resolved once for each page, not each time that something leads there.
"""

from functools import lru_cache
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as resolve_each_time
from django.urls import get_script_prefix, reverse
from django.utils.encoding import iri_to_uri
from django.utils.html import conditional_escape

register = template.Library()  # every template has these filters and this tag: see settings


def path_to(name: str, *args: str | int, **kwargs: str | int) -> str:
    """What `reverse` says, remembered of what is PLAIN: 1, 1.0 and True are one key; NoReverseMatch is not."""
    if not all(type(value) in PLAIN for value in (*args, *kwargs.values())):
        return reverse(name, args=args, kwargs=kwargs)
    return _path_to(settings.ROOT_URLCONF, get_script_prefix(), name, args, tuple(kwargs.items()))


PLAIN = {str, int}


@lru_cache(maxsize=2_000)
def _path_to(urlconf: str, prefix: str, name: str, args: tuple, kwargs: tuple) -> str:
    return reverse(name, urlconf, args, dict(kwargs))


class PathNode(URLNode):
    """`{% url %}` as Django has it, of what `path_to` remembers."""

    def render(self, context: Context) -> str:
        name = self.view_name.resolve(context)
        args = [arg.resolve(context) for arg in self.args]
        kwargs = {key: value.resolve(context) for key, value in self.kwargs.items()}
        if self.asvar or str(name).startswith("admin:"):
            return super().render(context)
        path = path_to(name, *args, **kwargs)
        return conditional_escape(path) if context.autoescape else path


@register.tag
def url(parser: Parser, token: Token) -> PathNode:
    node = resolve_each_time(parser, token)
    return PathNode(node.view_name, node.args, node.kwargs, node.asvar)


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
