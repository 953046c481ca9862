"""What engines are told there is: an index split by size, and the news of the last two days in their own form."""

from datetime import timedelta

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import index, sitemap
from django.db.models import Max
from django.db.models.functions import Coalesce, Greatest
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from areaomogenea.editorial.models import Publication
from areaomogenea.municipalities.models import Municipality
from areaomogenea.topics.models import Topic

from .opendata.datasets import DATASETS
from .publisher import publisher

MOST_NEWS, DAYS_OF_NEWS = 1_000, 2  # what engines of news accept
PAGES = ["home", "news", "iniziative:index", "topics:index", "municipalities:index", "glossary", "faq", "site_map"]
PAGES += ["opendata:index", *(f"opendata:{name}" for name in DATASETS)]


class Publications(Sitemap):
    limit = 10_000

    def items(self):
        changed = Greatest("publish_at", Coalesce("updated_at", "publish_at"))
        published = Publication.objects.published().annotate(changed_at=changed)
        return published.only("kind", "slug", "publish_at").order_by("pk")

    def lastmod(self, publication):
        return publication.changed_at


class Topics(Sitemap):
    def items(self):
        return Topic.objects.only("slug", "updated_at")

    def lastmod(self, topic):
        return topic.updated_at


class Municipalities(Sitemap):
    def items(self):
        return Municipality.objects.of_area().only("slug")


class Pages(Sitemap):
    def items(self):
        return PAGES

    def location(self, name):
        return reverse(name)


SITEMAPS = {"pagine": Pages, "argomenti": Topics, "comuni": Municipalities, "pubblicazioni": Publications}


def news(request):
    late = Publication.objects.published().news().published_since(timezone.now() - timedelta(days=DAYS_OF_NEWS))
    context = {
        "publications": late.latest_first().with_topics()[:MOST_NEWS],
        "publisher": publisher(),
        "here": here(request),
    }
    return render(request, "distribution/news_sitemap.xml", context, content_type="application/xml")


def robots(request):
    return render(request, "distribution/robots.txt", {"here": here(request)}, content_type="text/plain; charset=utf-8")


def opensearch(request):
    context = {"publisher": publisher(), "here": here(request)}
    kind = "application/opensearchdescription+xml"
    return render(request, "distribution/opensearch.xml", context, content_type=kind)


def security(request):
    """RFC 9116: where to tell of a hole; it must expire, so it always says a year from this month."""
    month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    context = {"publisher": publisher(), "here": here(request), "expires": month + timedelta(days=365)}
    return render(request, "distribution/security.txt", context, content_type="text/plain; charset=utf-8")


def humans(request):
    """Who makes the site, in the form of humanstxt.org."""
    hours = Publication.objects.published().aggregate(published=Max("publish_at"), updated=Max("updated_at"))
    changed = max(filter(None, hours.values()), default=None)
    context = {"publisher": publisher(), "here": here(request), "changed_at": changed}
    return render(request, "distribution/humans.txt", context, content_type="text/plain; charset=utf-8")


def here(request):
    return request.build_absolute_uri("/")[:-1]


urlpatterns = [
    path("sitemap.xml", index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_part"}, name="sitemap"),
    path("sitemap-novita.xml", news, name="sitemap_news"),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap_part"),
    path("robots.txt", robots, name="robots"),
    path("opensearch.xml", opensearch, name="opensearch"),
    path("humans.txt", humans, name="humans"),
    path(".well-known/security.txt", security, name="security"),
]
