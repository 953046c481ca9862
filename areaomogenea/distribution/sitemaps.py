"""Sitemaps: an index split by size, and the news of the last two days in their own form."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem, sitemap, x_robots_tag
from django.core.paginator import EmptyPage, Page, PageNotAnInteger
from django.db import connection
from django.db.models import Max, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property

from areaomogenea.identity.address import absolute_url
from areaomogenea.identity.models import Identity
from areaomogenea.municipalities.models import Municipality, MunicipalityQuerySet
from areaomogenea.offices.models import Office, OfficeQuerySet
from areaomogenea.publishing.models import Publication, PublicationQuerySet
from areaomogenea.topics.models import Topic, TopicQuerySet

from .opendata.datasets import DATASETS

MOST_NEWS, DAYS_OF_NEWS = 1_000, 2  # what engines of news accept
FARTHEST = 1_000_000  # the number of a page: beyond it no database counts
PAGES = ["home", "news", "iniziative:index", "topics:index", "municipalities:index", "glossary", "faq", "site_map"]
PAGES += ["offices:index"]
PAGES += ["opendata:index", *(f"opendata:{name}" for name in DATASETS)]


class Section(Sitemap):
    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(absolute_url("")).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(absolute_url("")).netloc

    def parts(self) -> list[int]:
        """The numbers of the files that it fills; one is enough, unless a section says otherwise."""
        return [1]


BLOCKS = """
    WITH RECURSIVE block(first) AS (
        SELECT CAST(%s AS bigint) UNION ALL SELECT ({following}) FROM block WHERE block.first IS NOT NULL
    ) SELECT first FROM block
"""


class KeyBlocks:
    """A paginator whose pages are ranges of keys, from the lowest on, so that the last costs what the first does.

    Their numbers have gaps where all rows of a block are gone.
    """

    def __init__(self, rows: QuerySet, size: int) -> None:
        self.rows, self.size = rows, size

    @cached_property
    def lowest(self) -> int | None:
        return self.rows.values_list("pk", flat=True).first()

    @property
    def page_range(self) -> list[int]:
        """The numbers of the pages that hold a row, in one question: the first row of each leads to the next."""
        if self.lowest is None:
            return [1]
        next_block = RawSQL("%s + ((block.first - %s) / %s + 1) * %s", [self.lowest] * 2 + [self.size] * 2)
        following, params = self.rows.filter(pk__gte=next_block).values("pk")[:1].query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(BLOCKS.format(following=following), [self.lowest, *params])
            return [(first - self.lowest) // self.size + 1 for (first,) in cursor if first is not None]

    def page(self, number: int | str) -> Page:
        """The rows of that page; raises InvalidPage where there is none, but for the first."""
        try:
            number = int(number)
        except ValueError as error:
            raise PageNotAnInteger from error
        start = (self.lowest or 1) + (number - 1) * self.size
        rows = self.rows.filter(pk__gte=start, pk__lt=start + self.size)
        if number != 1 and not (0 < number < FARTHEST and rows):
            raise EmptyPage
        return Page(rows, number, self)  # type: ignore[arg-type]  # all that a site map asks of a paginator


class Publications(Section):
    limit = 2_000  # pages that one answer holds in memory at once, about 2 kB each

    def items(self) -> PublicationQuerySet:
        changed = Greatest("publish_at", Coalesce("updated_at", "publish_at"))
        published = Publication.objects.published().annotate(changed_at=changed)
        return published.only("kind", "slug", "publish_at").order_by("pk")

    @property
    def paginator(self) -> KeyBlocks:
        return KeyBlocks(self.items(), self.limit)

    def parts(self) -> list[int]:
        return self.paginator.page_range

    def lastmod(self, publication: Publication) -> datetime:
        return publication.changed_at

    def get_latest_lastmod(self) -> datetime | None:
        """Asked of two indexes, where Django would read all that is listed."""
        published = Publication.objects.published().order_by()
        edited = published.filter(updated_at__isnull=False).order_by("-updated_at").values_list("updated_at", flat=True)
        came_out = published.latest_first().values_list("publish_at", flat=True)
        return max(filter(None, [edited.first(), came_out.first()]), default=None)


class Topics(Section):
    def items(self) -> TopicQuerySet:
        return Topic.objects.only("slug", "updated_at")

    def lastmod(self, topic: Topic) -> datetime:
        return topic.updated_at


class Offices(Section):
    def items(self) -> OfficeQuerySet:
        return Office.objects.current().only("slug", "updated_at")

    def lastmod(self, office: Office) -> datetime:
        return office.updated_at


class Municipalities(Section):
    def items(self) -> MunicipalityQuerySet:
        return Municipality.objects.of_area().only("slug")


class Pages(Section):
    def items(self) -> list[str]:
        return PAGES

    def location(self, name: str) -> str:
        return reverse(name)


SITEMAPS = {
    "pagine": Pages,
    "argomenti": Topics,
    "contatti": Offices,
    "comuni": Municipalities,
    "pubblicazioni": Publications,
}


@x_robots_tag
def index(request: HttpRequest) -> HttpResponse:
    sitemaps = []
    for name, section in SITEMAPS.items():
        address, changed = absolute_url(reverse("sitemap_part", args=[name])), section().get_latest_lastmod()
        pages = [address if number == 1 else f"{address}?p={number}" for number in section().parts()]
        sitemaps += [SitemapIndexItem(page, changed) for page in pages]  # type: ignore[arg-type]  # its stub means a bool
    return render(request, "sitemap_index.xml", {"sitemaps": sitemaps}, content_type="application/xml")


def news(request: HttpRequest) -> HttpResponse:
    this_minute = timezone.now().replace(second=0, microsecond=0)  # what is kept holds as long
    late = this_minute - timedelta(days=DAYS_OF_NEWS)
    publications = Publication.objects.published().news().published_since(late)
    context = {
        "publications": publications.latest_first().with_topics()[:MOST_NEWS],
        "publisher": Identity.current(),
        "origin": absolute_url(""),
    }
    return render(request, "distribution/news_sitemap.xml", context, content_type="application/xml")


def robots(request: HttpRequest) -> HttpResponse:
    return render(
        request, "distribution/robots.txt", {"origin": absolute_url("")}, content_type="text/plain; charset=utf-8"
    )


def opensearch(request: HttpRequest) -> HttpResponse:
    context = {"publisher": Identity.current(), "origin": absolute_url("")}
    kind = "application/opensearchdescription+xml"
    return render(request, "distribution/opensearch.xml", context, content_type=kind)


def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to tell of a hole; it must expire, so it always says a year from this month."""
    who = Identity.current()
    addresses = dict.fromkeys(filter(None, [settings.SECURITY_CONTACT, who.report_email, who.email, who.pec]))
    contacts = [one if one.startswith("https://") else f"mailto:{one}" for one in addresses]
    contacts = contacts or [absolute_url(reverse("legal_notes"))]  # an answer must name one
    month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    context = {"contacts": contacts, "origin": absolute_url(""), "expires": month + timedelta(days=365)}
    return render(request, "distribution/security.txt", context, content_type="text/plain; charset=utf-8")


def humans(request: HttpRequest) -> HttpResponse:
    """People who make the site, in the form of humanstxt.org."""
    hours = Publication.objects.published().aggregate(published=Max("publish_at"), updated=Max("updated_at"))
    changed = max(filter(None, hours.values()), default=None)
    context = {"publisher": Identity.current(), "origin": absolute_url(""), "changed_at": changed}
    return render(request, "distribution/humans.txt", context, content_type="text/plain; charset=utf-8")


urlpatterns = [
    path("sitemap.xml", index, name="sitemap"),
    path("sitemap-novita.xml", news, name="sitemap_news"),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap_part"),
    path("robots.txt", robots, name="robots"),
    path("opensearch.xml", opensearch, name="opensearch"),
    path("humans.txt", humans, name="humans"),
    path(".well-known/security.txt", security, name="security"),
]
