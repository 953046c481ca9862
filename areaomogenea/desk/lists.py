"""The lists of publications at the desk: their filters, by the words of the badges, and their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from areaomogenea.accounts import scope
from areaomogenea.accounts.models import User
from areaomogenea.accounts.requests import UserRequest
from areaomogenea.municipalities.models import Municipality, MunicipalityQuerySet
from areaomogenea.publishing.coverage import Coverage
from areaomogenea.publishing.models import PUBLISHED, SCHEDULED, Publication, PublicationQuerySet
from areaomogenea.topics.models import Topic

if TYPE_CHECKING:
    from .publications import EditorialAdmin


class StandingFilter(admin.SimpleListFilter):
    """The state in the words of the badges: what is approved is told apart by the clock, as there."""

    title = "stato"
    parameter_name = "stato"

    def lookups(self, request: UserRequest, model_admin: EditorialAdmin) -> list[tuple[str, str]]:
        for status in Publication.Status:
            if status == Publication.Status.APPROVED:
                yield from (SCHEDULED, PUBLISHED)
            elif status != Publication.Status.BINNED:  # which has a page of its own
                yield status.value, status.label

    def queryset(self, request: UserRequest, publications: PublicationQuerySet) -> QuerySet:
        if not self.value():
            return publications
        if self.value() == PUBLISHED[0]:
            return publications.published()
        if self.value() == SCHEDULED[0]:
            return publications.scheduled()
        return publications.filter(status=self.value())


class DoubtFilter(admin.SimpleListFilter):
    title = "dubbi"
    parameter_name = "dubbi"

    def lookups(self, request: UserRequest, model_admin: EditorialAdmin) -> list[tuple[str, str]]:
        return [("con", "Con dubbi"), ("senza", "Senza dubbi")]

    def queryset(self, request: UserRequest, publications: PublicationQuerySet) -> QuerySet:
        if not self.value():
            return publications
        return publications.in_doubt() if self.value() == "con" else publications.without_doubts()


class AuthorFilter(admin.SimpleListFilter):
    """The people who wrote one of the rows that this person may see."""

    title = "autore"
    parameter_name = "autore"

    def lookups(self, request: UserRequest, model_admin: EditorialAdmin) -> list[tuple[str, str]]:
        theirs = model_admin.get_queryset(request).order_by().filter(author=OuterRef("pk"))
        return [(str(user.pk), str(user)) for user in User.objects.filter(Exists(theirs)).order_by(*NAMES)]

    def queryset(self, request: UserRequest, publications: PublicationQuerySet) -> QuerySet:
        return publications.filter(author=self.value()) if (self.value() or "").isdecimal() else publications


class YearFilter(admin.SimpleListFilter):
    """The year of the hour; Django's own row of dates would ask each row for its month."""

    title = "anno"
    parameter_name = "anno"
    template = "admin/desk/long_filter.html"

    def lookups(self, request: UserRequest, model_admin: EditorialAdmin) -> list[tuple[str, str]]:
        dated = model_admin.get_queryset(request).filter(publish_at__isnull=False).values_list("publish_at", flat=True)
        # Each is the end of an index, which a join hides from Min and Max.
        hours = dated.order_by("publish_at").first(), dated.order_by("-publish_at").first()
        first, last = (localtime(hour).year if hour else 0 for hour in hours)
        return [(str(year), str(year)) for year in range(last, first - 1, -1) if year]

    def queryset(self, request: UserRequest, publications: PublicationQuerySet) -> QuerySet:
        if not self.value():
            return publications
        # What is no year of the list is no page's year either.
        return publications.in_year(int(self.value())) if self.is_offered() else publications.none()

    def is_offered(self) -> bool:
        return self.value() in dict(self.lookup_choices)


class TopicFilter(admin.SimpleListFilter):
    """Asked as `on` asks: Django's own filter joins, and reads and sorts all to tell what came twice."""

    title = "argomento"
    parameter_name = "argomento"
    template = "admin/desk/long_filter.html"

    def lookups(self, request: UserRequest, model_admin: EditorialAdmin) -> list[tuple[str, str]]:
        topics = [(topic.slug, topic.name) for topic in Topic.objects.only("slug", "name")]
        return [*topics, (UNSAID, "Senza argomento")]

    def queryset(self, request: UserRequest, publications: PublicationQuerySet) -> QuerySet:
        if self.value() == UNSAID:
            return publications.filter(topics=None)
        topic = Topic.objects.named(self.value())
        return publications.on(topic) if topic else publications


class MunicipalityFilter(admin.SimpleListFilter):
    """The Comuni that the rows of the list name; for who writes for some Comuni, those."""

    title = "Comune"
    parameter_name = "comune"
    template = "admin/desk/long_filter.html"

    def lookups(self, request: UserRequest, model_admin: EditorialAdmin) -> list[tuple[str, str]]:
        places = places_offered(request.user).only("slug", "name")
        return [(place.slug, place.name) for place in places] if len(places) > 1 else []

    def queryset(self, request: UserRequest, publications: PublicationQuerySet) -> QuerySet:
        place = Municipality.objects.named(self.value())
        return publications.naming(place) if place else publications


class CoverageFilter(admin.SimpleListFilter):
    """The places where rows apply; those of which nobody has said it yet are there to be looked for."""

    title = "dove vale"
    parameter_name = "vale"

    def lookups(self, request: UserRequest, model_admin: EditorialAdmin) -> list[tuple[str, str]]:
        return [*Coverage.choices, (UNSAID, "Non è detto")] if scope.writes_for_area(request.user) else []

    def queryset(self, request: UserRequest, publications: PublicationQuerySet) -> QuerySet:
        if self.value() == UNSAID:
            return publications.of_unknown_coverage()
        return publications.filter(coverage=self.value()) if self.value() in Coverage.values else publications


UNSAID = "non-detto"
MOST_NAMED = 2  # Comuni in a row of a list
WITHOUT_NAMES = {"": "Non è detto", "these": "–", "area": "Tutta l’Area", "nowhere": "Nessun luogo"}
NAMES = "last_name", "first_name", "email"


def places_offered(user: User) -> MunicipalityQuerySet:
    places = Municipality.objects.of_area()
    return places if scope.writes_for_area(user) else places.filter(assignments__user=user)


# Columns


@admin.display(description="stato", ordering="status")
def state(publication: Publication) -> SafeString:
    return format_html('<span class="desk-pill desk-pill-{}">{}</span>', *publication.standing)


@admin.display(description="quando", ordering="publish_at")
def when(publication: Publication) -> str:
    return date_format(localtime(publication.publish_at), "j M Y, H:i").lower() if publication.publish_at else "–"


@admin.display(description="argomenti")
def topic_names(publication: Publication) -> str:
    return ", ".join(topic.acronym or topic.name for topic in publication.topics.all())


@admin.display(description="Comuni")
def place_names(publication: Publication) -> str:
    names = [place.name for place in publication.municipalities.all()]
    if len(names) <= MOST_NAMED:
        return ", ".join(names) or WITHOUT_NAMES[publication.coverage]
    return f"{', '.join(names[:MOST_NAMED])} e altri {len(names) - MOST_NAMED}"


@admin.display(description="dubbi")
def doubt_count(publication: Publication) -> Any:
    return len(publication.doubts.all()) or "–"
