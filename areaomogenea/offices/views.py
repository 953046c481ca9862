"""Whom to call: all offices by body, one office, and its card for an address book."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from areaomogenea.naming.moves import moved

from .models import Office


def index(request: HttpRequest) -> HttpResponse:
    offices = list(Office.objects.current().with_all())
    first: dict[str, tuple[bool, int]] = {}
    for office in offices:
        first.setdefault(office.body_name, (office.municipality_id is not None, len(first)))
    ordered = sorted(offices, key=lambda office: first[office.body_name])
    bodies = [(name, list(group)) for name, group in groupby(ordered, key=lambda office: office.body_name)]
    return render(request, "offices/index.html", {"title": "Contatti", "bodies": bodies, "offices": offices})


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    if not (office := Office.objects.with_all().named(slug)):
        raise Http404
    if office.slug != slug:
        return moved(request, office.get_absolute_url())
    general = None if office.is_reachable or office.is_general else Office.objects.current().general().first()
    initiatives = office.answered_initiatives.published().order_by("title").only("kind", "slug", "title")
    context = {"office": office, "general": general, "initiatives": initiatives}
    return render(request, "offices/detail.html", context)


def card(request: HttpRequest, slug: str) -> HttpResponse:
    from .vcard import vcard

    if not (office := Office.objects.with_all().named(slug)):
        raise Http404
    if office.slug != slug:
        return moved(request, reverse("offices:card", args=[office.slug]))
    disposition = {"Content-Disposition": f'attachment; filename="{office.slug}.vcf"'}
    return HttpResponse(vcard(office), content_type="text/vcard; charset=utf-8", headers=disposition)
