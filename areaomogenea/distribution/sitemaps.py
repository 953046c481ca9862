"""Sitemaps: an index split by size, and the news of the last two days in their own form."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem, sitemap, x_robots_tag
from django.db.models import Max
from django.db.models.functions import Coalesce, Greatest
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from areaomogenea.identity.address import absolute_url
from areaomogenea.identity.models import Identity
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.models import Publication
from areaomogenea.topics.models import Topic

from .opendata.datasets import DATASETS

MOST_NEWS, DAYS_OF_NEWS = 1_000, 2  # what engines of news accept
PAGES = ["home", "news", "iniziative:index", "topics:index", "municipalities:index", "glossary", "faq", "site_map"]
PAGES += ["opendata:index", *(f"opendata:{name}" for name in DATASETS)]


class Section(Sitemap):
    def get_protocol(self, protocol=None):
        return urlsplit(absolute_url("")).scheme

    def get_domain(self, site=None):
        return urlsplit(absolute_url("")).netloc


class Publications(Section):
    limit = 10_000

    def items(self):
        changed = Greatest("publish_at", Coalesce("updated_at", "publish_at"))
        published = Publication.objects.published().annotate(changed_at=changed)
        return published.only("kind", "slug", "publish_at").order_by("pk")

    def lastmod(self, publication):
        return publication.changed_at


class Topics(Section):
    def items(self):
        return Topic.objects.only("slug", "updated_at")

    def lastmod(self, topic):
        return topic.updated_at


class Municipalities(Section):
    def items(self):
        return Municipality.objects.of_area().only("slug")


class Pages(Section):
    def items(self):
        return PAGES

    def location(self, name):
        return reverse(name)


SITEMAPS = {"pagine": Pages, "argomenti": Topics, "comuni": Municipalities, "pubblicazioni": Publications}


@x_robots_tag
def index(request):
    sitemaps = []
    for name, section in SITEMAPS.items():
        address, changed = absolute_url(reverse("sitemap_part", args=[name])), section().get_latest_lastmod()
        pages = [address, *(f"{address}?p={number}" for number in section().paginator.page_range[1:])]
        sitemaps += [SitemapIndexItem(page, changed) for page in pages]
    return render(request, "sitemap_index.xml", {"sitemaps": sitemaps}, content_type="application/xml")


def news(request):
    late = Publication.objects.published().news().published_since(timezone.now() - timedelta(days=DAYS_OF_NEWS))
    context = {
        "publications": late.latest_first().with_topics()[:MOST_NEWS],
        "publisher": Identity.current(),
        "origin": absolute_url(""),
    }
    return render(request, "distribution/news_sitemap.xml", context, content_type="application/xml")


def robots(request):
    return render(
        request, "distribution/robots.txt", {"origin": absolute_url("")}, content_type="text/plain; charset=utf-8"
    )


def opensearch(request):
    context = {"publisher": Identity.current(), "origin": absolute_url("")}
    kind = "application/opensearchdescription+xml"
    return render(request, "distribution/opensearch.xml", context, content_type=kind)


def security(request):
    """RFC 9116: where to tell of a hole; it must expire, so it always says a year from this month."""
    who = Identity.current()
    addresses = dict.fromkeys(filter(None, [settings.SECURITY_CONTACT, who.report_email, who.email, who.pec]))
    contacts = [one if one.startswith("https://") else f"mailto:{one}" for one in addresses]
    contacts = contacts or [absolute_url(reverse("legal_notes"))]  # an answer must name one
    month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    context = {"contacts": contacts, "origin": absolute_url(""), "expires": month + timedelta(days=365)}
    return render(request, "distribution/security.txt", context, content_type="text/plain; charset=utf-8")


def humans(request):
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
