"""Each table as JSON that any program reads, with the schema that says what stands in it; and what is left out."""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

from areaomogenea.backups.rows import as_text, owns_table

CHUNK = 500
# What another portal has no use for, or must not have. Whoever adds a table that is to stay says here why.
TABLES_LEFT_OUT = {
    "sessions.session": "chi era entrato in quel momento",
    "accounts.usersession": "da dove, e con che cosa, è entrato chi lavora",
    "accounts.attemptcount": "i tentativi di entrare, che si contano per pochi minuti",
    "accounts.knowndevice": "i browser riconosciuti alla porta",
    "account.emailaddress": "una copia degli indirizzi delle persone, che sono già in accounts.user",
    "account.emailconfirmation": "chiavi con cui si confermava un indirizzo",
    "mfa.authenticator": "i secondi fattori: fuori da questo portale non aprono niente, e sono segreti",
    "desk.submission": "i moduli già ricevuti, perché nessuno conti due volte",
}
FIELDS_LEFT_OUT = {
    "accounts.user": {"password": "nemmeno la sua impronta: nel portale nuovo ognuno ne sceglie una"},
    "accounts.entry": {"address": "da quale rete lavorava chi ha fatto che cosa"},
    "publishing.previewlink": {"digest": "apre un’anteprima"},
}
KINDS = {  # by internal type
    "BooleanField": {"type": "boolean"},
    "FloatField": {"type": "number"},
    "JSONField": {},
    "DateTimeField": {"type": "string", "format": "date-time"},
    "DateField": {"type": "string", "format": "date"},
    "TimeField": {"type": "string", "format": "time"},
    "UUIDField": {"type": "string", "format": "uuid"},
    "DecimalField": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
}


def exported() -> list[type[Model]]:
    """The tables that leave, by label."""
    models = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    return [model for label, model in sorted(models.items()) if owns_table(model) and label not in TABLES_LEFT_OUT]


def fields_of(model: type[Model]) -> list[Field]:
    left_out = FIELDS_LEFT_OUT.get(model._meta.label_lower, {})
    return [field for field in model._meta.local_concrete_fields if field.name not in left_out]


def rows_of(model: type[Model]) -> Iterator[dict[str, Any]]:
    names = [field.attname for field in fields_of(model)]
    for row in model._base_manager.order_by("pk").values_list(*names).iterator(CHUNK):
        yield dict(zip(names, row, strict=True))


def lines_of(model: type[Model]) -> Iterator[str]:
    """An array of objects, one a line."""
    yield "["
    separator = "\n"
    for row in rows_of(model):
        yield separator + json.dumps(row, default=as_text, ensure_ascii=False)
        separator = ",\n"
    yield "\n]\n"


def schema_of(model: type[Model]) -> dict[str, Any]:
    """JSON Schema, 2020-12."""
    properties = {field.attname: property_of(field) for field in fields_of(model)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": str(model._meta.verbose_name_plural),
        "x-tabella": model._meta.label_lower,
        "type": "array",
        "items": {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        },
    }


def property_of(field: Any) -> dict[str, Any]:
    kind = field
    while kind.is_relation:  # the key of a row may be that of another
        kind = kind.target_field
    words: dict[str, Any] = {"title": str(field.verbose_name), "description": str(field.help_text)}
    shape: dict[str, Any] = dict(KINDS.get(kind.get_internal_type(), {}))
    if not shape and kind.get_internal_type() != "JSONField":
        is_whole = "Integer" in kind.get_internal_type() or "Auto" in kind.get_internal_type()
        shape = {"type": "integer" if is_whole else "string"}
    if field.null and "type" in shape:
        shape["type"] = [shape["type"], "null"]
    if field.is_relation:
        words["x-rimanda-a"] = field.related_model._meta.label_lower
    if voices := {str(value): str(label) for value, label in field.flatchoices}:
        words["x-voci"] = voices
    return shape | {name: value for name, value in words.items() if value}
