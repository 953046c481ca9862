"""JSON-LD in pages: data, not script, so no content policy stands against it."""

import json

from django import template
from django.utils.safestring import mark_safe

from areaomogenea.publishing import kinds

from .. import jsonld
from ..social_images import card_address

register = template.Library()
# Whatever could end the element, or begin another, is written as JSON may write it.
ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


@register.simple_tag(takes_context=True)
def structured_home(context):
    return block(jsonld.home(context["identity"]))


@register.simple_tag(takes_context=True)
def structured_article(context, publication):
    return block(jsonld.article(publication, context["identity"]))


@register.simple_tag(takes_context=True)
def structured_initiative(context, initiative):
    return block(jsonld.initiative(initiative, context["identity"]))


@register.simple_tag(takes_context=True)
def structured_events(context, deadlines):
    """Events of the meetings on a page."""
    graph = jsonld.events(deadlines or (), context["identity"])
    return block(graph) if graph else ""


@register.simple_tag(takes_context=True)
def structured_data_catalogue(context):
    datasets = [card["dataset"] for card in context["cards"]]
    return block(jsonld.data_catalogue(datasets, context["identity"]))


@register.simple_tag(takes_context=True)
def structured_dataset(context, dataset, downloads, changed_at):
    return block(jsonld.dataset(dataset, downloads, changed_at, context["identity"]))


@register.simple_tag
def structured_breadcrumb(page_title, url="", label="", url2="", label2=""):
    steps = [("Home", "/"), *((name, path) for name, path in ((label, url), (label2, url2)) if path), (page_title, "")]
    return block(jsonld.breadcrumb(steps))


@register.filter
def card(publication):
    """The path of the picture that stands for it."""
    return card_address(publication)


@register.filter
def og_type(publication):
    """The type that Open Graph has for it: what tells of a day is an article."""
    return "article" if publication.kind in kinds.codes(kinds.Group.NEWS) else "website"


def block(data):
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 (escaped as json_script does)
