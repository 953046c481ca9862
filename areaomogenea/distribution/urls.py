"""Addresses by which published content leaves as data."""

from django.urls import include, path

from . import embeds, feeds, legacy, oembed, sitemaps, social_images
from .exports import urls as handouts

urlpatterns = [
    *(path(f"feed/{form.path}", form.view, name=form.url_name) for form in feeds.FORMATS),
    *social_images.urlpatterns,
    *handouts.urlpatterns,
    *embeds.urlpatterns,
    *oembed.urlpatterns,
    path("api/v1/", include("areaomogenea.distribution.api.urls")),
    path("dati/", include("areaomogenea.distribution.opendata.urls")),
    *sitemaps.urlpatterns,
    *legacy.urlpatterns,
]
