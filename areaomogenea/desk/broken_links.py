"""Links to mend: what readers would follow in vain, and on which pages it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.quality.models import Link, LinkQuerySet

from .read_only import ReadOnlyAdmin


class StateFilter(admin.SimpleListFilter):
    """Links by their state; the list opens on those that are to be mended."""

    title = "stato"
    parameter_name = "stato"

    def lookups(self, request: UserRequest, model_admin: LinkAdmin) -> list[tuple[str, str]]:
        return [("incerti", "Falliti una volta"), ("tutti", "Tutti")]

    def choices(self, changelist: ChangeList) -> list[Any]:
        first, *others = super().choices(changelist)
        return [first | {"display": "Da riparare"}, *others]

    def queryset(self, request: UserRequest, links: LinkQuerySet) -> QuerySet:
        if self.value() == "tutti":
            return links
        if self.value() == "incerti":
            return links.filter(failures=1)
        return links.broken()


@admin.register(Link)
class LinkAdmin(ReadOnlyAdmin):
    list_display = ["where_to", "message", "pages", "since", "checked"]
    show_facets = admin.ShowFacets.NEVER
    list_display_links = None
    list_filter = [StateFilter]
    search_fields = ["address__folded"]
    ordering = [F("failing_since").asc(nulls_last=True), "address"]
    list_per_page = 50

    def get_queryset(self, request: UserRequest) -> Any:
        links = super().get_queryset(request).of_interest_to(request.user)
        return links.prefetch_related("publications", "topics")

    def changelist_view(self, request: UserRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Collegamenti da riparare"} | (extra_context or {}))

    @admin.display(description="collegamento", ordering="address")
    def where_to(self, link: Link) -> SafeString:
        return format_html('<a href="{}" rel="noreferrer">{}</a>', link.address, link.address)

    @admin.display(description="non va dal", ordering="failing_since")
    def since(self, link: Link) -> str:
        return day(link.failing_since)

    @admin.display(description="ultimo controllo", ordering="checked_at")
    def checked(self, link: Link) -> str:
        return day(link.checked_at)

    @admin.display(description="dove si trova")
    def pages(self, link: Link) -> str:
        publications: list[tuple[str, Any]] = [
            (reverse("admin:open", args=[page.pk]), page) for page in link.publications.all()
        ]
        topics: list[tuple[str, Any]] = [
            (reverse("admin:topics_topic_change", args=[topic.pk]), topic) for topic in link.topics.all()
        ]
        return format_html_join("", '<div><a href="{}">{}</a></div>', publications + topics) or "–"


def day(hour: datetime | None) -> str:
    return date_format(localtime(hour), "j M Y") if hour else "–"
