"""The API for people: its document, and a page that tells it in words, made from that very document."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from areaomogenea.identity.address import absolute_url
from areaomogenea.identity.models import Identity
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.models import Publication
from areaomogenea.topics.models import Topic
from initiatives.kinds import INITIATIVE

from .openapi import PURPOSE, document, example_of, rules
from .parameters import ParametersForm


def openapi(request: HttpRequest, form: ParametersForm) -> JsonResponse:
    return JsonResponse(described_api(), json_dumps_params={"ensure_ascii": False})


def described_api() -> dict[str, Any]:
    """The document for https, as the portal is served; a trial without it is asked where it stands."""
    host = absolute_url(reverse("api:documentation")).split("://", 1)[1]
    return document(f"https://{host.rstrip('/')}", Identity.current())


def documentation(request: HttpRequest) -> HttpResponse:
    described = described_api()
    address = absolute_url(reverse("api:documentation")).rstrip("/")
    rows = examples()
    endpoints = [in_words(path, methods["get"], address, rows) for path, methods in described["paths"].items()]
    groups = [
        (tag, [endpoint for endpoint in endpoints if endpoint["tag"] == tag["name"]]) for tag in described["tags"]
    ]
    context = {"purpose": PURPOSE, "rules": rules(), "groups": groups, "origin": address}
    return render(request, "distribution/api.html", context | {"problem": problem_in_words(described)})


def examples() -> dict[str, Any]:
    """Rows that are there now, one for each path that leads to one; None while there is nothing."""
    published = Publication.objects.published().latest_first()
    return {
        "/novita/{numero}": published.news().values_list("pk", flat=True).first(),
        "/iniziative/{numero}": published.of_kind(INITIATIVE.code).values_list("pk", flat=True).first(),
        "/argomenti/{slug}": Topic.objects.values_list("slug", flat=True).first(),
        "/comuni/{codice_istat}": Municipality.objects.of_area().values_list("istat_code", flat=True).first(),
    }


def in_words(path: str, operation: dict[str, Any], address: str, rows: dict[str, Any]) -> dict[str, Any]:
    """An endpoint as the page tells it; its example leads to a row of `rows`, or is a name in capitals."""
    parameters = operation["parameters"]
    (content,) = operation["responses"]["200"]["content"].values()
    stem, brace, name = path.partition("{")
    row = rows.get(path) or name.rstrip("}").upper()
    query = "".join(
        f"?{one['name']}={one['example']}" for one in parameters if one["required"] and one["in"] == "query"
    )
    return {
        "path": path,
        "anchor": operation["operationId"],
        "tag": operation["tags"][0],
        "summary": operation["summary"],
        "description": operation["description"],
        "parameters": [parameter | {"kind": kind_in_words(parameter)} for parameter in parameters],
        "address": f"{address}{stem}{row if brace else ''}{query}",
        "opens": not brace or rows[path] is not None,
        "example": json.dumps(content["example"], ensure_ascii=False, indent=2),
    }


def kind_in_words(parameter: dict[str, Any]) -> str:
    schema = parameter["schema"]
    if "enum" in schema:
        return " · ".join(schema["enum"])
    if schema.get("format") == "date-time":
        return "data e ora"
    return {"integer": "numero", "string": "testo"}[schema["type"]]


def problem_in_words(described: dict[str, Any]) -> str:
    schemas = described["components"]["schemas"]
    return json.dumps(example_of(schemas["Problema"], schemas), ensure_ascii=False, indent=2)
