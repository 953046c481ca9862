"""A content: what editors write in a publication, as JSON that every version keeps.

{field: value, relations by key} and {part: its rows}; a part is a table that is written with the publication, and
each of its rows is {"pk": …, field: value…} without the way back to the publication.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial, reduce
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.formats import date_format
from django.utils.timezone import localtime

from areaomogenea.prose.diff import Line, lines_of
from areaomogenea.prose.fields import ProseField

if TYPE_CHECKING:
    from areaomogenea.accounts.models import User

Row = dict[str, Any]  # of a table that is written with a page, as a version keeps it
Content = dict[str, Any]  # {field: value, relation: its rows}
Piece: TypeAlias = "models.Field | InlineRelation"

COMMON_RELATIONS: list[str] = []


def register_relation(name: str) -> None:
    """Makes a reverse relation of publications, of a higher room, a part of every kind."""
    if name not in COMMON_RELATIONS:
        COMMON_RELATIONS.append(name)


def versioned_fields(model: type[models.Model]) -> list[models.Field]:
    """Those that editors write, whose every version is kept; and those that go with them, in `model.also_versioned`."""
    fields = (*model._meta.concrete_fields, *model._meta.many_to_many)
    also_versioned = getattr(model, "also_versioned", ())
    return [
        field
        for field in fields
        if (field.editable and not field.primary_key and field.serialize) or field.name in also_versioned
    ]


def relations_of(model: type[models.Model]) -> list[InlineRelation]:
    """In the order of `model.versioned_relations`, what others lean on first; then those of all, from higher rooms.

    A row that is no publication has none.
    """
    names = (*model.versioned_relations, *COMMON_RELATIONS) if hasattr(model, "versioned_relations") else ()
    fields: dict[str, Any] = {name: model._meta.get_field(name) for name in names}
    return [InlineRelation(field) for field in fields.values()]


def pieces_of(model: type[models.Model]) -> dict[str, Piece]:
    """Fields and parts by name; both have a verbose_name."""
    return {piece.name: piece for piece in (*versioned_fields(model), *relations_of(model))}


def content_of(publication: models.Model) -> Content:
    fields = {
        field.name: value_as_json(
            field,
            getattr(publication, field.name).all() if field.many_to_many else field.value_from_object(publication),
        )
        for field in versioned_fields(type(publication))
    }
    return fields | {relation.name: relation.rows(publication) for relation in relations_of(type(publication))}


def value_as_json(field: models.Field, value: Any) -> Any:
    """A value of the field, or the rows that it leads to."""
    if field.many_to_many:
        return sorted(row.pk for row in value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.{field.decimal_places}f}"
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, FieldFile):
        return value.name or "" if not value or value._committed else Upload(value)
    if isinstance(value, str):
        return value.replace("\r\n", "\n")  # browsers end lines so
    return getattr(value, "pk", value)


class Upload(str):
    """The name of a file that was just chosen and is not stored yet, in the row of whoever typed it."""

    def __new__(cls, file):
        upload = super().__new__(cls, file.name)
        upload.row = file.instance
        return upload


def from_json(field: models.Field, value: Any, user: User | None = None) -> Any:
    """A value of the field; of relations, those rows that are still there, each as `user` may know of it."""
    if not field.is_relation:
        return field.to_python(value)
    rows = rows_for(user, field.related_model).filter(pk__in=value if field.many_to_many else [value])
    return list(rows) if field.many_to_many else rows.first()


def rows_for(user: User | None, model: Any) -> models.QuerySet:
    """All of a table; without a user nothing is kept from anybody."""
    rows = model._default_manager.all()
    return rows.with_known_by(user) if user and hasattr(rows, "with_known_by") else rows


def changed_pieces(before: Content | None, after: Content) -> list[str]:
    """The names of the fields and parts that differ.

    A version from before a part was kept says nothing of it; where nothing at all is told, everything is new.
    """
    return [name for name in after if not before or (name in before and before[name] != after[name])]


def files_in(model: type[models.Model], content: Content) -> set[str]:
    """The names of the stored files that the parts of a content tell of."""
    fields = [(relation.name, field.name) for relation in relations_of(model) for field in relation.files]
    return {row[field] for name, field in fields for row in content.get(name) or () if row.get(field)}


def lines_of_piece(piece: Piece, content: Content, user: User | None) -> list[Line]:
    """The Lines of what a content says of a field or a part, as an editor would say it to this person."""
    return (
        piece.lines(content, user) if isinstance(piece, InlineRelation) else shown(piece, content.get(piece.name), user)
    )


def shown(field: models.Field, value: Any, user: User | None) -> list[Line]:
    """The Lines of a value of a content."""
    if value is None or value == "":
        return []
    if field.is_relation:
        rows = from_json(field, value, user)
        rows = rows if field.many_to_many else filter(None, [rows])
        return [Line(line_of(row), row.pk, f"{line_of(row)} (n. {row.pk})") for row in rows]
    value = field.to_python(value)
    if isinstance(field, ProseField):
        return lines_of(value)
    if isinstance(field, models.TextField):
        return [Line(line, line, line) for line in map(str.rstrip, value.splitlines()) if line]
    text = in_a_word(field, value)
    return [Line(text, repr(value), f"{text} [{value}]")]


def in_a_word(field: models.Field, value: Any) -> str:
    if hasattr(field, "in_words"):
        return field.in_words(value)
    if isinstance(value, datetime):
        at = localtime(value)
        return date_format(at, "j F Y, H:i:s" if at.second else "j F Y, H:i").lower()
    if isinstance(value, date):
        return date_format(value, "j F Y").lower()
    if isinstance(value, bool):
        return "sì" if value else "no"
    return str(dict(field.flatchoices).get(value, value))


def alike(piece: Piece, value: Any) -> Any:
    """A form that does not change when a browser writes the same text in other tags, or a row gets another key."""
    if isinstance(piece, InlineRelation):
        return [piece.face(row) for row in value or ()]
    if isinstance(piece, ProseField):
        return [(line.words, line.face) for line in lines_of(value or "")]
    if isinstance(piece, models.TextField):
        return [" ".join(line.split()) for line in (value or "").splitlines()]
    return value


@dataclass(frozen=True)
class InlineRelation:
    """A reverse relation of a publication whose rows are written with it.

    A row says itself in a line through its `line`, if it has one, for whoever compares two versions; what follows from
    its fields it fills by its `settle`, if it has one.
    """

    relation: models.ManyToOneRel

    @property
    def name(self) -> str:
        return self.relation.name

    @property
    def model(self) -> type[models.Model]:
        return self.relation.related_model

    @property
    def parent(self) -> str:
        return self.relation.field.name

    @property
    def verbose_name(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @property
    def fields(self) -> list[models.Field]:
        return [field for field in versioned_fields(self.model) if field.name != self.parent]

    @property
    def files(self) -> list[models.FileField]:
        return [field for field in self.fields if isinstance(field, models.FileField)]

    def manager(self, publication: models.Model) -> Any:
        return getattr(publication, self.name)

    def rows(self, publication: models.Model) -> list[Row]:
        return [self.row_of(row) for row in self.manager(publication).all()]

    def face(self, row: Row) -> Row:
        """What two rows are compared by: neither a key nor what only names the row says anything of it."""
        compared = [field for field in self.fields if field.name in row and (field.editable or not field.unique)]
        return {field.name: alike(field, row[field.name]) for field in compared}

    def row_of(self, row: models.Model) -> Row:
        """A stored row, or one that somebody types, as a content keeps it."""
        return {"pk": row.pk} | {
            field.name: value_as_json(field, field.value_from_object(row)) for field in self.fields
        }

    def lines(self, content: Content, user: User | None = None) -> list[Line]:
        rows = content.get(self.name) or ()
        related = self._related(rows, content, user)
        instances = (self._fill(self.model(pk=row.get("pk")), row, related) for row in rows)
        return [self._line(row, instance, related) for row, instance in zip(rows, instances, strict=True)]

    def _line(self, row, instance, related):
        """A row in one go; all of it, if need be, field by field."""
        face, label = self.face(row), line_of(instance)
        values = (
            (field, self._exactly(field, row[field.name], related)) for field in self.fields if field.name in face
        )
        exact = ", ".join(f"{field.verbose_name}: {text}" for field, text in values if text)
        return Line(label, repr(face), f"{label} [{exact}]")

    def _exactly(self, field, value, related):
        if field.is_relation:
            row = related[field.name].get(value)
            return f"{row} (n. {row.pk})" if row else ""
        return " ".join(line.exact for line in shown(field, value, None))

    def instances(
        self, content: Content, publication: models.Model | None = None, user: User | None = None
    ) -> list[models.Model]:
        """The rows of a content as unsaved rows of the table; relations that are gone are empty."""
        related = self._related(content.get(self.name) or (), content, user)
        rows = ((row, self.model(pk=row.get("pk"))) for row in content.get(self.name) or ())
        return [self._fill(instance, row, related, publication) for row, instance in rows]

    def in_order(self, rows: Iterable[models.Model]) -> list[models.Model]:
        """Rows that are not saved, as the table orders those that are; what has no value comes last."""
        rows = list(rows)
        for term in reversed(self.model._meta.ordering or ()):
            if isinstance(term, models.expressions.OrderBy):
                path, is_descending = term.expression.name, term.descending
            else:
                path, is_descending = term.removeprefix("-"), term.startswith("-")
            place = partial(_place, path=path.split("__"), is_descending=is_descending)
            rows.sort(key=place, reverse=is_descending)
        return rows

    def _related(self, rows, content, user=None):
        """{field: {key: row}} of what the rows lead to, one question for each field."""
        content = content or {}
        siblings = {
            relation.model: relation for relation in relations_of(self.relation.model) if relation.name in content
        }
        related = {}
        for field in self.fields:
            if field.is_relation:
                keys = {row[field.name] for row in rows if row.get(field.name) is not None}
                sibling = siblings.get(field.related_model)  # type: ignore[arg-type]  # a relation has one
                own = {row.pk: row for row in sibling.instances(content)} if sibling and keys else {}
                related[field.name] = rows_for(user, field.related_model).in_bulk(keys - own.keys()) | own
        return related

    def _fill(self, instance, row, related, publication=None):
        if publication is not None:
            setattr(instance, self.parent, publication)
        for field in self.fields:
            if field.name in row:
                value = row[field.name]
                setattr(
                    instance,
                    field.name,
                    related[field.name].get(value) if field.is_relation else field.to_python(value),
                )
        if hasattr(instance, "settle"):
            instance.settle()
        return instance

    def set(self, publication: models.Model, rows: list[Row]) -> bool:
        """Make the stored rows what these say; whether that changed anything. Raises ValidationError.

        A row that is gone comes back with the key it had, so that what leads to it still does; one that cannot be
        without something that is gone (a Comune, its file) is left out. A stored row that `is_kept` is not deleted, and
        its `lasting` fields stay.
        """
        getattr(publication, "_prefetched_objects_cache", {}).pop(self.name, None)
        before = self.rows(publication)
        if rows == before:
            return False
        related = self._related(rows, None)
        needed = [field.name for field in self.fields if field.is_relation and not field.null]
        rows = [row for row in rows if all(related[name].get(row[name]) for name in needed if name in row)]
        rows = [row for row in rows if row in before or self._has_its_files(row)]
        stored = {row.pk: row for row in self.manager(publication).all()}
        matches = self._matches(rows, stored)
        rows = [self._with_lasting(row, match) for row, match in zip(rows, matches, strict=True)]
        lasting = {key for key, row in stored.items() if getattr(row, "is_kept", False)}
        gone = stored.keys() - {match.pk for match in matches if match} - lasting
        self.manager(publication).filter(pk__in=gone).delete()
        keys = {row.get("pk") for row, match in zip(rows, matches, strict=True) if not match} - {None}
        of_others = set(self.model._default_manager.filter(pk__in=keys).values_list("pk", flat=True))
        faults = []
        for row, match in zip(rows, matches, strict=True):
            key = None if row.get("pk") in of_others else row.get("pk")
            instance = self._fill(match or self.model(pk=key), row, related, publication)
            try:
                self._keep(instance, before)
            except ValidationError as error:
                faults += [f"{self.model._meta.verbose_name} «{instance}»: {fault}" for fault in error.messages]
        if faults:
            raise ValidationError(faults)
        return self.rows(publication) != before

    def _has_its_files(self, row):
        names = [row[field.name] for field in self.files if row.get(field.name)]
        return all(isinstance(name, Upload) or default_storage.exists(name) for name in names)

    def _with_lasting(self, row, match):
        if match is None or not getattr(match, "is_kept", False):
            return row
        return row | {name: value for name, value in self.row_of(match).items() if name in match.lasting}

    def _keep(self, instance, before):
        if instance._state.adding or self.row_of(instance) not in before:
            # A stored file was looked into when it arrived.
            instance.full_clean(exclude=[field.name for field in self.files])
            instance.save(force_insert=instance._state.adding)

    def with_stored_files(self, rows: Iterable[Row]) -> list[Row]:
        """The rows with what was just chosen stored, so that they can be kept."""
        return [self._with_stored_files(row) for row in rows]

    def _with_stored_files(self, row):
        uploads = [row[field.name] for field in self.files if isinstance(row.get(field.name), Upload)]
        for upload in uploads:
            upload.row.store_file()
            stored = self.row_of(upload.row)
            row = row | {
                name: stored[name] for name in (*self.model.also_versioned, *(field.name for field in self.files))
            }
        return row

    def _matches(self, rows, stored):
        """For each row the stored one that it tells of, or None."""
        known = list(stored.values())
        places = self.places(rows, [self.row_of(row) for row in known])
        return [None if place is None else known[place] for place in places]

    def places(self, rows: Sequence[Row], others: Iterable[Row]) -> list[int | None]:
        """For each row its place among others, None if it is not there.

        It is told by its key, or else by what only one of them can be.
        """
        free = dict(enumerate(others))
        keys = {row.get("pk"): place for place, row in free.items() if row.get("pk") is not None}
        places = [keys.pop(row.get("pk"), None) for row in rows]
        for place in places:
            if place is not None:
                del free[place]
        for constraint in self.model._meta.total_unique_constraints:
            names = [name for name in constraint.fields if name != self.parent]
            by_name = {tuple(row.get(name) for name in names): place for place, row in free.items()}
            for number, row in enumerate(rows):
                if places[number] is None:
                    places[number] = by_name.pop(tuple(row.get(name) for name in names), None)
                    free.pop(places[number], None)  # type: ignore[arg-type]  # none is free under None
        return places


def line_of(row: models.Model) -> str:
    """How a row says itself to whoever compares two versions."""
    return row.line if hasattr(row, "line") else str(row)


def _place(row, path, is_descending):
    value = reduce(lambda value, name: getattr(value, name, None), path, row)
    return (not is_descending,) if value is None else (is_descending, value)
