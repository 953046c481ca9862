"""The ledger as an Amministratore reads it: filtered, by days, and as a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from io import StringIO
from typing import TYPE_CHECKING, Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.admin import ModelAdmin, site
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import ForeignObjectRel, Model
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.timezone import localtime

from areaomogenea.accounts.confirmation import confirmed_recently
from areaomogenea.accounts.entries import Entry, EntryQuerySet, Particulars
from areaomogenea.accounts.ledger import Action, reference
from areaomogenea.accounts.models import User
from areaomogenea.accounts.requests import UserRequest
from areaomogenea.publishing.expiry import midnight

from .spreadsheet_rows import guarded

if TYPE_CHECKING:
    pass

PAGE_SIZE = 50
LONGEST_SHOWN = 600  # characters of a value
PORTAL = "portale"  # who did what nobody did
FAMILIES = {
    "Righe": ("added", "changed", "deleted", "imported", "redacted"),
    "Pubblicazioni": (
        *("first", "saved", "submitted", "sent_back", "taken_back", "approved", "withdrawn", "corrected", "restored"),
        *("binned", "recovered", "proposed", "accepted", "refused", "preview_issued", "preview_revoked"),
        *("deadline_moved", "deadline_called_off"),
    ),
    "Ciò che esce e ciò che è rifiutato": ("exported", "denied"),
}
GRAVE = {"deleted", "redacted", "withdrawn", "denied", "login_failed", "login_stopped", "factor_failed", "factor_reset"}
BY_SOMEBODY = {"login_failed", "login_stopped"}  # who it was nobody knows
GRAVE |= {"suspended", "anonymised"}
NAMES = {  # of what is told beside the fields of a table
    "words": "testi cambiati",
    "proposal": "proposta n.",
    "link": "link n.",
    "expires_at": "scade",
    "deadline": "scadenza",
    "opens_at": "apre",
    "closes_at": "chiude",
    "is_all_day": "senza ora",
    "factors": "secondi fattori",
    "preview_links": "link di anteprima chiusi",
    "sessions": "sessioni chiuse",
}


def families() -> list[Any]:
    """The actions as a form offers them; what no family names belongs to the door and its people."""
    named = {action for actions in FAMILIES.values() for action in actions}
    others = [action for action in Action.values if action not in named]
    groups = {**FAMILIES, "Accessi e persone": others}
    return [("", "Qualunque cosa")] + [
        (family, [(action, Action(action).label) for action in actions]) for family, actions in groups.items()
    ]


def kinds() -> list[tuple[str, str]]:
    """The kinds of rows that the desk writes, by the name that the ledger gives them."""
    tops = [(model._meta.get_parent_list() or [model])[-1]._meta for model in site._registry]
    labels = {top.label_lower: str(top.verbose_name).capitalize() for top in tops}
    return [("", "Qualunque riga"), *sorted(labels.items(), key=lambda kind: kind[1])]


class CursorField(forms.CharField):
    """A place in the ledger, as `cursor_of` writes it: an instant, and the line there."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        try:
            micros, pk = value.split(".")
            return (EPOCH + timedelta(microseconds=int(micros[:18])), int(pk[:18])) if value else None
        except (ValueError, OverflowError):
            if not value:
                return None
            raise ValidationError("Questo indirizzo di pagina non è valido: riparti dalla prima.") from None


EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def cursor_of(entry: Entry) -> str:
    return f"{(entry.at - EPOCH) // timedelta(microseconds=1)}.{entry.pk}"


class DayField(forms.DateField):
    def __init__(self, **kwargs):
        bounds = MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=False, widget=widget, validators=bounds, **kwargs)


class LedgerFilter(forms.Form):
    chi = forms.ChoiceField(label="Chi", required=False)
    azione = forms.ChoiceField(label="Che cosa", required=False)
    tipo = forms.ChoiceField(label="Tipo di riga", required=False)
    dal = DayField(label="Dal")
    al = DayField(label="Al")
    riga = forms.RegexField(r"^[a-z_]+\.[a-z_]+:[0-9]{1,18}$", required=False, widget=forms.HiddenInput)
    prima = CursorField(required=False)
    dopo = CursorField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = {user.pk: str(user) for user in User.objects.all()}
        people = sorted(self.names.items(), key=lambda person: person[1])
        self.fields["chi"].choices = [("", "Chiunque"), (PORTAL, "Nessuno: il portale da solo"), *people]
        self.fields["azione"].choices = families()
        self.fields["tipo"].choices = kinds()

    def clean(self) -> Any:
        cleaned = super().clean()
        if cleaned.get("dal") and cleaned.get("al") and cleaned["dal"] > cleaned["al"]:
            self.add_error("al", "Viene prima del primo giorno.")
        return cleaned

    def narrow(self, entries: EntryQuerySet) -> EntryQuerySet:
        """The entries that the form lets through; a wrong field narrows nothing, and says so."""
        cleaned = self.cleaned_data
        if who := cleaned.get("chi"):
            entries = entries.by_nobody() if who == PORTAL else entries.by(who)
        if action := cleaned.get("azione"):
            entries = entries.of(action)
        if row := cleaned.get("riga"):
            entries = entries.about(*row.split(":"))
        elif kind := cleaned.get("tipo"):
            entries = entries.about(kind)
        if first := cleaned.get("dal"):
            entries = entries.since(midnight(first))
        if last := cleaned.get("al"):
            entries = entries.until(midnight(last + timedelta(days=1)))
        return entries

    @property
    def looks_back(self) -> bool:
        return bool(self.cleaned_data.get("dopo")) and not self.cleaned_data.get("prima")

    def listed(self, entries: EntryQuerySet) -> EntryQuerySet:
        """The entries of a page, and one more that tells whether others follow."""
        older, newer = self.cleaned_data.get("prima"), self.cleaned_data.get("dopo")
        if self.looks_back:
            return entries.newer_than(*newer).oldest_first()[: PAGE_SIZE + 1]
        return (entries.older_than(*older) if older else entries).latest_first()[: PAGE_SIZE + 1]

    def page(self, entries: EntryQuerySet) -> tuple[list[Entry], str, str]:
        """(lines, cursor of the newer ones or "", cursor of the older ones or "")."""
        rows = list(self.listed(entries))
        more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
        if self.looks_back:
            rows.reverse()
            is_newer, is_older = more, bool(rows)
        else:
            is_newer, is_older = bool(rows) and bool(self.cleaned_data.get("prima")), more
        return rows, cursor_of(rows[0]) if is_newer else "", cursor_of(rows[-1]) if is_older else ""

    def address(self, **also: Any) -> str:
        """The query of this form, with something else."""
        query = {name: self.data.get(name, "") for name in ("chi", "azione", "tipo", "dal", "al", "riga")} | also
        return urlencode({name: value for name, value in query.items() if value})


@dataclass(frozen=True)
class Line:
    """A line of the ledger in words."""

    entry: Entry
    names: dict  # of people, by their key

    @property
    def who(self) -> str:
        if self.entry.by_id is None:
            return "Non si sa chi" if self.entry.action in BY_SOMEBODY else "Il portale"
        return self.names.get(self.entry.by_id, f"Persona n. {self.entry.by_id}")

    @property
    def what(self) -> str:
        return self.entry.get_action_display()

    @property
    def is_grave(self) -> bool:
        return self.entry.action in GRAVE

    @property
    def day(self) -> date:
        return localtime(self.entry.at).date()

    @property
    def particulars(self) -> Particulars | None:
        return getattr(self.entry, "particulars", None)

    @property
    def comment(self) -> str:
        return self.particulars.comment if self.particulars else ""

    @property
    def model(self) -> type[Model]:
        return model_called(self.entry.model)

    @property
    def kind(self) -> str:
        """The kind of the row, in words; "" of what is no row."""
        return str(self.model._meta.verbose_name) if self.model else self.entry.model

    @property
    def row(self) -> Any:
        """The name of the row then; of a person, the name of now."""
        if self.model is User and self.entry.key:
            return self.names.get(int(self.entry.key), f"Persona n. {self.entry.key}")
        if self.particulars and self.particulars.label:
            return f"«{self.particulars.label}»"
        return f"n. {self.entry.key}" if self.entry.key else ""

    @property
    def address_of_row(self) -> str:
        """The address at which the desk shows the row; "" when it does not."""
        if not self.entry.key or self.entry.action == Action.DELETED or not self.model:
            return ""
        try:
            if self.entry.model == "publishing.publication":
                return reverse("admin:open", args=[self.entry.key])
            return reverse(
                f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_change", args=[self.entry.key]
            )
        except NoReverseMatch:
            return ""

    @property
    def lines_of_row(self) -> str:
        return f"riga={self.entry.model}:{self.entry.key}" if self.entry.key else ""

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """(field in words, before, after), both "" when there is nothing to tell."""
        before, after = (getattr(self.particulars, side, None) or {} for side in ("before", "after"))
        return [
            (
                field_label(self.model, name),
                value_in_words(self.model, name, before),
                value_in_words(self.model, name, after),
            )
            for name in before | after
            if before.get(name) != after.get(name) and (before.get(name) or after.get(name)) not in (None, "", [], {})
        ]


def model_called(name: str) -> type[Model]:
    try:
        return apps.get_model(name)
    except (LookupError, ValueError):
        return None


def columns_of(model: type[Model]) -> dict[str, ForeignObjectRel]:
    """{name: field or relation} of a table, and of the tables of its kinds."""
    columns = {}
    for one in [*(kind for kind in model.__subclasses__() if not kind._meta.abstract), model] if model else ():
        columns |= {field.name: field for field in one._meta.get_fields()}
    return columns


def field_label(model: type[Model], name: str) -> str:
    piece = columns_of(model).get(name)
    if piece is None:
        return NAMES.get(name, name)
    if hasattr(piece, "verbose_name"):
        return str(piece.verbose_name)
    return str(piece.related_model._meta.verbose_name_plural)


def value_in_words(model: type[Model], name: str, values: Mapping[str, int | str]) -> str:
    """A value that the ledger keeps, as an editor would say it; "" when it keeps none."""
    if name not in values:
        return ""
    value = values[name]
    if name == "words":
        return ", ".join(field_label(model, word) for word in value)
    if isinstance(value, dict):
        rows = columns_of(model).get(name)
        return "\n".join(row_in_words(rows.related_model if rows else None, key, row) for key, row in value.items())
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, bool):
        return "sì" if value else "no"
    choices = dict(getattr(columns_of(model).get(name), "flatchoices", ()))
    return as_hour(str(choices.get(value, value))) if value not in (None, "") else ""


def row_in_words(model: type[Model], key: str, row: Any) -> str:
    cells = "; ".join(f"{field_label(model, name)}: {value_in_words(model, name, row)}" for name in row or ())
    return f"n. {key}: {cells}"


def as_hour(text: str) -> str:
    """Instants as clocks in Italy show them; other texts without their tags, and not too long."""
    if len(text) > 18 and text[4:5] == "-" and text[10:11] == "T":
        try:
            return date_format(localtime(datetime.fromisoformat(text)), "j F Y, H:i").lower()
        except ValueError:
            pass
    return Truncator(strip_tags(text)).chars(LONGEST_SHOWN)


def for_administrators(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view, for who may read the ledger: others do not even learn that it is there."""

    @wraps(view)
    def kept_view(request: UserRequest) -> HttpResponseBase:
        if not request.user.has_perm("accounts.view_entry"):
            raise Http404
        return view(request)

    return kept_view


@for_administrators
@confirmed_recently
def ledger(request: UserRequest) -> HttpResponse:
    form = LedgerFilter(request.GET)
    form.is_valid()
    entries, newer, older = form.page(form.narrow(Entry.objects.with_particulars()))
    context = {
        "title": "Registro",
        "days": settings.LEDGER_DAYS,
        "form": form,
        "lines": [Line(entry, form.names) for entry in entries],
        "query": form.address(),
        "newer": newer and form.address(dopo=newer),
        "older": older and form.address(prima=older),
    }
    return render(request, "admin/desk/ledger.html", site.each_context(request) | context)


@for_administrators
@confirmed_recently
def ledger_file(request: UserRequest) -> HttpResponseBase:
    """The file of all that the filters let through; its lines leave as they are read."""
    form = LedgerFilter(request.GET)
    form.is_valid()
    entries = form.narrow(Entry.objects.with_particulars()).latest_first()
    lines = (Line(entry, form.names) for entry in entries.iterator(chunk_size=500))
    response = StreamingHttpResponse(written(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="registro-{timezone.localdate()}.csv"'
    return response


def written(lines: Iterable[Any]) -> Iterator[str]:
    yield "\ufeff"
    columns = ["quando", "chi", "chi (codice)", "che cosa", "tipo di riga", "riga (codice)", "riga", "da dove", "nota"]
    yield as_csv([*columns, "prima", "dopo", "tenuta fino al"])
    for line in lines:
        entry = line.entry
        yield as_csv(
            [
                localtime(entry.at).isoformat(timespec="seconds"),
                *(line.who, entry.by_id or "", line.what),
                *(line.kind, entry.key, line.row, entry.address or "", line.comment),
                *(json.dumps(side, ensure_ascii=False) if side else "" for side in sides(line.particulars)),
                localtime(entry.kept_until).date().isoformat(),
            ]
        )


def sides(particulars: Any) -> tuple[Any, Any]:
    return (particulars.before, particulars.after) if particulars else (None, None)


def as_csv(cells: Iterable[object]) -> str:
    out = StringIO(newline="")
    csv.writer(out, delimiter=";").writerow([guarded(str(cell)) for cell in cells])
    return out.getvalue()


def row_history(desk: ModelAdmin, request: UserRequest, object_id: str) -> HttpResponse:
    """The history of a row that keeps no versions: what the ledger tells of it."""
    row = desk.get_object(request, unquote(object_id))
    if row is None or not desk.has_view_or_change_permission(request, row):
        raise Http404
    entries = Entry.objects.about(*reference(row)).with_particulars().latest_first()[:PAGE_SIZE]
    names = {user.pk: str(user) for user in User.objects.all()}
    context = {"title": "Storia", "subtitle": str(row), "opts": desk.opts, "original": row}
    context["lines"] = [Line(entry, names) for entry in entries]
    return render(request, "admin/desk/row_history.html", desk.admin_site.each_context(request) | context)
