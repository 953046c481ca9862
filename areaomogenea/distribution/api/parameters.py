"""What may be asked for, parameter by parameter; the OpenAPI document says the same because it is made from this."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Literal

from ninja import Schema
from pydantic import BeforeValidator, Field

from areaomogenea.deadlines.models import Deadline
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing import kinds
from areaomogenea.topics.models import Topic

from ..feed_query import MOST, USUAL
from ..synonyms import initiative_called
from . import schemas
from .problems import Refused

# RFC 3339. A plus that was not escaped arrives as a space: what was meant is clear.
INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([-+ ])(\d\d):(\d\d))", re.ASCII)
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2990, 1, 1, tzinfo=UTC)  # within what databases know


def digits_only(value):
    """Python reads much more as a number than the document promises."""
    if not re.fullmatch(r"-?[0-9]{1,18}", str(value)):
        raise ValueError("scrivi un numero intero.")
    return int(value)


def instant(value):
    told = INSTANT.fullmatch(str(value))
    try:
        year, month, day, hour, minute, second = map(int, told.groups()[:6])
        sign, hours, minutes = told.groups()[6:]
        offset = timedelta(hours=int(hours), minutes=int(minutes)) if sign else timedelta()
        clock = timezone(-offset if sign == "-" else offset)
        moment = datetime(max(year, 2), month, day, hour, minute, min(second, 59), tzinfo=clock)
    except (AttributeError, ValueError):
        raise ValueError("scrivi giorno, ora e fuso: 2026-03-01T09:00:00+01:00.") from None
    return min(max(moment, EARLIEST), LATEST)


Number = Annotated[int, BeforeValidator(digits_only)]
Instant = Annotated[datetime, BeforeValidator(instant)]
LONGEST_NAME = 120
NAME = r"^[^\u0000-\u001f]{1,120}$"  # whatever something is called: what is there is found, what is not is a 404
LARGEST = 2**31 - 1
RowNumber = Annotated[
    int,
    Field(ge=1, le=LARGEST, description="Il numero della riga.", json_schema_extra={"format": "int32"}),
    BeforeValidator(digits_only),
]
TopicSlug = Annotated[
    str,
    Field(
        pattern=NAME, max_length=LONGEST_NAME, description="Lo slug dell’argomento; vale ogni suo nome, anche di prima."
    ),
]
IstatCode = Annotated[
    str,
    Field(
        pattern=NAME,
        max_length=LONGEST_NAME,
        description="Il codice ISTAT del Comune; vale ogni suo nome, anche di prima.",
    ),
]


def present_kind(value):
    kind = kinds.named(str(value))
    return kind.code if kind else value


NewsKind = Annotated[Literal[tuple(kinds.codes(kinds.Group.NEWS))], BeforeValidator(present_kind)]


def names_of(schema):
    """The pattern of a list of names of its fields, separated by commas."""
    name = f"(?:{'|'.join(schema.model_fields)})"
    return rf"^{name}(?:,{name})*$"


def fields_parameter(schema):
    names = list(schema.model_fields)
    told = f"I campi che vuoi, separati da virgole, fra: {', '.join(names)}. Il primo c’è sempre."
    longest = len(",".join(names))
    examples = [",".join(names[1:3])]
    return Field(None, description=told, max_length=longest, pattern=names_of(schema), examples=examples)


class Few(Schema):
    """For lists that are short, and for one row: nothing to page."""

    @property
    def wanted(self):
        """The names of the fields asked for; None for the usual ones."""
        return set(self.campi.split(",")) if self.campi else None


class Listed(Few):
    limite: Number = Field(
        USUAL,
        ge=1,
        le=MOST,
        description=f"Quante righe al massimo, da 1 a {MOST}; si può scrivere anche «quanti», come nei feed.",
        json_schema_extra={"format": "int32"},
    )
    cursore: str | None = Field(
        None,
        max_length=200,
        pattern=r"^[A-Za-z0-9_-]{1,120}\.[A-Za-z0-9_-]{1,60}$",
        description="Dove riprendere: si legge in «successiva» e non si scrive a mano.",
    )


class Filtered(Listed):
    argomento: str | None = Field(
        None,
        pattern=NAME,
        max_length=LONGEST_NAME,
        description="Solo questo argomento, con lo slug di /argomenti; vale ogni suo nome, anche di prima.",
        examples=["cer"],
    )
    comune: str | None = Field(
        None,
        pattern=NAME,
        max_length=LONGEST_NAME,
        description="Solo ciò che riguarda questo Comune: lo nomina, o vale in tutta l’Area. Con il codice ISTAT, o "
        "con ogni suo nome, anche di prima.",
        examples=["019035"],
    )

    def narrow(self, rows):
        if self.argomento:
            rows = rows.on(known(Topic.objects.named(self.argomento), "Questo argomento non esiste."))
        if self.comune:
            place = Municipality.objects.defer("border", "outline").named(self.comune)
            rows = rows.about(known(place, "Questo Comune non c’è: usa il codice ISTAT di uno dei 48."))
        return rows


class Mirrored(Filtered):
    modificati_da: Instant | None = Field(
        None,
        description="Solo ciò che è uscito o cambiato da quest’ora in poi; ciò che è stato ritirato è in «ritirati».",
        examples=["2026-03-01T09:00:00+01:00"],
    )


class NewsAsked(Mirrored):
    tipo: NewsKind | None = Field(None, description="Solo questo tipo.")
    iniziativa: str | None = Field(
        None,
        pattern=NAME,
        max_length=LONGEST_NAME,
        description="Solo ciò che racconta questa iniziativa: il suo numero, o un suo nome, anche di prima.",
        examples=["412"],
    )
    campi: str | None = fields_parameter(schemas.Novita)

    def narrow(self, rows):
        rows = super().narrow(rows)
        if self.tipo:
            rows = rows.of_kind(self.tipo)
        if self.iniziativa:
            rows = rows.linked_to(known(initiative_called(self.iniziativa), "Questa iniziativa non c’è."))
        return rows


class InitiativesAsked(Mirrored):
    campi: str | None = fields_parameter(schemas.Iniziativa)


class DeadlinesAsked(Mirrored):
    tipo: Literal[tuple(Deadline.Kind.values)] | None = Field(None, description="Solo scadenze, o solo incontri.")
    per: Literal[tuple(Deadline.Audience.values)] | None = Field(None, description="Solo quelle per loro.")
    quando: Literal["prossime", "passate", "tutte"] = Field(
        "prossime", description="Quelle non ancora finite, o quali."
    )
    campi: str | None = fields_parameter(schemas.Scadenza)

    def narrow(self, rows):
        rows = super().narrow(rows)
        if self.tipo:
            rows = rows.of_kind(self.tipo)
        if self.per:
            rows = rows.meant_for(self.per)
        if self.quando != "tutte":
            rows = rows.upcoming() if self.quando == "prossime" else rows.over()
        return rows


class SearchAsked(Listed):
    q: str = Field(
        min_length=1,
        max_length=200,
        description="Le parole da trovare: tutte, in ogni loro forma.",
        examples=["energia"],
    )
    campi: str | None = fields_parameter(schemas.Trovata)


class OneOfNewsAsked(Few):
    campi: str | None = fields_parameter(schemas.Novita)


class OneInitiativeAsked(Few):
    campi: str | None = fields_parameter(schemas.Iniziativa)


class TopicsAsked(Few):
    campi: str | None = fields_parameter(schemas.Argomento)


class MunicipalitiesAsked(Few):
    campi: str | None = fields_parameter(schemas.Comune)


def known(row, message):
    if row:
        return row
    raise Refused(404, message)
