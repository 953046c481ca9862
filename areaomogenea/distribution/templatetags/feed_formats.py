"""The forms that every feed is given in, for the head of a page and for the piece that offers them."""

from django import template

from areaomogenea.distribution.feeds import Format

from ..feeds import FORMATS

register = template.Library()


@register.simple_tag
def feed_formats() -> tuple[Format, ...]:
    """Each with url_name, label and media_type."""
    return FORMATS
