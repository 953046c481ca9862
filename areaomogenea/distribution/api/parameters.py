"""Parameters of the API: a form for each endpoint, each field with the JSON Schema that values are held to."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeVar

from django.http import QueryDict

from areaomogenea.deadlines.models import Deadline
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing import kinds
from areaomogenea.topics.models import Topic

from .. import resources
from ..feed_query import MOST, USUAL
from ..fields import HOUR, Resource, Type, one_of, text, whole
from ..synonyms import by_known_names, initiative_called
from .problems import Refused

Row = TypeVar("Row")
# Whatever something is called: what is there is found, what is not is a 404.
NAME = text(120, pattern=r"^[^\u0000-\u001f]{1,120}$")
INTEGER = re.compile(r"-?[0-9]{1,18}")  # Python reads much more as a number than the document promises
# RFC 3339. A plus that was not escaped arrives as a space: what was meant is clear.
INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([-+ ])(\d\d):(\d\d))", re.ASCII)
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2990, 1, 1, tzinfo=UTC)  # within what databases know


def number(value: str, schema: dict[str, Any]) -> int:
    if not INTEGER.fullmatch(value):
        raise ValueError("scrivi un numero intero.")
    if int(value) < schema["minimum"]:
        raise ValueError(f"scrivi un numero da {schema['minimum']} in su.")
    if int(value) > schema["maximum"]:
        raise ValueError(f"scrivi un numero fino a {schema['maximum']}.")
    return int(value)


def instant(value: str) -> datetime:
    try:
        match = INSTANT.fullmatch(value)
        if match is None:
            raise ValueError
        year, month, day, hour, minute, second = map(int, match.groups()[:6])
        sign, hours, minutes = match.groups()[6:]
        offset = timedelta(hours=int(hours), minutes=int(minutes)) if sign else timedelta()
        clock = timezone(-offset if sign == "-" else offset)
        moment = datetime(max(year, 2), month, day, hour, minute, min(second, 59), tzinfo=clock)
    except ValueError:
        raise ValueError("scrivi giorno, ora e fuso: 2026-03-01T09:00:00+01:00.") from None
    return min(max(moment, EARLIEST), LATEST)


def valid(value: str, schema: dict[str, Any]) -> str | int | datetime:
    """The value that a text has by this JSON Schema; a ValueError says why it has none."""
    if schema["type"] == "integer":
        return number(value, schema)
    if schema.get("format") == "date-time":
        return instant(value)
    if value not in schema.get("enum", [value]):
        raise ValueError(f"scrivi uno fra: {', '.join(schema['enum'])}.")
    if len(value) < schema.get("minLength", 0):
        raise ValueError("non può essere vuoto.")
    if len(value) > schema.get("maxLength", len(value)):
        raise ValueError(f"è troppo lungo: al massimo {schema['maxLength']} caratteri.")
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
        raise ValueError("è scritto in un modo che non capiamo: guarda la documentazione.")
    return value


@dataclass(frozen=True)
class Parameter:
    """`present` makes of a word the one that the type knows, if it is another word for it."""

    type: Type
    what: str
    example: str | None = None
    default: Any = None
    is_required: bool = False
    location: str = "query"
    present: Callable[[str], str] = str

    def clean(self, value: str | None) -> Any:
        if value is not None:
            return valid(self.present(value), self.type.schema)
        if self.is_required:
            raise ValueError("questo parametro è obbligatorio.")
        return self.default

    def openapi(self, name: str) -> dict[str, Any]:
        """The parameter as the document describes it."""
        default = {} if self.default is None else {"default": self.default}
        example = {} if self.example is None else {"example": self.example}
        described = {"in": self.location, "name": name, "required": self.is_required, "description": self.what}
        return {**described, "schema": self.type.schema | default, **example}


def present_kind(word: str) -> str:
    kind = kinds.named(word)
    return kind.code if kind else word


def in_path(type: Type, what: str) -> Parameter:
    return Parameter(type, what, is_required=True, location="path")


def fields_of(resource: Resource) -> Parameter:
    names = list(resource.fields)
    name = f"(?:{'|'.join(names)})"
    what = f"I campi che vuoi, separati da virgole, fra: {', '.join(names)}. Il primo c’è sempre."
    return Parameter(text(len(",".join(names)), pattern=f"^{name}(?:,{name})*$"), what, ",".join(names[1:3]))


ROW_NUMBER = in_path(whole(1), "Il numero della riga.")


class ParametersForm:
    """Parameters of an endpoint, in its path and its query: declared as fields of a form are. This form has none."""

    parameters: dict[str, Parameter] = {}
    is_mirrored = False  # whether its list says what was withdrawn since

    def __init_subclass__(cls) -> None:
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Parameter)}
        cls.parameters = cls.parameters | own

    def __init__(self, query: QueryDict, path: dict[str, str]) -> None:
        self.query = by_known_names(query, self.parameters)
        self.cleaned_data: dict[str, Any] = {}
        self.faults = self.strangers()
        for name, parameter in self.parameters.items() if not self.faults else ():
            try:
                self.cleaned_data[name] = parameter.clean(path.get(name, self.query.get(name)))
            except ValueError as error:
                self.faults.append((name, str(error)))

    def strangers(self) -> list[tuple[str, str]]:
        """Parameters that do not exist, or come twice, with why: a filter with a slip must not seem to work."""
        own = [name for name, parameter in self.parameters.items() if parameter.location == "query"]
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
        whole(1, MOST),
        f"Quante righe al massimo, da 1 a {MOST}; si può scrivere anche «quanti», come nei feed.",
        default=USUAL,
    )
    cursore = Parameter(
        text(200, pattern=r"^[A-Za-z0-9_-]{1,120}\.[A-Za-z0-9_-]{1,60}$"),
        "Dove riprendere: si legge in «successiva» e non si scrive a mano.",
    )


class MirrorForm(ListForm):
    is_mirrored = True

    argomento = Parameter(
        NAME, "Solo questo argomento, con lo slug di /argomenti; vale ogni suo nome, anche di prima.", "cer"
    )
    comune = Parameter(
        NAME,
        "Solo ciò che riguarda questo Comune: lo nomina, o vale in tutta l’Area. Con il codice ISTAT, o con ogni suo "
        "nome, anche di prima.",
        "019035",
    )
    modificati_da = Parameter(
        HOUR,
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
    tipo = Parameter(resources.NEWS_KIND, "Solo questo tipo.", present=present_kind)
    iniziativa = Parameter(
        NAME, "Solo ciò che racconta questa iniziativa: il suo numero, o un suo nome, anche di prima.", "412"
    )
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
    tipo = Parameter(one_of(*Deadline.Kind.values), "Solo scadenze, o solo incontri.")
    per = Parameter(one_of(*Deadline.Audience.values), "Solo quelle per loro.")
    quando = Parameter(one_of("prossime", "passate", "tutte"), "Quelle non ancora finite, o quali.", default="prossime")
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
        text(200, minLength=1), "Le parole da trovare: tutte, in ogni loro forma.", "energia", is_required=True
    )
    campi = fields_of(resources.MATCH)


class NewsItemForm(ParametersForm):
    numero = ROW_NUMBER
    campi = fields_of(resources.NEWS)


class InitiativeForm(ParametersForm):
    numero = ROW_NUMBER
    campi = fields_of(resources.INITIATIVE)


class TopicListForm(ParametersForm):
    campi = fields_of(resources.TOPIC)


class TopicForm(ParametersForm):
    slug = in_path(NAME, "Lo slug dell’argomento; vale ogni suo nome, anche di prima.")
    campi = fields_of(resources.TOPIC)


class MunicipalityListForm(ParametersForm):
    campi = fields_of(resources.MUNICIPALITY)


class MunicipalityForm(ParametersForm):
    codice_istat = in_path(NAME, "Il codice ISTAT del Comune; vale ogni suo nome, anche di prima.")
    campi = fields_of(resources.MUNICIPALITY)


def existing(row: Row | None, message: str) -> Row:
    if row:
        return row
    raise Refused(404, message)
