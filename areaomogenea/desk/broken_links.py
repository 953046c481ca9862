"""Links to mend: what readers would follow in vain, and on which pages it stands."""

from django.contrib import admin
from django.db.models import F
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime

from areaomogenea.quality.models import Link

from .read_only import ReadOnlyAdmin


class StateFilter(admin.SimpleListFilter):
    """Links by their state; the list opens on those that are to be mended."""

    title = "stato"
    parameter_name = "stato"

    def lookups(self, request, model_admin):
        return [("incerti", "Falliti una volta"), ("tutti", "Tutti")]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [first | {"display": "Da riparare"}, *others]

    def queryset(self, request, links):
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

    def get_queryset(self, request):
        links = super().get_queryset(request).of_interest_to(request.user)
        return links.prefetch_related("publications", "topics")

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Collegamenti da riparare"} | (extra_context or {}))

    @admin.display(description="collegamento", ordering="address")
    def where_to(self, link):
        return format_html('<a href="{}" rel="noreferrer">{}</a>', link.address, link.address)

    @admin.display(description="non va dal", ordering="failing_since")
    def since(self, link):
        return day(link.failing_since)

    @admin.display(description="ultimo controllo", ordering="checked_at")
    def checked(self, link):
        return day(link.checked_at)

    @admin.display(description="dove si trova")
    def pages(self, link):
        publications = [(reverse("admin:open", args=[page.pk]), page) for page in link.publications.all()]
        topics = [(reverse("admin:topics_topic_change", args=[topic.pk]), topic) for topic in link.topics.all()]
        return format_html_join("", '<div><a href="{}">{}</a></div>', publications + topics) or "–"


def day(hour):
    return date_format(localtime(hour), "j M Y") if hour else "–"
