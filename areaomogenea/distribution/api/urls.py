"""/api/v1/: the doors that ninja opens, with what they do alike around each; the documentation; and nowhere else."""

from django.urls import path

from .docs_views import documentation, openapi
from .endpoint import api_endpoint, nowhere
from .views import PARAMETERS, api

app_name = "api"
doors, _, _ = api.urls
for pattern in doors:
    pattern.callback = api_endpoint(pattern.callback, PARAMETERS.get(pattern.name), is_counted=pattern.name != "status")

urlpatterns = [
    path("", documentation, name="documentation"),
    path("openapi.json", api_endpoint(openapi), name="openapi"),
    *(pattern for pattern in doors if pattern.name != "api-root"),
    path("<path:rest>", api_endpoint(nowhere, parameters=None), name="nowhere"),
]
