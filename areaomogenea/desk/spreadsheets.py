"""Spreadsheets at the desk: the list leaves as one; drafts come in from one, by the rules of their own form."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.naming.races import again_when_taken
from areaomogenea.publishing.models import Publication

from . import spreadsheet_rows
from .effects import Meanwhile, meanwhile_of
from .extra_pages import Pages
from .once import claim, once_only, settle

WRITERS = {
    "csv": ("text/csv; charset=utf-8", spreadsheet_rows.write_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", spreadsheet_rows.write_xlsx),
}


class SheetForm(forms.Form):
    sheet = forms.FileField(
        label="File CSV o XLSX",
        help_text=f"Al massimo 5 MB e {spreadsheet_rows.MAX_ROWS} righe.",
        error_messages={"empty": "Il file è vuoto."},
    )


@dataclass
class Row:
    """A row of the sheet, what becomes of it, and what is wrong with it by the name of its column."""

    number: int
    title: str
    outcome: str = ""
    changes: list = field(default_factory=list)
    errors: dict = field(default_factory=dict)
    version: int | None = None  # of the draft that it changes
    meanwhile: Meanwhile | None = None  # what others did to that draft since this was tried


class SpreadsheetPages(Pages):
    """The list as a file, and drafts out of one."""

    def urls(self) -> list[URLPattern]:
        return [
            self.at("esporta.<str:extension>", self.export_view, "export"),
            self.at("importa/", once_only(again_when_taken(self.import_view)), "import"),
        ]

    def export_view(self, request: UserRequest, extension: str) -> HttpResponse:
        """The rows that the list shows with the same filters, on all its pages."""
        if not self.desk.has_view_permission(request) or extension not in WRITERS:
            raise PermissionDenied
        try:
            listed = self.desk.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect(self.desk.address("changelist"))
        content_type, write = WRITERS[extension]
        try:
            content = write(
                spreadsheet_rows.sheet_rows(listed.prefetch_related("topics", "municipalities"), self.desk.model)
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self.desk.address("changelist"))
        name = f"{self.desk.opts.verbose_name_plural}-{timezone.localdate()}.{extension}"
        return HttpResponse(content, content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    def import_view(self, request: UserRequest) -> HttpResponse:
        """A trial that says what would happen; pressed again, the same for good. Nothing waits here between."""
        if not self.desk.has_add_permission(request):
            raise PermissionDenied
        form = SheetForm(request.POST or None, request.FILES or None)
        context = {"form": form, "columns": [spreadsheet_rows.CODE, *spreadsheet_rows.columns_of(self.desk.model)]}
        table = None
        try:
            if "confirm" in request.POST:
                table = spreadsheet_rows.read_text(request.POST.get("table", ""))
            elif form.is_valid():
                table = spreadsheet_rows.read(form.cleaned_data["sheet"])
            if table:
                spreadsheet_rows.check_headers(table[0], self.desk.model)
        except ValidationError as error:
            form.add_error("sheet", error)
            table = None
        if table:
            read = versions_read(request.POST.get("read", "")) if "confirm" in request.POST else None
            rows = self.import_rows(request, *table, read)
            refused, overtaken = [row for row in rows if row.errors], [row for row in rows if row.meanwhile]
            if read is not None and not refused and not overtaken:
                response = self.imported(request, rows)
                settle(request, response)
                return response
            text = spreadsheet_rows.write_csv([table[0], *table[1]]).decode("utf-8-sig")
            context |= {"rows": rows, "refused": refused, "table": text, "changing": [r for r in rows if r.changes]}
            context |= {"overtaken": overtaken, "read": versions_of(rows)}
        return self.desk.page(request, "import", None, "Importa da un foglio", **context)

    def imported(self, request: UserRequest, rows: Iterable[Row]) -> HttpResponse:
        changing = [row for row in rows if row.changes]
        new = sum(row.outcome == "nuova" for row in changing)
        messages.info(request, f"Bozze nuove: {new}. Bozze cambiate: {len(changing) - new}.")
        return redirect(self.desk.address("changelist"))

    def import_rows(
        self, request: UserRequest, headers: list[str], table: Iterable[list[str]], read: dict[int, int] | None
    ) -> Any:
        """All or nothing: with one row refused, or overtaken, all stays as it was; while it is tried, nobody waits.

        `read`: the versions that were shown, by the number of the row; None while it is tried.
        """
        columns = spreadsheet_rows.columns_of(self.desk.model)
        numbered = [(number, named(cells, headers)) for number, cells in enumerate(table, start=2)]
        if read is None:
            return [self.import_row(request, *one, columns, read) for one in numbered]
        with transaction.atomic():
            claim(request)
            rows = [self.import_row(request, *one, columns, read) for one in numbered]
            if any(row.errors or row.meanwhile for row in rows):
                transaction.set_rollback(True)
        return rows

    def import_row(
        self,
        request: UserRequest,
        number: int,
        cells: dict[str | None, Any],
        columns: Mapping[str, Any],
        read: dict[int, int] | None,
    ) -> Any:
        row = Row(number, cells.get("titolo", ""))
        if cells.get(None):
            row.errors[""] = ["Ha più celle delle colonne: un testo che contiene il separatore va fra virgolette."]
            return row
        code = cells.get(spreadsheet_rows.CODE, "").strip()
        publication = self.coded(request, code) if code else None
        if code and not publication:
            row.errors[spreadsheet_rows.CODE] = ["Fra le pubblicazioni che puoi cambiare nessuna ha questo codice."]
            return row
        texts = {name: cells[name].strip() for name in columns if name in cells}
        row.title = row.title or str(publication or "")
        row.outcome = "cambia" if publication else "nuova"
        before = {
            name: spreadsheet_rows.cell_of(publication, columns[name]).strip() if publication else "" for name in texts
        }
        row.changes = [name for name, text in texts.items() if text != before[name]]
        if row.changes and publication and publication.status != Publication.Status.DRAFT:
            state = publication.get_status_display()
            row.errors[spreadsheet_rows.STATE] = [f"È {state.lower()}: da un foglio si cambiano solo le bozze."]
        elif row.changes:
            row.version = publication.version if publication else None
            if publication and read is not None and read.get(number) != row.version:
                row.meanwhile = meanwhile_of(publication, read.get(number, -1), request.user)
            changed = {columns[name]: texts[name] for name in row.changes}
            self.save_row(request, row, publication, changed, is_tried=read is None)
        return row

    def coded(self, request: UserRequest, code: str) -> Any:
        return self.desk.get_object(request, code) if code.isdecimal() and len(code) < 19 else None

    def save_row(
        self, request: UserRequest, row: Row, publication: Publication | None, cells: Mapping[Any, str], is_tried: bool
    ) -> None:
        """The row goes through the form that an editor fills: its scope, rules, words, its version in the history."""
        values = {}
        for model_field, text in cells.items():
            try:
                values[model_field.name] = spreadsheet_rows.from_text(model_field, text)
            except ValidationError as error:
                row.errors[str(model_field.verbose_name)] = error.messages
        form_class = self.desk.get_form(request, publication, change=publication is not None)
        instance = publication or self.desk.model(kind=self.desk.usual_kind)
        form = form_class(typed_into(form_class(instance=instance), values), instance=instance)
        columns = {
            model_field.name: column for column, model_field in spreadsheet_rows.columns_of(self.desk.model).items()
        }
        for name, errors in form.errors.items():
            row.errors.setdefault(columns.get(name, ""), errors)
        for name, value in values.items():
            if name not in form.fields and getattr(form.instance, name) != value:
                row.errors.setdefault(columns[name], ["Questa colonna non la puoi cambiare."])
        if not row.errors and not is_tried:
            saved = form.save(commit=False)
            self.desk.save_model(request, saved, form, change=publication is not None)
            self.desk.save_related(request, form, [], change=publication is not None)


def versions_of(rows: Iterable[Row]) -> str:
    """The versions that a page shows, as it carries them: "2:14 3:7", by the number of the row."""
    return " ".join(f"{row.number}:{row.version}" for row in rows if row.version is not None)


def versions_read(text: str) -> dict[int, int]:
    pairs = (pair.partition(":") for pair in text.split())
    numbers = ((number, version) for number, _, version in pairs if number.isdecimal() and version.isdecimal())
    return {int(number): int(version) for number, version in numbers if len(version) < 10}


def named(cells: list[str], headers: Collection[str]) -> dict[str | None, Any]:
    """The texts of a row by their column; those that no column has are under None."""
    spare = [cell for cell in cells[len(headers) :] if cell]
    return dict(zip(headers, cells, strict=False)) | {None: spare}


def typed_into(form: forms.BaseForm, values: Mapping[str, Any]) -> dict[str, Any]:
    """The data that a browser would send if these values were typed into this form, and the rest left as it is."""
    data = {}
    for name, form_field in form.fields.items():
        value = form_field.prepare_value(values.get(name, form.get_initial_for_field(form_field, name)))
        if isinstance(form_field.widget, forms.MultiWidget):
            boxes = zip(form_field.widget.widgets_names, form_field.widget.decompress(value), strict=True)
            data |= {f"{name}{box}": piece for box, piece in boxes}
        else:
            data[name] = value
    return {name: value for name, value in data.items() if value is not None}
