"""The panel beside the form of a publication: what the checks find while it is typed, and what the text suggests."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.views.decorators.http import require_POST

from areaomogenea.accounts.models import Assignment, User
from areaomogenea.accounts.requests import UserRequest
from areaomogenea.accounts.scope import writes_for_area
from areaomogenea.library.models import Picture
from areaomogenea.municipalities.models import Municipality
from areaomogenea.prose.fields import LONGEST
from areaomogenea.prose.forms import LineField, MarkupField
from areaomogenea.publishing.coverage import Coverage
from areaomogenea.publishing.expiry_fields import ExpiryFormField
from areaomogenea.publishing.models import Publication, Settled
from areaomogenea.publishing.workflow import may_approve
from areaomogenea.quality.check_input import check_input_from, checked_document, documents_of, with_advice
from areaomogenea.quality.content_checks import (
    EASY_ENOUGH,
    CheckedDocument,
    CheckInput,
    Finding,
    Severity,
    findings,
    quoted,
    shorten_passage,
)
from areaomogenea.quality.suggestions import Suggestion, Written, left_to_choose, make_suggester, suggested_coverage
from areaomogenea.topics.models import Topic

from .extra_pages import Pages

LONGEST_LINE = 2_000  # characters of a title while it is typed
TOO_LONG = "Troppo lungo per essere controllato"
SHORTEN = "Accorcialo, oppure metti il documento intero fra gli allegati."


def typed(longest: int, field: type[Any] = LineField) -> Any:
    message = f"{TOO_LONG}: %(show_value)s caratteri, e il massimo è %(limit_value)s."
    return field(required=False, max_length=longest, error_messages={"max_length": message})


class TypedForm(forms.Form):
    """The fields that checks look at, as they stand while somebody types: whatever is refused counts as missing."""

    title = typed(LONGEST_LINE)
    subtitle = typed(LONGEST_LINE)
    summary = typed(LONGEST_LINE)
    body = typed(LONGEST, MarkupField)
    publish_at = forms.SplitDateTimeField(required=False)
    dated = forms.DateField(required=False)
    expires_at = ExpiryFormField(required=False)
    coverage = forms.ChoiceField(choices=Coverage.choices, required=False)
    topics = forms.ModelMultipleChoiceField(Topic.objects.only("pk"), required=False)
    municipalities = forms.ModelMultipleChoiceField(Municipality.objects.only("pk"), required=False)
    picture = forms.ModelChoiceField(Picture.objects.all(), required=False)

    @property
    def values(self) -> dict[str, Any]:
        """The values typed; under `too_long`, the findings on texts that nobody reads to their end."""
        self.is_valid()
        messages = [(name, str(text)) for name, texts in self.errors.items() for text in texts]
        faults = [(name, text) for name, text in messages if text.startswith(TOO_LONG)]
        too_long = [Finding(text, SHORTEN, name, level=Severity.BLOCKS) for name, text in faults]
        return self.cleaned_data | {"too_long": too_long}


class TypedAttachment(forms.Form):
    id = forms.IntegerField(required=False)
    # The name of a file just chosen: its contents are sent when it is saved.
    file = LineField(required=False, max_length=LONGEST_LINE)
    name = LineField(required=False, max_length=LONGEST_LINE)
    description = LineField(required=False, max_length=LONGEST_LINE)
    DELETE = forms.BooleanField(required=False)


TypedAttachments = forms.formset_factory(TypedAttachment, extra=0)


def typed_documents(data: Any, own: Publication | None) -> list[CheckedDocument]:
    """The attachments as they would be if the form were saved now."""
    kept: dict[Any, CheckedDocument] = (
        {attachment.pk: checked_document(attachment) for attachment in own.attachments.all()} if own else {}
    )
    for number, form in enumerate(TypedAttachments(data, prefix="attachments")):
        if not form.is_valid() or not form.has_changed():
            continue
        row = form.cleaned_data
        if row["DELETE"]:
            kept.pop(row["id"], None)
        elif f"{form.prefix}-description" in data:
            before = kept.get(row["id"])
            name = row["name"] or row["file"]
            kept[row["id"] or f"new {number}"] = CheckedDocument(
                name, row["description"], before.has_text if before else None
            )
    return [*kept.values()]


class SettlingForm(forms.Form):
    """The word of somebody on an advice, on a page that is there already."""

    settle = forms.RegexField(r"^[0-9a-f]{64}$", required=False)
    reopen = forms.RegexField(r"^[0-9a-f]{64}$", required=False)

    def save(self, publication: Publication) -> None:
        if not self.is_valid():
            return
        if (key := self.cleaned_data["settle"]) and publication.settled.count() < Settled.MOST:
            publication.settled.get_or_create(key=key)
        if key := self.cleaned_data["reopen"]:
            publication.settled.filter(key=key).delete()


ROW = re.compile(r"([a-z_]+)-([0-9]{1,4})-([a-zA-Z_]+)")


def typed_rows(data: Any) -> dict[str, list[dict[str, str]]]:
    """The rows of the tables in a form, by the name of each; those that are to be deleted are left out."""
    tables = {}
    for name in data:
        if match := ROW.fullmatch(name):
            tables.setdefault(match[1], {}).setdefault(int(match[2]), {})[match[3]] = data[name]
    return {table: [row for row in rows.values() if not row.get("DELETE")] for table, rows in tables.items()}


def shown_rows(formsets: Iterable[forms.BaseFormSet]) -> dict[str, list[dict[str, Any]]]:
    """The rows of the tables in a form that nobody has touched, as `typed_rows` gives them."""
    rows = {}
    for one in formsets:
        forms_shown = [{name: form[name].value() for name in form.fields} for form in one.formset.forms]
        rows[one.formset.prefix] = [row for row in forms_shown if not row.get("DELETE")]
    return rows


@dataclass(frozen=True)
class Panel:
    sheet: CheckInput
    suggestions: tuple[Suggestion, ...]
    is_saved: bool  # or was tried to be
    too_long: tuple[Finding, ...] = ()

    @property
    def is_begun(self) -> bool:
        """Whether there is anything to find fault with."""
        return self.is_saved or bool(self.too_long) or any(self.sheet.texts.values())

    @cached_property
    def findings(self) -> list[Finding]:
        unread = {one.field for one in self.too_long}
        of_checks = findings(self.sheet) if self.is_begun else []
        return [*self.too_long, *(finding for finding in of_checks if finding.field not in unread)]

    @property
    def blocking(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level is Severity.BLOCKS]

    @property
    def advice(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level is Severity.WARNS]

    @property
    def hardest(self) -> list[Finding]:
        """The sentences to begin with, where the text is not easy enough."""
        measured = self.sheet.readability
        if not measured or measured.index >= EASY_ENOUGH:
            return []
        return [Finding(quoted(one.text, 140), "", passage=shorten_passage(one.text)) for one in measured.hardest]

    @property
    def certain_places(self) -> int:
        return sum(one.is_certain and one.field == "municipalities" for one in self.suggestions)

    @property
    def summary(self) -> str:
        to_mend, to_consider = len(self.blocking), len(self.advice)
        if not self.findings:
            return "Tutto a posto" if self.is_begun else "Comincia a scrivere"
        words = {0: "Niente da correggere", 1: "1 cosa da correggere"}.get(to_mend, f"{to_mend} cose da correggere")
        if to_consider:
            words += ", 1 consiglio" if to_consider == 1 else f", {to_consider} consigli"
        return words


class PanelPages(Pages):
    """The panel for a form as it stands; nothing of it is saved, save what is said of an advice."""

    def urls(self) -> list[URLPattern]:
        return [self.at("controlla/", require_POST(self.check_view), "check")]

    def check_view(self, request: UserRequest) -> HttpResponse:
        if not (self.desk.has_add_permission(request) or self.desk.has_change_permission(request)):
            raise PermissionDenied
        own = self.publication_checked(request)
        if own is not None and self.desk.has_change_permission(request, own):
            SettlingForm(request.POST).save(own)
        panel = typed_panel(request, own, own is not None)
        return render(request, "admin/desk/checks.html", {"panel": panel})

    def publication_checked(self, request: UserRequest) -> Publication | None:
        """The publication that the form is of, named in the address; None if it has not been saved yet."""
        key = request.GET.get("di", "")
        if not key:
            return None
        own = self.desk.get_queryset(request).filter(pk=key).first() if key.isdecimal() else None
        if own is None:
            raise Http404
        return own

    def context(
        self, request: UserRequest, context: dict[str, Any], own: Publication | None, is_saved: bool
    ) -> dict[str, Any]:
        """The panel for the page of a form; `context` is what Django made for that page."""
        form, address = context["adminform"].form, self.desk.address("check")
        if form.is_bound:
            panel = typed_panel(request, own, is_saved=True)
        else:
            documents = documents_of(own) if own else []
            rows = shown_rows(context["inline_admin_formsets"])
            panel = panel_for(request.user, kept_values(form), documents, rows, own, is_saved)
        return {"panel": panel, "check_address": f"{address}?di={own.pk}" if own else address}


def typed_panel(request: UserRequest, own: Publication | None, is_saved: bool) -> Any:
    """The panel of a form as it was sent."""
    values, rows = TypedForm(request.POST).values, typed_rows(request.POST)
    return panel_for(request.user, values, typed_documents(request.POST, own), rows, own, is_saved)


def panel_for(
    user: User,
    values: dict[str, Any],
    documents: list[CheckedDocument],
    rows: Any,
    own: Publication | None,
    is_saved: bool,
) -> Any:
    if not writes_for_area(user):
        values = values | {"coverage": Coverage.MUNICIPALITIES}  # theirs to choose are the Comuni, and no more
    sheet = with_advice(check_input_from(values, documents, own), own, rows)
    is_approved = own is not None and own.status == own.Status.APPROVED
    sheet.is_for_others = not is_approved and not may_approve(user)
    chosen = {name: {row.pk for row in values.get(name) or ()} for name in ("topics", "municipalities")}
    return Panel(
        sheet,
        (
            *suggested_coverage(sheet.text, sheet.coverage),
            *left_to_choose(make_suggester().suggest(written(sheet)), chosen, offered_to(user)),
        ),
        is_saved,
        tuple(values.get("too_long", ())),
    )


def kept_values(form: forms.BaseForm) -> dict[str, Any]:
    """The values of a form that nobody has touched."""
    initial = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    rows = {"topics": Topic, "municipalities": Municipality}
    for name, model in rows.items():
        keys = [getattr(row, "pk", row) for row in initial.get(name) or ()]
        initial[name] = [*model.objects.filter(pk__in=keys).only("pk")]
    picture = initial.get("picture")
    return initial | {"picture": Picture.objects.filter(pk=getattr(picture, "pk", picture)).first()}


def written(sheet: CheckInput) -> Written:
    return Written(sheet.texts["title"], sheet.texts["body"], sheet.texts["subtitle"], sheet.texts["summary"])


def offered_to(user: User) -> set[int] | None:
    if user.has_perm("publishing.write_for_area"):
        return None
    return {*Assignment.objects.filter(user=user).values_list("municipality", flat=True)}
