"""The river of news and the page of one communiqué."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from areaomogenea.library.body_images import responsive_pictures
from areaomogenea.prose.html import for_reading
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.pages import elsewhere, in_other_forms
from areaomogenea.topics.glossary import explain

from .forms import RiverForm
from .kinds import KINDS
from .models import Communique

MOST_RELATED = 8  # pages read beside a communiqué: its initiatives, and three more to go on with


def index(request: HttpRequest, kind: str | None = None) -> HttpResponse:
    form, news = RiverForm(request.GET, kind), Publication.objects.published().news()
    context = {
        "form": form,
        "page": form.page(news.for_cards()),
        "kind": kinds.get(kind or ""),
        "kinds": KINDS,
        "words": kinds.get(kind).plural if kind else kinds.plurals(KINDS),
        "years": form.years(news),
        "months": form.months(news),
    }
    return render(request, "news/index.html", context)


@in_other_forms
def detail(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    communique = Communique.objects.published().with_all().named(slug, kind)
    if not communique or not communique.is_at(kind, slug):
        return elsewhere(request, kind, slug)
    return page(request, communique)


def page(request: HttpRequest, communique: Communique, **also: Any) -> HttpResponse:
    """The page of a communiqué read `with_all`: the same for readers and for a preview."""
    body, sections = for_reading(responsive_pictures(communique.body, communique.pictures_within))
    related = Publication.objects.with_picture().defer("body").published().related_to(communique, MOST_RELATED)
    initiatives = [row for row in related if row.kind in kinds.codes(kinds.Group.LASTING) and row.is_linked]
    context = {
        "publication": communique,
        "body_html": explain(body, communique.terms),
        "sections": sections,
        "deadlines": communique.deadlines.shown(),
        "initiatives": initiatives,
        "related": [row for row in related if row not in initiatives][:3],  # their topics are those of this page
    }
    return render(request, "news/detail.html", context | also)
