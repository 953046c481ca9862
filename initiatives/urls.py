"""/iniziative/ and its pages."""

from django.urls import path

from areaomogenea.publishing.models import Publication

from . import views

app_name = "iniziative"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.detail, {"kind": Publication.Kind.INITIATIVE}, name="detail"),
    path("<slug:slug>/mappa.svg", views.drawing, name="map"),
]
