"""Fields of what leaves as data: the API's document, its answers and the columns of open data are made from each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.utils.timezone import is_naive, localtime

from areaomogenea.identity.address import absolute_url

TEXT, CODE, LIST, NUMBER = "testo", "codice", "elenco", "numero"
DATE, INSTANT, TRUTH, ADDRESS = "data", "data e ora", "vero o falso", "indirizzo web"
MOST_OF_ANYTHING = 1_000  # rows of one list within an answer: what a client may count on


@dataclass(frozen=True)
class Type:
    """Values of a field: their JSON Schema, what a legend of columns calls them, and how they are made.

    `value` is a function of what a row holds; None where that may leave as it is.
    """

    schema: dict[str, Any]
    kind: str = TEXT
    value: Callable[[Any], Any] | None = None
    nested: "Schema | None" = None  # the schema that this refers to
    is_heavy: bool = False  # in an answer only for who asks for it


def text(longest: int, kind: str = TEXT, **more: Any) -> Type:
    return Type({"type": "string", "maxLength": longest, **more}, kind)


def whole(minimum: int = 0, maximum: int = 2**31 - 1) -> Type:
    return Type({"type": "integer", "format": "int32", "minimum": minimum, "maximum": maximum}, NUMBER)


def hour(moment: datetime | None) -> datetime | None:
    """The hour in Italy, if one is known; out of a JSON column SQLite does not say that it is UTC."""
    if moment is None:
        return None
    return localtime(moment.replace(tzinfo=UTC) if is_naive(moment) else moment)


def one_of(*codes: str) -> Type:
    return Type({"type": "string", "enum": list(codes)})


def in_words(words: dict[str, str]) -> Type:
    """The type of a code that is told by its word."""
    return replace(one_of(*words.values()), value=words.__getitem__)


def maybe(type: Type) -> Type:
    """The type of a value that may be null."""
    schema = {"anyOf": [type.schema, {"type": "null"}]}
    value = type.value
    return replace(type, schema=schema, value=value and (lambda it: None if it is None else value(it)))


def many(type: Type) -> Type:
    schema = {"type": "array", "minItems": 0, "maxItems": MOST_OF_ANYTHING, "items": type.schema}
    value = type.value
    return replace(type, schema=schema, kind=LIST, value=value and (lambda them: [value(it) for it in them]))


def nested(schema: "Schema") -> Type:
    return Type({"$ref": f"#/components/schemas/{schema.name}"}, value=schema.serialize, nested=schema)


WHOLE = whole()
EUROS = Type({"type": "number", "format": "double", "exclusiveMinimum": 0}, NUMBER, float)
FLAG = Type({"type": "boolean"}, TRUTH)
HOUR = Type({"type": "string", "format": "date-time"}, INSTANT, hour)
DAY = Type({"type": "string", "format": "date"}, DATE)
URL = replace(text(2000, ADDRESS, format="uri"), value=lambda address: absolute_url(address) if address else None)
SHORT, LONG, HTML = text(300), text(100_000), text(1_000_000)
ABBREVIATION = text(300, CODE)
ISTAT_CODE = text(6, CODE, pattern="^[0-9]{6}$")
SLUG = text(120, CODE, pattern="^[-a-zA-Z0-9_]+$")
URN = text(45, CODE, pattern="^urn:uuid:[0-9a-f-]{36}$")
GEOMETRY = Type({"type": "object", "additionalProperties": True}, is_heavy=True)


@dataclass(frozen=True)
class Column:
    """A column of a file of open data. `of`: a function of the row, or the dotted name of what to read."""

    name: str
    type: Type
    what: str
    of: Callable[[Any], Any] | str = ""
    width: int = field(default=0, kw_only=True)  # in a spreadsheet, where a text of its kind would leave too much room

    @cached_property
    def read(self) -> Callable[[Any], Any]:
        """A function of the row: a text, a list, a date, an hour of Italy, a number, a truth, an address or None."""
        get, value = self.of if callable(self.of) else attrgetter(self.of), self.type.value
        return get if value is None else lambda row: value(get(row))

    @property
    def kind(self) -> str:
        return self.type.kind


@dataclass(frozen=True)
class Field(Column):
    """A field of the API, and a column of open data unless it is `api_only`, heavy, or too much for a cell.

    `in_column` are other words for it there, `columns` what stands there in its place.
    """

    example: object = None
    optional: bool = field(default=False, kw_only=True)
    api_only: bool = field(default=False, kw_only=True)
    in_column: str = field(default="", kw_only=True)
    columns: tuple[Column, ...] = field(default=(), kw_only=True)

    @property
    def as_columns(self) -> tuple[Column, ...]:
        is_left_out = self.api_only or self.type.nested or (self.type.is_heavy and not self.in_column)
        if self.columns or is_left_out:
            return self.columns
        return (replace(self, what=self.in_column or self.what),)

    @property
    def json_schema(self) -> dict[str, Any]:
        examples = {} if self.example is None else {"examples": [self.example]}
        return {**self.type.schema, "description": self.what, **examples}


class Schema:
    """An object of the API, by the name that its document gives it."""

    def __init__(self, name: str, *fields: Field, description: str = "") -> None:
        self.name, self.description = name, description
        self.fields = {one.name: one for one in fields}
        self.required = [one.name for one in fields if not one.optional]

    @cached_property
    def readers(self) -> list[tuple[str, Callable[[Any], Any]]]:
        return [(name, one.read) for name, one in self.fields.items()]

    def serialize(self, row: Any) -> dict[str, Any]:
        return {name: read(row) for name, read in self.readers}

    @property
    def json_schema(self) -> dict[str, Any]:
        described = {"description": self.description} if self.description else {}
        properties = {name: one.json_schema for name, one in self.fields.items()}
        rest = {"additionalProperties": False, "properties": properties, "required": self.required}
        return {"type": "object", **described, **rest}

    @property
    def reachable(self) -> dict[str, "Schema"]:
        """All schemas that it refers to, by name, itself among them."""
        schemas = {self.name: self}
        for one in self.fields.values():
            schemas |= one.type.nested.reachable if one.type.nested else {}
        return schemas


class Resource(Schema):
    """A thing with an address of its own in the API: who asks may select its fields; the first is always there."""

    def __init__(self, name: str, *fields: Field) -> None:
        super().__init__(name, *fields)
        self.required = [fields[0].name]
        self.usual = {one.name for one in fields if not one.type.is_heavy}

    def serialize(self, row: Any, selected: Iterable[str] | None = None) -> dict[str, Any]:
        """The fields of these names, or those that are not heavy. Only what is asked for is read."""
        names = {*selected, *self.required} if selected else self.usual
        return {name: read(row) for name, read in self.readers if name in names}

    def serialize_whole(self, row: Any, selected: Iterable[str] | None = None) -> dict[str, Any]:
        return self.serialize(row, selected or self.fields.keys())

    def columns(self, first: str = "") -> tuple[Column, ...]:
        """Its columns in open data: these names first, in this order, so that what is added later stands at the end."""
        columns = {column.name: column for one in self.fields.values() for column in one.as_columns}
        return *(columns.pop(name) for name in first.split()), *columns.values()
