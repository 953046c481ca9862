"""/iniziative/ and its pages."""

from django.urls import path

from . import views
from .kinds import INITIATIVE

app_name = "iniziative"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.detail, {"kind": INITIATIVE.code}, name="detail"),
    path("<slug:slug>/comune/", views.place, name="place"),
    path("<slug:slug>/mappa.svg", views.drawing, name="map"),
]
