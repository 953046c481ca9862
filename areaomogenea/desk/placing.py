"""Where many pages apply, said at once: of those of which nobody has said it yet, each as it was shown."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from areaomogenea.accounts.scope import writes_for_area
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.coverage import Coverage, coverage_in_short, faults
from areaomogenea.publishing.workflow import only_proposes

from .history import VersionsAdmin, number
from .lists import UNSAID, CoverageFilter
from .verbs import MOST_AT_ONCE

SAID = "Di questa pagina è già detto dove vale: si cambia dalla sua scheda."
CHANGED = "È cambiata dopo che hai aperto questa pagina: rileggila, poi conferma."


class PlaceForm(forms.Form):
    """One of the three, for all the pages that were chosen: none is chosen beforehand."""

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

    def clean(self):
        asked = super().clean()
        for name, message in faults(asked.get("coverage"), asked.get("municipalities")).items():
            self.add_error(name, message)
        return asked

    @property
    def content(self):
        """As a version keeps it."""
        told = self.cleaned_data
        return {"coverage": told["coverage"], "municipalities": [place.pk for place in told["municipalities"]]}

    @property
    def in_words(self):
        told = self.cleaned_data
        return coverage_in_short([*map(str, told["municipalities"])]) or Coverage(told["coverage"]).label.lower()


class PlacingAdmin(VersionsAdmin):
    actions = ["say_where"]

    def has_place_permission(self, request):
        return writes_for_area(request.user) and self.has_change_permission(request)

    def unplaced_address(self):
        """The list of those of which nobody has said it."""
        return f"{self.address('changelist')}?{CoverageFilter.parameter_name}={UNSAID}"

    @admin.action(description="Di’ dove valgono…", permissions=["place"])
    def say_where(self, request, queryset):
        if not self.has_place_permission(request):
            raise PermissionDenied
        rows = list(queryset[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            text = f"Se ne dicono al massimo {MOST_AT_ONCE} alla volta: restringi l’elenco con i filtri."
            self.message_user(request, text, messages.ERROR)
            return None
        form = PlaceForm(request.POST if "placed" in request.POST else None)
        troubles = {row.pk: self.place(request, row, form) for row in rows} if form.is_valid() else {}
        left = [self.get_object(request, str(row.pk)) for row in rows if troubles.get(row.pk, True)]
        self.tell_placed(request, form, [row for row in rows if not troubles.get(row.pk, True)])
        return self.placing_page(request, form, [(row, self.trouble_of(row, troubles)) for row in left if row])

    def place(self, request, row, form):
        """Why it could not be; "" if it was, or waits for a Responsabile."""
        if row.coverage:
            return SAID
        if number(request.POST.get(f"letta_{row.pk}")) != row.version:
            return CHANGED
        try:
            with transaction.atomic():
                row.keep_first_version()
                does = row.propose if only_proposes(request.user, row) else row.change
                return "" if does(request.user, form.content) else CHANGED
        except ValidationError as error:
            return " ".join(error.messages)

    def trouble_of(self, row, troubles):
        return SAID if row.coverage else troubles.get(row.pk, "")

    def tell_placed(self, request, form, done):
        proposed = [row for row in done if only_proposes(request.user, row)]
        if said := len(done) - len(proposed):
            self.message_user(request, f"Dove vale ora è detto di {said} pagine: {form.in_words}.")
        if proposed:
            text = f"Di {len(proposed)} pagine pubblicate è proposto a un Responsabile: restano come sono."
            self.message_user(request, text)

    def placing_page(self, request, form, left):
        """None once all have been told."""
        if not left:
            return None
        title = f"Dove valgono: {len(left)} pagine" if left[1:] else "Dove vale"
        context = {"form": form, "rows": left, "can_go_on": any(not row.coverage for row, _ in left)}
        return self.page(request, "placing", None, title, **context)
