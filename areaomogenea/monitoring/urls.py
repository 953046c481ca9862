from django.urls import path

from . import views

urlpatterns = [
    path("salute/", views.live, name="live"),
    path("salute/pronto/", views.ready, name="ready"),
    path("metriche/", views.metrics_page, name="metrics"),
]
