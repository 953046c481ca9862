"""The portal's own addresses, and those of a kind that only a test has."""

from django.http import HttpResponse
from django.urls import include, path

from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.pages import elsewhere, in_other_forms
from areaomogenea.urls import *  # noqa: F403 (handlers too)
from areaomogenea.urls import urlpatterns as of_the_portal


def page(request, tender, **also):
    return HttpResponse(f"<!DOCTYPE html><title>Bando</title><main>{tender.title}</main>")


@in_other_forms
def detail(request, kind, slug):
    tender = Publication.objects.published().named(slug, kind)
    return page(request, tender) if tender else elsewhere(request, kind, slug)


def index(request, kind):
    return HttpResponse("<!DOCTYPE html><title>Bandi</title>")


of_tenders = [path("", index, name="index"), path("<slug:slug>/", detail, name="detail")]
urlpatterns = [
    path("bandi/", include((of_tenders, "bandi"), namespace="bandi"), {"kind": "bandi"}),
    *of_the_portal,
]
