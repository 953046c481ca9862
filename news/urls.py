"""/novita/, then /novita/<kind>/ and its pages, one namespace for each kind."""

from django.urls import include, path

from . import views
from .kinds import KINDS

of_one_kind = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.detail, name="detail"),
]
urlpatterns = [path("", views.index, name="news")]
urlpatterns += [
    path(f"{kind.code}/", include((of_one_kind, "communiques"), namespace=kind.code), {"kind": kind.code})
    for kind in KINDS
]
