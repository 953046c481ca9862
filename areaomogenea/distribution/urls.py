"""The doors by which published content leaves as data."""

from django.urls import path

from . import cards, embeds, feeds, legacy, oembed, sitemaps

urlpatterns = [
    path("feed/rss.xml", feeds.rss, name="feed_rss"),
    path("feed/atom.xml", feeds.atom, name="feed_atom"),
    path("feed/feed.json", feeds.json, name="feed_json"),
    *cards.urlpatterns,
    *embeds.urlpatterns,
    *oembed.urlpatterns,
    *sitemaps.urlpatterns,
    *legacy.urlpatterns,
]
