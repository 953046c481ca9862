"""/contatti/, an office, and its card for an address book."""

from django.urls import path

from . import views

app_name = "offices"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>.vcf", views.card, name="card"),
    path("<slug:slug>/", views.detail, name="detail"),
]
