"""The doors by which published content leaves as data."""

from django.urls import path

from . import cards, feeds, legacy, sitemaps

urlpatterns = [
    path("feed/rss.xml", feeds.rss, name="feed_rss"),
    path("feed/atom.xml", feeds.atom, name="feed_atom"),
    path("feed/feed.json", feeds.json, name="feed_json"),
    *cards.urlpatterns,
    *sitemaps.urlpatterns,
    *legacy.urlpatterns,
]
