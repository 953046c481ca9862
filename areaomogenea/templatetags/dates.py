"""Dates as Italians write them, and as machines read them."""

from datetime import date

from django import template
from django.utils.dateformat import format as formatted
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter(expects_localtime=True)
def day(moment: date) -> SafeString:
    """A <time> element in words; the first of a month is its 1º."""
    text = formatted(moment, "j F Y").lower()
    return format_html(
        '<time datetime="{}">{}</time>', f"{moment:%Y-%m-%d}", f"1º{text[1:]}" if moment.day == 1 else text
    )
