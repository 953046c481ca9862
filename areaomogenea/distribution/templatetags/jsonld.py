"""JSON-LD in pages: data, not script, so no content policy stands against it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication

from .. import jsonld
from ..social_images import card_address

if TYPE_CHECKING:
    from areaomogenea.distribution.opendata.datasets import Dataset
    from areaomogenea.offices.models import Office
    from initiatives.models import Initiative
    from news.models import Communique

register = template.Library()
# Whatever could end the element, or begin another, is written as JSON may write it.
ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


@register.simple_tag(takes_context=True)
def structured_home(context: template.RequestContext) -> SafeString:
    return block(jsonld.home(context["identity"]))


@register.simple_tag(takes_context=True)
def structured_article(context: template.RequestContext, publication: Communique) -> SafeString:
    return block(jsonld.article(publication, context["identity"]))


@register.simple_tag(takes_context=True)
def structured_initiative(context: template.RequestContext, initiative: Initiative) -> SafeString:
    return block(jsonld.initiative(initiative, context["identity"]))


@register.simple_tag(takes_context=True)
def structured_events(context: template.RequestContext, deadlines: Any) -> str:
    """Events of the meetings on a page."""
    graph = jsonld.events(deadlines or (), context["identity"])
    return block(graph) if graph else ""


@register.simple_tag
def structured_office(office: Office) -> SafeString:
    return block(jsonld.office(office))


@register.simple_tag(takes_context=True)
def structured_data_catalogue(context: template.RequestContext) -> SafeString:
    datasets = [card["dataset"] for card in context["cards"]]
    return block(jsonld.data_catalogue(datasets, context["identity"]))


@register.simple_tag(takes_context=True)
def structured_dataset(
    context: template.RequestContext, dataset: Dataset, downloads: list[dict[str, str]], changed_at: datetime
) -> SafeString:
    return block(jsonld.dataset(dataset, downloads, changed_at, context["identity"]))


@register.simple_tag
def structured_breadcrumb(
    page_title: str, url: str = "", label: str = "", url2: str = "", label2: str = ""
) -> SafeString:
    steps = [("Home", "/"), *((name, path) for name, path in ((label, url), (label2, url2)) if path), (page_title, "")]
    return block(jsonld.breadcrumb(steps))


@register.filter
def card(publication: Publication) -> str:
    """The path of the picture that stands for it."""
    return card_address(publication)


@register.filter
def og_type(publication: Publication) -> str:
    """The type that Open Graph has for it: what tells of a day is an article."""
    return "article" if publication.kind in kinds.codes(kinds.Group.NEWS) else "website"


def block(data: dict[str, Any]) -> SafeString:
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 (escaped as json_script does)
