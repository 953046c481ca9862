"""The OpenAPI document: what each endpoint declares, and what holds for all of them."""

from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from typing import Any

from django.conf import settings

from areaomogenea.identity.models import Identity
from areaomogenea.publishing import kinds

from .. import resources
from ..fields import WHOLE
from ..licence import LICENCE
from .endpoints import ENDPOINTS, WORDS, Endpoint
from .problems import PROBLEM, RETRY_LATER, TITLES

VERSION = "1.0.0"
PURPOSE = "Tutto ciò che il portale pubblica, da leggere con un programma. Non serve una chiave."
RULES = {
    "Solo ciò che è pubblicato": "Nell’istante in cui chiedi. Ciò che è ritirato, o rinviato, sparisce subito: "
    "con «modificati_da» lo trovi in «ritirati», con l’ora e nient’altro.",
    "Identificativi per sempre": "«id» è lo stesso nei feed, e non cambia con il titolo, il tipo o l’indirizzo.",
    "Date con il fuso": "Secondo ISO 8601: 2026-03-01T09:00:00+01:00. In un indirizzo il + si scrive %2B.",
    "Licenza CC BY 4.0": "Basta citare la fonte. Dove «fonte» ne nomina un’altra, valgono le sue condizioni.",
    "Pagine che non si spostano": "«successiva» porta alla pagina che segue, anche se intanto è arrivato altro.",
    "Copie leggere": "Ogni risposta ha un ETag: rimandalo in If-None-Match, e se nulla è cambiato ricevi 304, vuoto.",
    "Un limite": "{limit} richieste al minuto da un indirizzo. Lo dicono le intestazioni X-RateLimit-*; "
    "oltre, la risposta è 429 con Retry-After.",
    "Errori che si spiegano": "In application/problem+json (RFC 9457). "
    "Un parametro che non esiste è un errore: non viene ignorato.",
    "Aperta ai siti": "CORS è aperto per GET: la puoi leggere anche dal browser, da qualunque sito.",
}
ENGLISH = "News, initiatives and deadlines of 48 Italian municipalities: read only"
TAGS = {
    "Novità": f"{kinds.plurals(kinds.of_news()).capitalize()}.",
    "Iniziative": "Che cosa fanno insieme i Comuni, e quali partecipano.",
    "Scadenze": "Termini e incontri.",
    "Argomenti": "Di che cosa si occupa l’Area.",
    "Comuni": "I 48, con codice ISTAT, abitanti e confine.",
    "Ricerca": "Parole, in tutto ciò che è pubblicato.",
    "Servizio": "Se risponde.",
}
PROBLEMS = {
    "400": "La richiesta non si può leggere.",
    "404": "La riga, la pagina, l’argomento o il Comune che chiedi non c’è.",
    "406": "L’intestazione Accept non ammette JSON.",
    "410": "C’era, ed è stata ritirata.",
    "422": "Un parametro non esiste o non va: «errori» dice quale e perché.",
    "429": "Troppe richieste in questo minuto.",
    "500": "Un errore nostro.",
    "503": "Il servizio è fermo.",
}
HEADERS = {
    "X-RateLimit-Limit": {"description": "Quante richieste al minuto.", "schema": WHOLE.schema, "example": 120},
    "X-RateLimit-Remaining": {"description": "Quante ne restano.", "schema": WHOLE.schema, "example": 119},
    "X-RateLimit-Reset": {"description": "Fra quanti secondi si ricomincia.", "schema": WHOLE.schema, "example": 42},
    "Retry-After": {"description": "Fra quanti secondi riprovare.", "schema": WHOLE.schema, "example": 42},
    "ETag": {
        "description": "Per If-None-Match.",
        "schema": {"type": "string", "maxLength": 80},
        "example": '"5d41402a"',
    },
    "Cache-Control": {
        "description": "Le cache condivise tengono per pochi secondi (max-age=0, s-maxage=5), o nulla (no-store).",
        "schema": {"type": "string", "maxLength": 120},
        "example": "public, max-age=0, s-maxage=5",
    },
}
MEASURE = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def document(address: str, publisher: Identity) -> dict[str, Any]:
    """All of it, as the publisher's, at this https address of the root of the API."""
    site = address.removesuffix("/api/v1")
    info = {
        "title": f"API di {publisher.name}",
        "version": VERSION,
        "summary": ENGLISH,
        "x-summary": ENGLISH,
        "x-api-id": "area-omogenea-cremasca",
        "description": "\n".join([PURPOSE, "", *(f"* **{rule}.** {what}" for rule, what in rules().items())]),
        "termsOfService": f"{site}/note-legali/",
        "contact": {"name": publisher.owner, "url": publisher.owner_website or site}
        | ({"email": publisher.email} if publisher.email else {}),
        "license": {"name": "CC BY 4.0", "url": LICENCE},
    }
    tags = [{"name": name, "description": what} for name, what in TAGS.items()]
    server = {"url": address, "description": "Il portale, per chiunque."}
    return {"openapi": "3.1.0", "info": info, "servers": [server], "tags": tags, **paths_and_components()}


def rules() -> dict[str, str]:
    return {rule: what.format(limit=settings.API_REQUESTS_PER_MINUTE) for rule, what in RULES.items()}


@cache
def paths_and_components() -> dict[str, Any]:
    """The part of the document that is the same at every address, so made once."""
    declared = resources.PROBLEM.reachable
    for endpoint in ENDPOINTS:
        declared |= endpoint.response.reachable
    schemas = {name: declared[name].json_schema for name in sorted(declared)}
    return {
        "paths": {endpoint.path: {"get": operation(endpoint, schemas)} for endpoint in ENDPOINTS},
        "components": {
            "schemas": schemas,
            "headers": HEADERS,
            "responses": {f"Problema{status}": problem_response(status) for status in PROBLEMS},
        },
    }


def operation(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{endpoint.response.name}"}
    headers = ("Cache-Control",) if endpoint.is_health else ("Cache-Control", "ETag", *MEASURE)
    content = {"schema": schema, "example": example_of(schema, schemas)}
    response = {
        "description": "Risponde." if endpoint.is_health else "Ciò che hai chiesto.",
        "headers": references("headers", headers),
        "content": {PROBLEM if endpoint.is_health else "application/json": content},
    }
    statuses = {"400", "406", "422", "500"} | ({"503"} if endpoint.is_health else {"404", "429"})
    statuses |= {"410"} if endpoint.path.endswith("{numero}") else set()
    problems = {status: {"$ref": f"#/components/responses/Problema{status}"} for status in sorted(statuses)}
    tag, summary, description = WORDS[endpoint.operation]
    return {
        "operationId": endpoint.operation,
        "summary": summary,
        "description": description or summary,
        "tags": [tag],
        "parameters": [parameter.openapi(name) for name, parameter in endpoint.form.parameters.items()],
        "responses": {"200": response, **problems},
    }


def problem_response(status: str) -> dict[str, Any]:
    code = HTTPStatus(int(status))
    headers: tuple[str, ...] = MEASURE if code < HTTPStatus.INTERNAL_SERVER_ERROR else ()
    headers += ("Retry-After",) if code in RETRY_LATER else ()
    body = {"type": "about:blank", "title": TITLES[code], "status": code.value, "detail": PROBLEMS[status]}
    return {
        "description": PROBLEMS[status],
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problema"}, "example": body}},
        "headers": references("headers", ("Cache-Control", *headers)),
    }


def references(section: str, names: Iterable[str]) -> dict[str, dict[str, str]]:
    return {name: {"$ref": f"#/components/{section}/{name}"} for name in names}


def example_of(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """Something that fits the schema, of the examples that its fields tell."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas)
    if schema["type"] == "array":
        return [example_of(schema["items"], schemas)]
    if schema["type"] == "object":
        return {name: example_of(property, schemas) for name, property in schema["properties"].items()}
    return "2026-03-02T11:30:00+01:00"
