"""The desk tells the ledger: every form, list and deletion of every admin, without each of them knowing."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.forms.models import _get_foreign_key
from django.http import HttpRequest

from . import ledger
from .ledger_values import State, state_of

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as Admin  # what it stands in front of
else:
    Admin = object


class WithLedger(Admin):
    """What the desk has in front of each ModelAdmin that is registered.

    An admin whose rows keep versions says `tells_by_versions`: what is written in them is noted where a version is
    made, and here only what the versions leave out. `ledger_relations` names tables that its form writes beside the
    inlines. Django's own log is not written: its lines die with their person.
    """

    # Not as attributes here: this class stands before the one that says them.

    @property
    def is_versioned(self) -> bool:
        return getattr(self, "tells_by_versions", False)

    def ledger_state(self, request: HttpRequest, pk: object, is_whole: bool = False) -> State | None:
        """How the stored row stands, as far as no version tells it, or all of it; None when there is none."""
        row = self.model._base_manager.filter(pk=pk).first()
        if row is None:
            return None
        return state_of(
            row, self.recorded_relations(request, row), only=() if self.is_versioned and not is_whole else None
        )

    def recorded_relations(self, request: HttpRequest, row: Model) -> Iterable[Any]:
        named = {name: self.model._meta.get_field(name) for name in getattr(self, "ledger_relations", ())}
        inlines = [
            inline
            for inline in self.get_inline_instances(request, row)
            if not getattr(inline.formset, "tells_by_versions", False)
        ]
        ways_back = [_get_foreign_key(self.model, inline.model, fk_name=inline.fk_name) for inline in inlines]
        return (named | {way.remote_field.name: way.remote_field for way in ways_back}).values()

    def save_form(self, request: HttpRequest, form: ModelForm, change: bool) -> Any:
        if change:
            before_of(request)[form.instance.pk] = self.ledger_state(request, form.instance.pk)
        return super().save_form(request, form, change)

    def log_addition(self, request: HttpRequest, obj: Model, message: str | list[dict[str, Any]]) -> None:
        if not self.is_versioned:
            ledger.note_change(obj, None, self.ledger_state(request, obj.pk))

    def log_change(self, request: HttpRequest, obj: Model, message: str | list[dict[str, Any]]) -> None:
        """`message` is a note when it is in words; Django's own lists of fields say less than the states."""
        before = before_of(request).pop(obj.pk, {})
        after = self.ledger_state(request, obj.pk) if before else {}
        ledger.note_change(obj, before, after, message if isinstance(message, str) else "")

    def log_deletions(self, request: HttpRequest, queryset: QuerySet) -> None:
        pass  # noted when it has happened

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        with self.noted_deletion(request, [obj]):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        with self.noted_deletion(request, queryset):
            super().delete_queryset(request, queryset)

    @contextmanager
    def noted_deletion(self, request: HttpRequest, rows: Iterable[Model]) -> Iterator[None]:
        """A line for each row that is gone afterwards."""
        before = [(row.pk, ledger.Reference.to(row), self.ledger_state(request, row.pk, is_whole=True)) for row in rows]
        with transaction.atomic():
            yield
            left = set(self.model._base_manager.filter(pk__in=[pk for pk, *_ in before]).values_list("pk", flat=True))
            for pk, reference, state in before:
                if pk not in left:
                    ledger.note(ledger.Action.DELETED, reference, before=state)


def before_of(request: HttpRequest) -> dict[Any, State | None]:
    """{key: state} of rows that this request is about to change."""
    if not hasattr(request, "ledger_before"):
        request.ledger_before = {}
    return request.ledger_before
