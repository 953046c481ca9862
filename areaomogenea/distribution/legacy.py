"""The addresses of the old site go on: by the editors' table first, else by what their own words say."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, re_path, reverse
from django.views.decorators.http import require_safe

from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication
from areaomogenea.quality.internal_links import present_address
from areaomogenea.topics.models import Topic

from .models import MissedAddress, OldAddress, path_of


@require_safe
def former(request: HttpRequest, slug: str = "", find: Callable[[str], Any] | None = None) -> HttpResponse:
    """A permanent redirect; what leads nowhere is counted for the editors, and a 404."""
    slug, old_path = slug.rstrip("/"), path_of(request.path)
    address = OldAddress.objects.filter(path=old_path).values_list("leads_to", flat=True).first()
    target = (address and (present_address(address) or address)) or (find and find(slug))
    if not target:
        MissedAddress.objects.count_in(old_path)
        raise Http404
    return redirect(target, permanent=True)


def everything(slug: str) -> str:
    return reverse("news")


def of_kind(slug: str) -> str:
    kind = kinds.named(slug)
    return reverse(f"{kind.code}:index") if kind else ""


def of_topic(slug: str) -> Any:
    return Topic.objects.named(slug)


def article(slug: str) -> Publication:
    return Publication.objects.published().named(slug)


urlpatterns = [
    re_path(r"^articoli_nostri/?$", former, {"find": everything}, name="old_everything"),
]
for name, find in {"tipo-articolo": of_kind, "area-tematica": of_topic, "articolointerno": article}.items():
    urlpatterns += [path(f"{name}/<path:slug>", former, {"find": find}, name=f"old_{name.replace('-', '_')}")]
urlpatterns += [path("taxonomy/term/<path:slug>", former, name="old_term")]
