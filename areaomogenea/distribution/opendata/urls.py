"""/dati/: a pattern of its own for each file, so that every list of addresses knows them all."""

from django.urls import path

from . import views
from .datasets import DATASETS

app_name = "opendata"
urlpatterns = [
    path("", views.index, name="index"),
    path("catalogo.ttl", views.tell_catalogue, {"form": "ttl"}, name="turtle"),
    path("catalogo.jsonld", views.tell_catalogue, {"form": "jsonld"}, name="jsonld"),
]
for dataset in DATASETS.values():
    urlpatterns += [
        path(f"{dataset.name}/", views.dataset, {"dataset": dataset}, name=dataset.name),
        *(
            path(
                f"{dataset.name}.{form}", views.file, {"dataset": dataset, "form": form}, name=f"{dataset.name}_{form}"
            )
            for form in dataset.formats
        ),
    ]
urlpatterns += [path("<slug:name>.<slug:form>", views.nowhere, name="nowhere")]
