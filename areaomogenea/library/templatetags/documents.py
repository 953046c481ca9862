"""How a page names what a document is."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language_info

register = template.Library()


@register.filter
def weight(size: int) -> str:
    """Bytes as readers know them: "340 kB", "1,2 MB"."""
    thousands = max(1, round(size / 1000))
    return f"{number_format(thousands)} kB" if thousands < 1000 else f"{number_format(size / 1_000_000, 1)} MB"


@register.filter
def foreign_language(code: str) -> str:
    """The Italian name of a language that is not Italian; "" for Italian and for codes that nobody knows."""
    try:
        language = get_language_info(code.lower().replace("_", "-"))
    except KeyError:
        return ""
    return "" if language["code"] == "it" else language["name_translated"].lower()


@register.filter
def document_summary(document: Any) -> str:
    """What a document is, in a line: "PDF, 12 pagine, 340 kB, in inglese". Of a row or of a dict with its columns."""
    field: Callable[[str], Any] = document.get if isinstance(document, dict) else partial(getattr, document)
    pages, language = field("pages"), foreign_language(field("language"))
    facts = [field("kind"), pages and f"{pages} {'pagina' if pages == 1 else 'pagine'}", weight(field("size"))]
    return ", ".join(filter(None, [*facts, language and f"in {language}"]))
