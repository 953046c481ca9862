"""Pages of the desk: the old site's addresses, what visitors asked for in vain, and how the hub of the feeds is."""

import csv

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from areaomogenea.accounts import ledger
from areaomogenea.desk.admin import ReadOnlyAdmin
from areaomogenea.desk.extra_pages import DeskAdmin, Pages
from areaomogenea.desk.once import made_once
from areaomogenea.prose.forms import LinesField

from .models import Hub, MissedAddress, OldAddress, path_of

MOST_LINES, LONGEST_LIST = 2_000, 500_000


class ListForm(forms.Form):
    """Pairs of addresses, one a line: before, then where it leads; as copied from a spreadsheet."""

    lines = LinesField(
        label="Un indirizzo per riga",
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField", "spellcheck": "false"}),
        help_text="Prima quello del vecchio sito, poi dove porta: separati da tabulazione, punto e virgola o spazio. "
        "Per esempio: /articolointerno/nuovo-bando ; /novita/avvisi/nuovo-bando/",
    )

    def clean_lines(self) -> str:
        lines = self.cleaned_data["lines"].splitlines()
        if len(lines) > MOST_LINES:
            raise ValidationError(f"Sono più di {MOST_LINES} righe: dividile.")
        numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
        self.rows, errors = {}, []
        for number, line in numbered:
            try:
                row = self.row(line)
                self.rows[row.path] = row
            except ValidationError as error:
                errors.append(f"Riga {number}: {' '.join(error.messages)}")
        if errors:
            raise ValidationError(errors)
        return self.cleaned_data["lines"]

    @staticmethod
    def row(line: str) -> OldAddress:
        delimiter = next((mark for mark in "\t;" if mark in line), " ")
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter)) if cell.strip()]
        if len(cells) != 2:
            raise ValidationError("scrivi due indirizzi, quello di prima e dove porta.")
        row = OldAddress.objects.filter(path=path_of(cells[0])).first() or OldAddress(path=cells[0])
        row.leads_to = cells[1]
        row.full_clean()
        return row


class PastePages(Pages):
    def urls(self) -> list[URLPattern]:
        return [self.at("elenco/", made_once(self.paste), "paste")]

    def paste(self, request: HttpRequest) -> HttpResponse:
        if not (self.desk.has_add_permission(request) and self.desk.has_change_permission(request)):
            raise PermissionDenied
        form = ListForm(request.POST or None)
        if form.is_valid():
            with transaction.atomic():
                for row in form.rows.values():
                    with ledger.change(row):
                        row.save()
            messages.success(request, f"Indirizzi tenuti: {len(form.rows)}.")
            return redirect(self.desk.address("changelist"))
        return self.desk.page(request, "distribution/paste", None, "Incolla un elenco di indirizzi", form=form)


@admin.register(OldAddress)
class OldAddressAdmin(DeskAdmin):
    pages = [PastePages]
    list_display = ["path", "leads_to"]
    search_fields = ["path__folded", "leads_to__folded"]
    list_per_page = 100
    change_list_template = "admin/distribution/old_addresses.html"


@admin.register(MissedAddress)
class MissedAddressAdmin(admin.ModelAdmin):
    list_display = ["path", "times", "last_asked_at", "mend"]
    list_display_links = None
    search_fields = ["path__folded"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description="")
    def mend(self, missed: MissedAddress) -> SafeString:
        add = reverse("admin:distribution_oldaddress_add")
        return format_html('<a href="{}?{}">Di’ dove porta</a>', add, urlencode({"path": missed.path}))


@admin.register(Hub)
class HubAdmin(ReadOnlyAdmin):
    """To be looked at: its address is a setting, and the timer does the rest."""

    list_display = ["address", "told_at", "told_feeds", "message", "failing_since", "next_try_at"]
    fields = ["address", "told_until", "told_at", "told_feeds", "message", "failing_since", "failures", "next_try_at"]
