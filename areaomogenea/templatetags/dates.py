"""Dates as Italians write them, and as machines read them."""

from datetime import date

from django import template
from django.template.defaultfilters import pluralize
from django.utils.dateformat import format as formatted
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

register = template.Library()


@register.filter(expects_localtime=True)
def day(moment: date) -> SafeString:
    """A <time> element in words; the first of a month is its 1º."""
    text = formatted(moment, "j F Y").lower()
    return format_html(
        '<time datetime="{}">{}</time>', f"{moment:%Y-%m-%d}", f"1º{text[1:]}" if moment.day == 1 else text
    )


@register.filter(expects_localtime=True)
def is_older_than(moment: date | None, years: int | None) -> bool:
    return bool(moment and years and years_since(moment) >= years)


@register.filter(expects_localtime=True)
def age(moment: date) -> str:
    """«3 anni fa»."""
    years = years_since(moment)
    return f"{years} ann{pluralize(years, 'o,i')} fa"


def years_since(moment: date) -> int:
    today = localdate()
    return today.year - moment.year - ((today.month, today.day) < (moment.month, moment.day))
