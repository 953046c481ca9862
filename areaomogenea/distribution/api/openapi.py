"""The OpenAPI document: what ninja knows of the doors, and what holds for all of them."""

from functools import cache

from django.conf import settings

from ..licence import LICENCE
from . import schemas
from .problems import RETRY_LATER, TITLES
from .views import VERSION, api

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
    "Novità": "Notizie, comunicati e avvisi.",
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
WHOLE = {"type": "integer", "format": "int32", "minimum": 0, "maximum": 2**31 - 1}
HEADERS = {
    "X-RateLimit-Limit": {"description": "Quante richieste al minuto.", "schema": WHOLE, "example": 120},
    "X-RateLimit-Remaining": {"description": "Quante ne restano.", "schema": WHOLE, "example": 119},
    "X-RateLimit-Reset": {"description": "Fra quanti secondi si ricomincia.", "schema": WHOLE, "example": 42},
    "Retry-After": {"description": "Fra quanti secondi riprovare.", "schema": WHOLE, "example": 42},
    "ETag": {
        "description": "Per If-None-Match.",
        "schema": {"type": "string", "maxLength": 80},
        "example": '"5d41402a"',
    },
    "Cache-Control": {
        "description": "Le cache condivise tengono per pochi secondi (max-age=0, s-maxage=30), o nulla (no-store).",
        "schema": {"type": "string", "maxLength": 120},
        "example": "public, max-age=0, s-maxage=30",
    },
}
MEASURE = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
PROBLEM = "application/problem+json"
MOST_OF_ANYTHING = 1_000  # rows of one list within an answer: what a client may count on


def document(address, publisher):
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
    return {"openapi": "3.1.0", "info": info, "servers": [server], "tags": tags, **doors()}


def rules():
    return {rule: what.format(limit=settings.API_REQUESTS_PER_MINUTE) for rule, what in RULES.items()}


@cache
def doors():
    """Paths and components: the same at every address, so made once."""
    made = api.get_openapi_schema(path_prefix="")
    kept = {name: schema for name, schema in made["components"]["schemas"].items() if hasattr(schemas, name)}
    kept["Problema"] = schemas.Problema.model_json_schema()
    kept["Errore"] = kept["Problema"].pop("$defs")["Errore"]
    kept["Problema"]["properties"]["errori"]["items"]["$ref"] = "#/components/schemas/Errore"
    kept = {name: _plainer(schema) for name, schema in sorted(kept.items())}
    for path, methods in made["paths"].items():
        _complete(path, methods["get"], kept)
    return {
        "paths": made["paths"],
        "components": {
            "schemas": kept,
            "headers": HEADERS,
            "responses": {f"Problema{status}": _problem(status) for status in PROBLEMS},
        },
    }


def _complete(path, operation, kept):
    is_health = path == "/status"
    for parameter in operation["parameters"]:
        parameter["schema"] = _given(_plainer(parameter["schema"]))
        described = parameter["schema"].pop("description", "")
        parameter["description"] = parameter.get("description") or described
        for example in parameter.pop("examples", [])[:1]:
            parameter["example"] = example
        parameter["schema"].pop("examples", None)
    answer = operation["responses"].pop(200)
    (content,) = answer["content"].values()
    content = {"schema": content["schema"], "example": example_of(content["schema"], kept)}
    headers = ("Cache-Control",) if is_health else ("Cache-Control", "ETag", *MEASURE)
    operation["responses"]["200"] = {
        "description": "Risponde." if is_health else "Ciò che hai chiesto.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {PROBLEM if is_health else "application/json": content},
    }
    known = {"503"} if is_health else {"404", "429"}
    known |= {"410"} if path.endswith("{numero}") else set()
    for status in sorted(known | {"400", "406", "422", "500"}):
        operation["responses"][status] = {"$ref": f"#/components/responses/Problema{status}"}


def _problem(status):
    headers = MEASURE if status[0] == "4" else ()
    headers += ("Retry-After",) if int(status) in RETRY_LATER else ()
    told = {"type": "about:blank", "title": TITLES[int(status)], "status": int(status), "detail": PROBLEMS[status]}
    content = {"schema": {"$ref": "#/components/schemas/Problema"}, "example": told}
    return {
        "description": PROBLEMS[status],
        "content": {PROBLEM: content},
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("Cache-Control", *headers)},
    }


def _plainer(schema):
    """Without what Python says and nobody asked: titles, and the default of a field that was not asked for."""
    if isinstance(schema, list):
        return [_plainer(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "array":
        schema = {"minItems": 0, "maxItems": MOST_OF_ANYTHING} | schema
    needless = {name for name, value in schema.items() if (name, value) == ("default", None)}
    needless |= {"title"} if isinstance(schema.get("title"), str) else set()
    return {name: _plainer(value) for name, value in schema.items() if name not in needless}


def _given(schema):
    """Of a parameter: what it is when it is given, without the null that stands for its absence."""
    (choice,) = [one for one in schema.pop("anyOf", [{}]) if one != {"type": "null"}]
    return choice | schema


def example_of(schema, kept):
    """Something that fits the schema, of the examples that its fields tell."""
    if "$ref" in schema:
        return example_of(kept[schema["$ref"].rsplit("/", 1)[1]], kept)
    if "examples" in schema:
        return schema["examples"][0]
    for choice in schema.get("anyOf", schema.get("allOf", []))[:1]:
        return example_of(choice, kept)
    if schema["type"] == "array":
        return [example_of(schema["items"], kept)]
    if schema["type"] == "object":
        return {name: example_of(field, kept) for name, field in schema["properties"].items()}
    return "2026-03-02T11:30:00+01:00"
