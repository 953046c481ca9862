"""How the ledger tells a row: its fields as JSON, without secrets, without the names of people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.crypto import salted_hmac

State = dict[str, Any]  # of a row: its fields by name, as JSON knows them
LONGEST = 10_000  # characters of a text that are kept
SECRET = {"password", "token", "secret", "digest", "session_key", "key", "seed", "data"}


@dataclass(frozen=True)
class Description:
    """Of a model: whether its name is that of a person, fields that would name somebody, fields that open a door."""

    is_personal: bool = False
    personal: frozenset = frozenset()
    secret: frozenset = frozenset()


_descriptions: dict[str, Description] = {}


def register_description(
    model: type[Model], *, is_personal: bool = False, personal: Iterable[str] = (), secret: Iterable[str] = ()
) -> None:
    """Tells the ledger about a model of another room, from its `AppConfig.ready()`."""
    _descriptions[model._meta.label_lower] = Description(is_personal, frozenset(personal), frozenset(secret))


def description_of(model: type[Model]) -> Description:
    return _descriptions.get(model._meta.label_lower, Description())


def is_personal(model: type[Model]) -> bool:
    return description_of(model).is_personal


def fingerprint(text: str) -> str:
    """By which who knows a name finds it again, and who does not learns nothing."""
    return salted_hmac("areaomogenea.ledger", text.strip().lower(), algorithm="sha256").hexdigest()[:12]


def state_of(row: Model, relations: Iterable[Any] = (), only: Collection[str] | None = None) -> State:
    """{field: value} of a stored row, {relation: {key: state}} of the rows that these reverse relations hold.

    `only`: the names of the fields; all unless told.
    """
    description = description_of(row._meta.model)
    state = {}
    for field in (*row._meta.concrete_fields, *row._meta.many_to_many):
        is_recorded = field.name in only if only is not None else not getattr(field, "auto_now", False)
        if is_recorded and not field.primary_key:
            state[field.name] = _recorded(description, field, row)
    return state | {
        relation.name: states_of_relation(row, relation) for relation in map(_relation(row._meta.model), relations)
    }


def states_of_relation(row: Model, relation: Any) -> State:
    rows = relation.related_model._base_manager.filter(**{relation.field.name: row.pk}).order_by("pk")
    way_back = relation.field.name
    return {
        str(one.pk): {name: value for name, value in state_of(one).items() if name != way_back and value != ""}
        for one in rows
    }


def _relation(model):
    return lambda relation: model._meta.get_field(relation) if isinstance(relation, str) else relation


def _recorded(description, field, row):
    if field.many_to_many:
        return [_related(other) for other in getattr(row, field.name).order_by("pk")]
    if field.is_relation:
        related = getattr(row, field.name) if getattr(row, field.attname) is not None else None
        return None if related is None else _related(related)
    value = field.value_from_object(row)
    if field.name in description.secret or field.name in SECRET:
        return None if value in (None, "") else f"segreto, impronta {fingerprint(str(value))}"
    if field.name in description.personal:
        return "" if value in (None, "") else f"impronta {fingerprint(str(value))}"
    return json_value(value)


def _related(row):
    """By its key, and by the name it has now unless that is a person's."""
    return f"n. {row.pk}" if is_personal(row._meta.model) else f"{row} (n. {row.pk})"


def json_value(value: object) -> Any:
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[:LONGEST]}… (in tutto {len(value)} caratteri)"
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [json_value(one) for one in value]
    if isinstance(value, dict):
        return {str(name): json_value(one) for name, one in value.items()}
    return json_value(str(value))


def difference(before: State, after: State) -> tuple[State, State]:
    """Two states without what is the same in both; of rows, too."""
    one, other = {}, {}
    for name in before | after:
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if isinstance(was, dict) and isinstance(now, dict):
            was, now = difference(was, now)
        if name in before:
            one[name] = was
        if name in after:
            other[name] = now
    return one, other
