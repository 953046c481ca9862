"""/novita/, then /novita/<kind>/ and its pages, one namespace for each kind."""

from django.urls import include, path

from areaomogenea.publishing.models import Publication

from . import views

of_one_kind = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.detail, name="detail"),
]
urlpatterns = [path("", views.index, name="news")]
urlpatterns += [
    path(f"{kind}/", include((of_one_kind, "communiques"), namespace=kind), {"kind": kind})
    for kind in Publication.Kind.of_news()
]
