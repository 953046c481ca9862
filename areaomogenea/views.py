"""Pages that join the rooms: home, a Comune's page, search, the pages that law requires."""

import sys
from builtins import Exception
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.paginator import Paginator
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from areaomogenea.deadlines.models import Deadline, DeadlineQuerySet
from areaomogenea.desk.unsaved import cannot_write, expired, is_of_desk, is_page
from areaomogenea.library.storage import is_no_room
from areaomogenea.monitoring.error_page import error_page
from areaomogenea.municipalities.models import Municipality
from areaomogenea.naming.moves import moved
from areaomogenea.offices.contacts import contacts_of
from areaomogenea.offices.models import Office
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication
from areaomogenea.topics import views as topics
from areaomogenea.topics.models import Topic
from initiatives.models import Initiative, Participation

from .distribution.forgiving import forgiveness, proposals
from .distribution.responses import refused
from .forms import SearchForm

site: Any = admin.site  # a DeskSite
TOO_LARGE = RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
READ_ONLY = "25006"  # what PostgreSQL calls a database that only reads
PAGES = ("document", "iframe", "frame", "empty")  # what a browser asks for to show it as a page, or by a script
MOST_DUE = 4  # of what is due next, beside what a page is about


def due_next() -> DeadlineQuerySet:
    return Deadline.objects.published().standing().upcoming().for_public().open_first().with_publication()


def home(request: HttpRequest) -> HttpResponse:
    latest = list(Publication.objects.published().news().current().latest_first().for_cards()[:7])
    context = {
        "leading": latest[0] if latest else None,
        "latest": latest[1:],
        "initiatives": Initiative.objects.published().running_first().with_participation().for_cards()[:3],
        "due": due_next()[:MOST_DUE],
        "topics": Topic.objects.all(),
        "municipalities": Municipality.objects.of_area().defer("border"),
    }
    return render(request, "home.html", context)


def municipality(request: HttpRequest, slug: str) -> HttpResponse:
    everywhere = {place.slug: place for place in Municipality.objects.defer("border")}
    if not (place := everywhere.get(slug)):
        return called_otherwise(request, slug, "municipality")
    news = Publication.objects.published().news().current().latest_first().for_cards()
    context = {
        "municipality": place,
        "municipalities": [place for place in everywhere.values() if place.in_area],
        "due": due_next().about(place)[:MOST_DUE],
        "named": news.naming(place)[:12],
        "participations": Participation.objects.published().listed().of(place).with_initiative(),
        "contacts": contacts_of(Office.objects.about(place)),
        "whole_area": (news.for_whole_area() if place.in_area else news.none())[:6],
    }
    return render(request, "municipalities/detail.html", context)


def called_otherwise(request: HttpRequest, slug: str, view_name: str) -> HttpResponse:
    """To the same door of the Comune that goes by this name."""
    if not (place := Municipality.objects.defer("border", "outline").named(slug)):
        raise Http404
    return moved(request, reverse(view_name, args=[place.slug]))


def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic's page, with what its own room does not know: what is due and what was published."""
    return topics.detail(request, slug, beside=published_on)


def topic_page(request: HttpRequest, topic: Topic) -> HttpResponse:
    """The same, of a row that may not be saved yet."""
    return topics.page(request, topic, beside=published_on)


def published_on(topic: Topic) -> dict[str, Any]:
    publications = Publication.objects.published().on(topic).pinned_first().for_cards()
    return {
        "contacts": contacts_of(Office.objects.on(topic)),
        "due": due_next().on(topic)[:MOST_DUE],
        "lasting": kinds.grouped(publications.of_group(kinds.Group.LASTING)),
        "news": publications.news().current()[:9],
    }


def municipality_brief(request: HttpRequest, slug: str) -> HttpResponse:
    """What is new and due for a Comune, in a few lines; the home takes its part for who has chosen one."""
    place = Municipality.objects.defer("border", "outline").named(slug)
    if not place or place.slug != slug:
        return called_otherwise(request, slug, "municipality_brief")
    news = Publication.objects.published().news().current().latest_first().only("kind", "slug", "title", "publish_at")
    due = Deadline.objects.published().standing().upcoming().for_public().about(place).soonest_first()
    context = {
        "municipality": place,
        "news": news.about(place)[:4],
        "deadlines": due.select_related("publication").defer("publication__body")[:3],
    }
    return render(request, "municipalities/brief.html", context)


def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    matches = Publication.objects.published().for_cards().search(form.query)
    page = Paginator(matches, 20).get_page(request.GET.get("pagina"))
    return render(request, "search.html", {"form": form, "query": form.query, "page": page})


def page(request: HttpRequest, title: str, template: str) -> HttpResponse:
    return render(request, f"pages/{template}.html", {"title": title})


def site_map(request: HttpRequest) -> HttpResponse:
    context = {
        "title": "Mappa del sito",
        "kinds": kinds.every(),
        "lasting": kinds.grouped(Publication.objects.published().of_group(kinds.Group.LASTING).order_by("title")),
        "topics": Topic.objects.all(),
        "municipalities": Municipality.objects.of_area().defer("border"),
    }
    return render(request, "pages/site_map.html", context)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Who looks for a page is shown the nearest ones; programs, pictures and styles get a line."""
    if site.is_home_of(request):
        return site.refusal(request, 404)
    if response := forgiveness(request):
        return response
    is_read = request.get_preferred_type(["text/html", "text/plain"]) == "text/html"
    if is_read and request.headers.get("Sec-Fetch-Dest", "document") in PAGES:
        response = render(request, "404.html", {"proposals": proposals(request.path_info)}, status=404)
    else:
        response = refused("Questa pagina non c’è.", 404)
    patch_vary_headers(response, ["Accept", "Sec-Fetch-Dest"])
    return response


def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    if site.is_home_of(request):
        return site.refusal(request, 403)
    return render(request, "403.html", status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The key against forgery is missing or old: at the desk, the page gives back what was typed."""
    if is_of_desk(request) and is_page(request):
        return expired(request)
    next_url = request.POST.get("next", "")
    is_safe = url_has_allowed_host_and_scheme(next_url, allowed_hosts=None)
    is_login = request.path.startswith(reverse("account_login")) or request.path == reverse("admin:login")
    context = {"is_login": is_login, "next": next_url if is_safe else ""}
    return render(request, "403_csrf.html", context, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also what a form too big to be read gets: nothing of it was kept, so it says where it still is."""
    too_large = isinstance(exception, TOO_LARGE)
    too_many = too_large and not isinstance(exception, RequestDataTooBig)
    context = {
        "too_large": too_large,
        "too_many": too_many,
        "limit": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        "form_address": request.path if is_of_desk(request) and is_page(request) else "",
    }
    return render(request, "400.html", context, status=413 if too_large else 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """What could not be written is no fault of a page: it says so, and when to try again."""
    is_busy = is_unwritable(sys.exc_info()[1])
    if is_busy and request.method == "POST" and is_of_desk(request) and is_page(request):
        return cannot_write(request)
    return error_page(is_busy)


def is_unwritable(error: BaseException | None) -> bool:
    """Whether the database is not there or takes nothing, or the disk is full."""
    state = getattr(getattr(error, "__cause__", None), "sqlstate", "")
    return (
        isinstance(error, OperationalError | InterfaceError)
        or state == READ_ONLY
        or (error is not None and is_no_room(error))
    )
