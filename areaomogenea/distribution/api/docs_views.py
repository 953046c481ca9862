"""The API for people: its document, and a page that tells it in words, made from that very document."""

import json

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse

from areaomogenea.identity.address import absolute_url
from areaomogenea.identity.models import Identity
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.models import Publication
from areaomogenea.topics.models import Topic
from initiatives.kinds import INITIATIVE

from .openapi import PURPOSE, document, example_of, rules


def openapi(request):
    return JsonResponse(described(), json_dumps_params={"ensure_ascii": False})


def described():
    """Over https, as the portal is served; a trial without it is asked where it stands."""
    host = absolute_url(reverse("api:documentation")).split("://", 1)[1]
    return document(f"https://{host.rstrip('/')}", Identity.current())


def documentation(request):
    told = described()
    here = absolute_url(reverse("api:documentation")).rstrip("/")
    real = examples()
    doors = [door_in_words(path, methods["get"], here, real) for path, methods in told["paths"].items()]
    names = [(tag, [door for door in doors if door["tag"] == tag["name"]]) for tag in told["tags"]]
    context = {"purpose": PURPOSE, "rules": rules(), "groups": names, "here": here, "problem": problem_in_words(told)}
    return render(request, "distribution/api.html", context)


def examples():
    """For each door to one row, something that is there now; None while there is nothing."""
    published = Publication.objects.published().latest_first()
    return {
        "/novita/{numero}": published.news().values_list("pk", flat=True).first(),
        "/iniziative/{numero}": published.of_kind(INITIATIVE.code).values_list("pk", flat=True).first(),
        "/argomenti/{slug}": Topic.objects.values_list("slug", flat=True).first(),
        "/comuni/{codice_istat}": Municipality.objects.of_area().values_list("istat_code", flat=True).first(),
    }


def door_in_words(path, operation, here, real):
    parameters = operation["parameters"]
    (content,) = operation["responses"]["200"]["content"].values()
    # The first half of the address is the same for all; the one of a row ends in what `real` gives, or in its name.
    stem, brace, name = path.partition("{")
    row = real.get(path) or name.rstrip("}").upper()
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
        "address": f"{here}{stem}{row if brace else ''}{query}",
        "opens": not brace or real[path] is not None,
        "example": json.dumps(content["example"], ensure_ascii=False, indent=2),
    }


def kind_in_words(parameter):
    schema = parameter["schema"]
    if "enum" in schema:
        return " · ".join(schema["enum"])
    if schema.get("format") == "date-time":
        return "data e ora"
    return {"integer": "numero", "string": "testo"}[schema["type"]]


def problem_in_words(told):
    schemas = told["components"]["schemas"]
    return json.dumps(example_of(schemas["Problema"], schemas), ensure_ascii=False, indent=2)
