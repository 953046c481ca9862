"""Parameters of the API: a form for each endpoint, each field with the JSON Schema that values are held to."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.forms import DeclarativeFieldsMetaclass
from django.http import QueryDict

from areaomogenea.deadlines.models import Deadline
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing import kinds
from areaomogenea.topics.models import Topic

from .. import resources
from ..feed_query import MOST, USUAL
from ..fields import LARGEST, Resource
from ..synonyms import by_known_names, initiative_called
from .problems import Refused

Row = TypeVar("Row")
INTEGER = re.compile(r"-?[0-9]{1,18}")  # Python reads much more as a number than the document promises
# RFC 3339. A plus that was not escaped arrives as a space: what was meant is clear.
INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([-+ ])(\d\d):(\d\d))", re.ASCII)
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2990, 1, 1, tzinfo=UTC)  # within what databases know


def number(text: str, schema: dict[str, Any]) -> int:
    if not INTEGER.fullmatch(text):
        raise ValidationError("scrivi un numero intero.")
    if int(text) < schema["minimum"]:
        raise ValidationError(f"scrivi un numero da {schema['minimum']} in su.")
    if int(text) > schema["maximum"]:
        raise ValidationError(f"scrivi un numero fino a {schema['maximum']}.")
    return int(text)


def instant(text: str) -> datetime:
    try:
        match = INSTANT.fullmatch(text)
        if match is None:
            raise ValueError
        year, month, day, hour, minute, second = map(int, match.groups()[:6])
        sign, hours, minutes = match.groups()[6:]
        offset = timedelta(hours=int(hours), minutes=int(minutes)) if sign else timedelta()
        clock = timezone(-offset if sign == "-" else offset)
        moment = datetime(max(year, 2), month, day, hour, minute, min(second, 59), tzinfo=clock)
    except ValueError:
        raise ValidationError("scrivi giorno, ora e fuso: 2026-03-01T09:00:00+01:00.") from None
    return min(max(moment, EARLIEST), LATEST)


def valid(text: str, schema: dict[str, Any]) -> str | int | datetime:
    """The value that a text has by this JSON Schema; a ValidationError says why it has none."""
    if schema["type"] == "integer":
        return number(text, schema)
    if schema.get("format") == "date-time":
        return instant(text)
    if text not in schema.get("enum", [text]):
        raise ValidationError(f"scrivi uno fra: {', '.join(schema['enum'])}.")
    if len(text) < schema.get("minLength", 0):
        raise ValidationError("non può essere vuoto.")
    if len(text) > schema.get("maxLength", len(text)):
        raise ValidationError(f"è troppo lungo: al massimo {schema['maxLength']} caratteri.")
    if "pattern" in schema and not re.fullmatch(schema["pattern"], text):
        raise ValidationError("è scritto in un modo che non capiamo: guarda la documentazione.")
    return text


class Parameter(forms.Field):
    """`present` makes of a word the one that the schema knows, if it is another word for it."""

    widget = forms.TextInput

    def __init__(
        self,
        schema: dict[str, Any],
        what: str,
        example: str | None = None,
        *,
        default: Any = None,
        required: bool = False,
        location: str = "query",
        present: Callable[[str], str] = str,
    ) -> None:
        super().__init__(required=required or location == "path", initial=default, help_text=what)
        self.schema, self.example, self.location, self.present = schema, example, location, present

    def clean(self, value: str | None) -> Any:
        if value is not None:
            return valid(self.present(value), self.schema)
        if self.required:
            raise ValidationError("questo parametro è obbligatorio.")
        return self.initial

    def openapi(self, name: str) -> dict[str, Any]:
        """The parameter as the document describes it."""
        default = {} if self.initial is None else {"default": self.initial}
        example = {} if self.example is None else {"example": self.example}
        described = {"in": self.location, "name": name, "required": self.required, "description": self.help_text}
        return {**described, "schema": self.schema | default, **example}


def present_kind(word: str) -> str:
    kind = kinds.named(word)
    return kind.code if kind else word


def named(what: str, example: str | None = None, location: str = "query") -> Parameter:
    """Whatever something is called: what is there is found, what is not is a 404."""
    schema = {"type": "string", "maxLength": 120, "pattern": r"^[^\u0000-\u001f]{1,120}$"}
    return Parameter(schema, what, example, location=location)


def choice(codes: Iterable[str], what: str, **more: Any) -> Parameter:
    return Parameter({"type": "string", "enum": list(codes)}, what, **more)


def number_of_row() -> Parameter:
    return Parameter(
        {"type": "integer", "format": "int32", "minimum": 1, "maximum": LARGEST},
        "Il numero della riga.",
        location="path",
    )


def fields_of(resource: Resource) -> Parameter:
    names = list(resource.fields)
    name = f"(?:{'|'.join(names)})"
    schema = {"type": "string", "maxLength": len(",".join(names)), "pattern": f"^{name}(?:,{name})*$"}
    what = f"I campi che vuoi, separati da virgole, fra: {', '.join(names)}. Il primo c’è sempre."
    return Parameter(schema, what, ",".join(names[1:3]))


class ParametersForm(metaclass=DeclarativeFieldsMetaclass):
    """Parameters of an endpoint, in its path and its query. This form has none.

    Declared as a form is, and read without making one: nothing of it is ever shown, and Django would copy each field.
    """

    is_mirrored = False  # whether its list says what was withdrawn since

    base_fields: ClassVar[dict[str, Parameter]]

    def __init__(self, query: QueryDict, path: dict[str, str]) -> None:
        self.query = by_known_names(query, self.base_fields)
        self.cleaned_data: dict[str, Any] = {}
        self.faults = self.strangers()
        for name, parameter in self.base_fields.items() if not self.faults else ():
            try:
                self.cleaned_data[name] = parameter.clean(path.get(name, self.query.get(name)))
            except ValidationError as error:
                self.faults.append((name, str(error.message)))

    def strangers(self) -> list[tuple[str, str]]:
        """Parameters that do not exist, or come twice, with why: a filter with a slip must not seem to work."""
        own = [name for name, parameter in self.base_fields.items() if parameter.location == "query"]
        unknown = [(name, "questo parametro non esiste.") for name in self.query if name not in own]
        twice = [name for name, values in self.query.lists() if len(values) > 1]
        return unknown + [(name, "questo parametro c’è più di una volta.") for name in twice]

    @property
    def selected(self) -> set[str] | None:
        """The names of the fields asked for; None for the usual ones."""
        names = self.cleaned_data["campi"]
        return set(names.split(",")) if names else None


class AnyForm(ParametersForm):
    """Parameters of an address that leads nowhere: which they are does not matter any more."""

    def strangers(self) -> list[tuple[str, str]]:
        return []


class ListForm(ParametersForm):
    limite = Parameter(
        {"type": "integer", "format": "int32", "minimum": 1, "maximum": MOST},
        f"Quante righe al massimo, da 1 a {MOST}; si può scrivere anche «quanti», come nei feed.",
        default=USUAL,
    )
    cursore = Parameter(
        {"type": "string", "maxLength": 200, "pattern": r"^[A-Za-z0-9_-]{1,120}\.[A-Za-z0-9_-]{1,60}$"},
        "Dove riprendere: si legge in «successiva» e non si scrive a mano.",
    )


class MirrorForm(ListForm):
    is_mirrored = True

    argomento = named("Solo questo argomento, con lo slug di /argomenti; vale ogni suo nome, anche di prima.", "cer")
    comune = named(
        "Solo ciò che riguarda questo Comune: lo nomina, o vale in tutta l’Area. Con il codice ISTAT, o con ogni suo "
        "nome, anche di prima.",
        "019035",
    )
    modificati_da = Parameter(
        {"type": "string", "format": "date-time"},
        "Solo ciò che è uscito o cambiato da quest’ora in poi; ciò che è stato ritirato è in «ritirati».",
        "2026-03-01T09:00:00+01:00",
    )

    def narrow(self, rows: Any) -> Any:
        topic, place = self.cleaned_data["argomento"], self.cleaned_data["comune"]
        if topic:
            rows = rows.on(existing(Topic.objects.named(topic), "Questo argomento non esiste."))
        if place:
            municipality = Municipality.objects.defer("border", "outline").named(place)
            rows = rows.about(existing(municipality, "Questo Comune non c’è: usa il codice ISTAT di uno dei 48."))
        return rows


class NewsListForm(MirrorForm):
    tipo = choice(kinds.codes(kinds.Group.NEWS), "Solo questo tipo.", present=present_kind)
    iniziativa = named("Solo ciò che racconta questa iniziativa: il suo numero, o un suo nome, anche di prima.", "412")
    campi = fields_of(resources.NEWS)

    def narrow(self, rows: Any) -> Any:
        rows = super().narrow(rows)
        kind, initiative = self.cleaned_data["tipo"], self.cleaned_data["iniziativa"]
        if kind:
            rows = rows.of_kind(kind)
        if initiative:
            rows = rows.linked_to(existing(initiative_called(initiative), "Questa iniziativa non c’è."))
        return rows


class InitiativeListForm(MirrorForm):
    campi = fields_of(resources.INITIATIVE)


class DeadlineListForm(MirrorForm):
    tipo = choice(Deadline.Kind.values, "Solo scadenze, o solo incontri.")
    per = choice(Deadline.Audience.values, "Solo quelle per loro.")
    quando = choice(["prossime", "passate", "tutte"], "Quelle non ancora finite, o quali.", default="prossime")
    campi = fields_of(resources.DEADLINE)

    def narrow(self, rows: Any) -> Any:
        rows = super().narrow(rows)
        kind, audience, when = (self.cleaned_data[name] for name in ("tipo", "per", "quando"))
        if kind:
            rows = rows.of_kind(kind)
        if audience:
            rows = rows.meant_for(audience)
        if when != "tutte":
            rows = rows.upcoming() if when == "prossime" else rows.over()
        return rows


class SearchForm(ListForm):
    q = Parameter(
        {"type": "string", "minLength": 1, "maxLength": 200},
        "Le parole da trovare: tutte, in ogni loro forma.",
        "energia",
        required=True,
    )
    campi = fields_of(resources.FOUND)


class NewsItemForm(ParametersForm):
    numero = number_of_row()
    campi = fields_of(resources.NEWS)


class InitiativeForm(ParametersForm):
    numero = number_of_row()
    campi = fields_of(resources.INITIATIVE)


class TopicListForm(ParametersForm):
    campi = fields_of(resources.TOPIC)


class TopicForm(ParametersForm):
    slug = named("Lo slug dell’argomento; vale ogni suo nome, anche di prima.", location="path")
    campi = fields_of(resources.TOPIC)


class MunicipalityListForm(ParametersForm):
    campi = fields_of(resources.MUNICIPALITY)


class MunicipalityForm(ParametersForm):
    codice_istat = named("Il codice ISTAT del Comune; vale ogni suo nome, anche di prima.", location="path")
    campi = fields_of(resources.MUNICIPALITY)


def existing(row: Row | None, message: str) -> Row:
    if row:
        return row
    raise Refused(404, message)
