"""The other forms of a page, for its own head and for the piece that offers them."""

from django import template

from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication

from ..exports.context import fits_on_paper
from ..exports.pdf_cache import can_be_made
from ..exports.views import FORMS, PDF

register = template.Library()


@register.filter
def handouts(publication: Publication) -> list[dict[str, str]]:
    """Its forms that can be made here, each with suffix, media_type, label and the address of this one."""
    if not kinds.get(publication.kind).exports:
        return []
    forms = [form for form in FORMS if form is not PDF or (can_be_made() and fits_on_paper(publication))]
    names = ("suffix", "media_type", "label")
    return [{name: getattr(form, name) for name in names} | {"address": form.address(publication)} for form in forms]
