"""Where many pages apply, said at once: of those of which nobody has said it yet, each as it was shown."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.coverage import Coverage, coverage_in_short, faults
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.workflow import only_proposes

from .effects import whole_number
from .lists import UNSAID, CoverageFilter
from .verbs import MOST_AT_ONCE

ALREADY_PLACED = "Di questa pagina è già detto dove vale: si cambia dalla sua scheda."
CHANGED = "È cambiata dopo che hai aperto questa pagina: rileggila, poi conferma."


class PlaceForm(forms.Form):
    """The coverage of all the pages that were chosen in the list: none is chosen beforehand."""

    placed = forms.BooleanField(widget=forms.HiddenInput, initial=True)
    coverage = forms.ChoiceField(
        label="Dove valgono",
        choices=Coverage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli una delle tre voci: nessuna è presa da sola."},
    )
    municipalities = forms.ModelMultipleChoiceField(
        Municipality.objects.defer("border", "outline"),
        label="Quali Comuni",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "person-places"}),
        help_text="Solo se hai scelto «Questi Comuni».",
    )

    def clean(self) -> Any:
        cleaned = super().clean()
        for name, message in faults(cleaned.get("coverage"), cleaned.get("municipalities")).items():
            self.add_error(name, message)
        return cleaned

    @property
    def content(self) -> dict[str, list[int] | str]:
        """The coverage and the Comuni, as a version keeps them."""
        cleaned = self.cleaned_data
        return {"coverage": cleaned["coverage"], "municipalities": [place.pk for place in cleaned["municipalities"]]}

    @property
    def in_words(self) -> str:
        cleaned = self.cleaned_data
        return coverage_in_short([*map(str, cleaned["municipalities"])]) or Coverage(cleaned["coverage"]).label.lower()


def unplaced_address(desk: admin.ModelAdmin) -> str:
    """The list of the pages of which nobody has said where they apply."""
    return f"{desk.address('changelist')}?{CoverageFilter.parameter_name}={UNSAID}"


@admin.action(description="Di’ dove valgono…", permissions=["place"])
def say_where(desk: admin.ModelAdmin, request: UserRequest, queryset: QuerySet) -> HttpResponse | None:
    if not desk.has_place_permission(request):
        raise PermissionDenied
    rows = list(queryset[: MOST_AT_ONCE + 1])
    if len(rows) > MOST_AT_ONCE:
        text = f"Se ne dicono al massimo {MOST_AT_ONCE} alla volta: restringi l’elenco con i filtri."
        messages.error(request, text)
        return None
    form = PlaceForm(request.POST if "placed" in request.POST else None)
    troubles = {row.pk: place(request, row, form) for row in rows} if form.is_valid() else {}
    left = [desk.get_object(request, str(row.pk)) for row in rows if troubles.get(row.pk, True)]
    report_placed(request, form, [row for row in rows if not troubles.get(row.pk, True)])
    return placing_page(desk, request, form, [(row, trouble_of(row, troubles)) for row in left if row])


def place(request: UserRequest, row: Publication, form: forms.BaseForm) -> str:
    """The reason why it could not be said of a row; "" if it was, or waits for a Responsabile."""
    if row.coverage:
        return ALREADY_PLACED
    if whole_number(request.POST.get(f"letta_{row.pk}")) != row.version:
        return CHANGED
    try:
        with transaction.atomic():
            row.keep_first_version()
            does = row.propose if only_proposes(request.user, row) else row.change
            return "" if does(request.user, form.content) else CHANGED
    except ValidationError as error:
        return " ".join(error.messages)


def trouble_of(row: Publication, troubles: Mapping[int, str]) -> str:
    return ALREADY_PLACED if row.coverage else troubles.get(row.pk, "")


def report_placed(request: UserRequest, form: forms.BaseForm, done: Collection[Publication]) -> None:
    proposed = [row for row in done if only_proposes(request.user, row)]
    if count := len(done) - len(proposed):
        messages.info(request, f"Dove vale ora è detto di {count} pagine: {form.in_words}.")
    if proposed:
        text = f"Di {len(proposed)} pagine pubblicate è proposto a un Responsabile: restano come sono."
        messages.info(request, text)


def placing_page(
    desk: admin.ModelAdmin, request: UserRequest, form: forms.BaseForm, left: list[tuple[Publication, str]]
) -> HttpResponse:
    """The page that asks; None once nothing is left to say."""
    if not left:
        return None
    title = f"Dove valgono: {len(left)} pagine" if left[1:] else "Dove vale"
    context = {"form": form, "rows": left, "can_go_on": any(not row.coverage for row, _ in left)}
    return desk.page(request, "placing", None, title, **context)
