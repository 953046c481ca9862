"""/api/v1/: the endpoints, with what they do alike around each; their documentation; and nowhere else."""

from django.urls import URLPattern, path

from .docs_views import documentation, openapi
from .endpoint import api_endpoint
from .endpoints import ENDPOINTS, Endpoint
from .parameters import AnyForm
from .views import nowhere


def pattern(endpoint: Endpoint) -> URLPattern:
    route = endpoint.path.removeprefix("/").replace("{", "<").replace("}", ">")
    view = api_endpoint(endpoint.view, endpoint.form, is_counted=not endpoint.is_health)
    return path(route, view, name=endpoint.operation)


app_name = "api"
urlpatterns = [
    path("", documentation, name="documentation"),
    path("openapi.json", api_endpoint(openapi), name="openapi"),
    *map(pattern, ENDPOINTS),
    path("<path:rest>", api_endpoint(nowhere, AnyForm), name="nowhere"),
]
