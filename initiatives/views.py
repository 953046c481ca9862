"""The initiatives side by side, and the page of one."""

from typing import Any

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from areaomogenea.library.body_images import responsive_pictures
from areaomogenea.naming.moves import moved
from areaomogenea.offices.contacts import contacts_of
from areaomogenea.offices.models import Office
from areaomogenea.prose.html import for_reading
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.pages import elsewhere, in_other_forms
from areaomogenea.topics.glossary import explain

from .forms import InitiativesForm, PlaceForm
from .models import Initiative
from .money import money_of
from .participation_map import participation_map
from .standing import standing_of

MOST_NEWS = 12  # of an initiative, on its page: the river has them all
OF_A_DRAWING = {name: [NONE] for name in ("default-src", "object-src", "base-uri", "frame-ancestors")}
OF_A_DRAWING |= {"style-src": [UNSAFE_INLINE]}


def index(request: HttpRequest) -> HttpResponse:
    form = InitiativesForm(request.GET)
    initiatives = form.narrow(Initiative.objects.published()).running_first().with_participation().for_cards()
    return render(request, "initiatives/index.html", {"form": form, "initiatives": initiatives})


@in_other_forms
def detail(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    initiative = Initiative.objects.published().with_all().named(slug, kind)
    if not initiative or not initiative.is_at(kind, slug):
        return elsewhere(request, kind, slug)
    return page(request, initiative)


def page(request: HttpRequest, initiative: Initiative, **also: Any) -> HttpResponse:
    """The page of an initiative read `with_all`: the same for readers and for a preview."""
    body, sections = for_reading(responsive_pictures(initiative.body, initiative.pictures_within))
    deadlines = initiative.deadlines.shown()
    linked = Publication.objects.published().linked_to(initiative).latest_first().for_cards()
    news = list(linked.news()[: MOST_NEWS + 1])
    context = {
        "publication": initiative,
        "body_html": explain(body, initiative.terms),
        "sections": sections,
        "news": news[:MOST_NEWS],
        "has_more_news": len(news) > MOST_NEWS,
        "lasting": kinds.grouped(linked.of_group(kinds.Group.LASTING)),
        "deadlines": deadlines,
        "due": next((one for one in deadlines if one.is_to_come), None),
        "contacts": contacts_of(Office.objects.filter(pk=initiative.office_id)),
        "participation": participation_map(initiative),
        "money": money_of(initiative.amounts.all()),
    }
    return render(request, "initiatives/detail.html", context | also)


def place(request: HttpRequest, slug: str) -> HttpResponse:
    """How one Comune stands in an initiative; the page of the initiative takes its part for who has chosen one."""
    if not (initiative := Initiative.objects.published().with_all().named(slug)):
        raise Http404
    if initiative.slug != slug:
        return moved(request, reverse("iniziative:place", args=[initiative.slug]))
    form, participation = PlaceForm(request.GET), participation_map(initiative)
    context = {
        "initiative": initiative,
        "form": form,
        "standing": standing_of(form.place, participation) if form.place else None,
        "municipalities": participation.municipalities,
        "due": next((one for one in initiative.deadlines.shown() if one.is_to_come), None),
    }
    return render(request, "initiatives/place.html", context)


@csp(OF_A_DRAWING)  # type: ignore[arg-type]  # its stub knows of no view with an argument
def drawing(request: HttpRequest, slug: str) -> HttpResponse:
    """The map alone, to be shown as a picture elsewhere: opened by itself, it may do nothing but style itself."""
    if not (initiative := Initiative.objects.published().defer("body").named(slug)):
        raise Http404
    context = {"participation": participation_map(initiative)}
    return render(request, "initiatives/map.svg", context, content_type="image/svg+xml")
