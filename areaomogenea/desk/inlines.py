"""Tables that are written in the form of a publication: their rows are typed here, and kept by the publication."""

import json
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, Q
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.utils.datastructures import MultiValueDict

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.prose.fields import ProseField
from areaomogenea.prose.html import clean
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.snapshots import InlineRelation
from areaomogenea.publishing.workflow import only_proposes

from .prose_editor import NUMBERS, prose_editor


class PartFormSet(BaseInlineFormSet):
    """The rows of a part as somebody types them; it saves none: `typed` goes the way of every field."""

    tells_by_versions = True
    shown = None  # the rows to show in place of what was typed, when it is shown again

    def __init__(self, *args, rows=None, is_written=False, **kwargs):
        """`rows`: of a content, to be shown in place of the stored ones; `is_written`: by who may write them."""
        super().__init__(*args, **kwargs)
        self.rows, self.stored = rows, self.queryset
        if self.is_bound:
            self._meet_stored()
            if is_written:  # the form of the publication, cleaned later, weighs these rows as it does its own fields
                vars(self.instance).setdefault("formsets", {})[self.part.name] = self
        elif rows is not None:
            stored = {row.pk for row in self.get_queryset()}
            own = [row for row in rows if row.get("pk") not in stored]
            self.initial_extra = [self._initial(row) | {self.model._meta.pk.name: row.get("pk")} for row in own]
            self.extra = len(self.initial_extra)

    def _meet_stored(self):
        """Rows that others deleted meanwhile go after those that are there: typed again, they are new ones.

        The admin shows the forms of stored rows beside those rows, in their order, and no form beyond them.
        """
        name = self.model._meta.pk.name
        places = {str(row.pk): place for place, row in enumerate(self.get_queryset())}
        total = self.total_form_count()
        keys = [self.data.get(f"{self.prefix}-{number}-{name}", "") for number in range(total)]
        order = sorted(range(total), key=lambda number: places.get(keys[number], len(places)))
        moved = {f"{self.prefix}-{number}-": f"{self.prefix}-{place}-" for place, number in enumerate(order)}
        data = self.data.copy()
        data.clear()
        for field, values in self.data.lists():
            data.setlist(self._place(field, moved), values)
        files = self.files.lists() if self.files else ()
        self.files = MultiValueDict({self._place(field, moved): some for field, some in files})
        known = [key for key in keys if key in places]
        data[f"{self.prefix}-INITIAL_FORMS"] = len(known)
        self.data, self.queryset = data, self.queryset.filter(pk__in=known)
        del self.management_form, self._queryset

    def _place(self, field, moved):
        number = field.removeprefix(f"{self.prefix}-").partition("-")[0]
        old = f"{self.prefix}-{number}-"
        return field.replace(old, moved[old], 1) if field.startswith(old) and old in moved else field

    @property
    def part(self) -> InlineRelation:
        return InlineRelation(self.fk.remote_field)

    def _initial(self, row):
        """The initial values of the form of a row: each form may say them of an unsaved row in its own way."""
        if hasattr(self.form, "initial_of"):
            (instance,) = self.part.instances({self.part.name: [row]})
            return self.form.initial_of(instance)
        fields = [field for field in self.part.fields if field.name in row]
        return {
            field.name: row[field.name] if field.is_relation else field.to_python(row[field.name]) for field in fields
        }

    def get_queryset(self) -> Any:
        """Each row knows the publication that the form is of, so that nobody asks for it again."""
        rows = super().get_queryset()
        for row in rows:
            setattr(row, self.fk.name, self.instance)
        return rows

    def get_form_kwargs(self, index: int | None) -> Any:
        kwargs = super().get_form_kwargs(index)
        if self.rows is None or self.is_bound or index is None or index >= self.initial_form_count():
            return kwargs
        key = self.get_queryset()[index].pk
        row = next((row for row in self.rows if row.get("pk") == key), None)
        return kwargs | {"initial": self._initial(row) if row else {"DELETE": True}}

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.is_proposed = False
        if shown := kwargs.get("initial"):
            stored = self._initial(self.part.row_of(form.instance))
            form.is_proposed = any(stored.get(name) != value for name, value in shown.items())
        return form

    def add_fields(self, form: Any, index: int | None) -> None:
        """The key is no choice among stored rows: who typed in one that others deleted meanwhile loses nothing."""
        super().add_fields(form, index)
        name = self.model._meta.pk.name
        key = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=form.fields[name].initial)
        form.fields[name] = key
        if getattr(form.instance, "is_kept", False):
            form.fields.pop(DELETION_FIELD_NAME, None)

    def save(self, commit: bool = True) -> list[Any]:
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        return []

    def typed(self) -> list[dict[str, Any]]:
        """The rows as a content keeps them, in the order of the table; of a form with errors, what is stored.

        A row that others deleted meanwhile has the key that it had.
        """
        stored = {row.pk: row for row in self.get_queryset()}
        rows, self.unsaid = [], {}
        for form in self._forms_with_rows():
            row = form.instance if form.is_valid() else stored.get(form.instance.pk)
            self.unsaid[form.instance.pk] = getattr(form, "unsaid", ())
            if row is not None and row.pk not in stored:
                row.pk = form.cleaned_data.get(self.model._meta.pk.name)
            rows.append(row)
        return [self._row_of(row) for row in self.part.in_order(filter(None, rows))]

    def with_unmentioned(
        self, rows: Collection[dict[str, Any]], base: Collection[dict[str, Any]] | None = None
    ) -> list[dict[str, Any]]:
        """The rows as somebody typed them on `base`, with what of it they said nothing of: whole rows, or fields.

        Without a base, what is stored is one, and what is in neither is new.
        """
        names = (form.add_prefix(self.model._meta.pk.name) for form in self.forms)
        mentioned = {self.data.get(name, "") for name in names}
        stored = [self.part.row_of(row) for row in self.stored] if base is None else base
        if base is None:
            known = {row["pk"] for row in stored}
            rows = [row if row["pk"] in known else row | {"pk": None} for row in rows]
        else:
            before = {row["pk"]: row for row in base}
            rows = [row | self._unsaid(row["pk"], before.get(row["pk"], {})) for row in rows]
        return [*rows, *(row for row in stored if str(row["pk"]) not in mentioned)]

    def _unsaid(self, key, before):
        return {name: before[name] for name in self.unsaid.get(key, ()) if name in before}

    def _forms_with_rows(self):
        known = self.initial_form_count()
        kept = [form for number, form in enumerate(self.forms) if number < known or form.has_changed()]
        return [form for form in kept if form.errors is not None and not self._should_delete_form(form)]

    def _row_of(self, instance):
        row = self.part.row_of(instance)
        prose = [field.name for field in self.part.fields if isinstance(field, ProseField)]
        return row | {name: clean(row[name] or "") for name in prose}

    def as_merged(self) -> Any:
        rows = self.part.with_stored_files(self.shown)
        return type(self)(instance=self.instance, prefix=self.prefix, queryset=self.stored, rows=rows)


class PartInline(admin.StackedInline):
    formset = PartFormSet
    formfield_overrides = NUMBERS
    prose_fields: tuple[str, ...] = ()
    template = "admin/desk/part.html"
    extra = 0
    add_label = "Aggiungi una riga"

    def formfield_for_foreignkey(self, db_field: Any, request: UserRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field and db_field.related_model is Publication and db_field.name != self.fk_name:
            page = request.resolver_match.kwargs
            own = self.model.objects.filter(**{self.fk_name: page.get("object_id") or page.get("pk")})
            chosen = Q(pk__in=own.order_by().values(db_field.name))  # what stands there already stays a choice
            choices = Publication.objects.filter(chosen | Q(pk__in=Publication.objects.seen_by(request.user)))
            field.queryset = choices.with_known_by(request.user)
        return field

    def get_queryset(self, request: UserRequest) -> Any:
        ways = [field for field in self.model._meta.fields if field.is_relation and field.name != self.fk_name]
        known = Publication.objects.with_known_by(request.user).defer("body")
        pages = [Prefetch(way.name, known) for way in ways if way.related_model is Publication]
        others = [way.name for way in ways if way.related_model is not Publication]
        rows = super().get_queryset(request).prefetch_related(*pages)
        return rows.select_related(*others) if others else rows

    def formfield_for_dbfield(self, db_field: Any, request: UserRequest, **kwargs: Any) -> Any:
        if db_field.name in self.prose_fields:
            kwargs["widget"] = prose_editor()
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.ModelChoiceField) and hasattr(field.widget, "can_view_related"):
            # What a row leads to has a form of its own, or none: it is not changed from here.
            for may in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, may, False)
        return field


def part_kwargs(request: UserRequest, publication: Any, inline: Any, prefix: str) -> dict[str, Any]:
    """The arguments of a PartFormSet beside those of each formset; none for those of other classes.

    Who may only propose goes on from the rows that they proposed.
    """
    if not issubclass(inline.formset, PartFormSet):
        return {}
    kwargs = {"is_written": may_write(request, inline, publication)}
    if publication.pk and only_proposes(request.user, publication):
        proposal = publication.pending_proposal
        kwargs["rows"] = proposal.content.get(prefix) if proposal else None
    return kwargs


def may_write(request: UserRequest, inline: PartInline, publication: Publication) -> bool:
    permissions = inline.has_add_permission, inline.has_change_permission, inline.has_delete_permission
    return all(has_permission(request, publication) for has_permission in permissions)


def as_shown(formsets: Iterable[Any]) -> Any:
    """The formsets, those with merged rows as these are to be shown."""
    return [one.as_merged() if getattr(one, "shown", None) is not None else one for one in formsets]


def with_add_labels(admin_formsets: list[Any]) -> list[Any]:
    """The formsets as the admin shows them: Django's own words for the button that adds a row know no gender."""
    for one in admin_formsets:
        if isinstance(one.opts, PartInline):
            data = json.loads(one.inline_formset_data())
            data["options"]["addText"] = one.opts.add_label
            one.inline_formset_data = json.dumps(data)
    return admin_formsets
