"""The desk of initiatives: what every publication has, and their own tables."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import CharField, Model
from django.utils.html import format_html
from django.utils.safestring import SafeString

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.deadlines import (
    deadline_inlines,  # noqa: F401 (it puts deadlines in the form of every kind)
    offers,  # noqa: F401 (it registers itself)
)
from areaomogenea.deadlines.partial_dates import Dated
from areaomogenea.desk.admin import EditorialAdmin, PartInline
from areaomogenea.desk.lists import (
    AuthorFilter,
    CoverageFilter,
    DoubtFilter,
    MunicipalityFilter,
    StandingFilter,
    TopicFilter,
    YearFilter,
    place_names,
    state,
    topic_names,
    when,
)
from areaomogenea.prose.dates import read_day

from .board.admin import BoardPages
from .models import Amount, Initiative, InitiativeGroup, InitiativeQuerySet, Milestone, Question

WHEN = ("on", "precision")


class DayOrLessField(forms.DateField):
    """A day, or the first one of a month or of a year."""

    default_error_messages = {
        "invalid": "Scrivi la data come 31/12/2027; se sai solo il mese o l’anno, 12/2027 o 2027."
    }

    def to_python(self, value: Any) -> date | None:
        parsed = read_day(value) if isinstance(value, str) else None
        return parsed[0] if parsed else super().to_python(value)


class DatedForm(forms.ModelForm):
    class Meta:
        field_classes = {"on": DayOrLessField}

    def clean(self) -> dict[str, Any]:
        """The precision is no finer than what was typed, whatever the list beside it says."""
        cleaned_data = super().clean()
        parsed = read_day(self["on"].data or "")
        if parsed and cleaned_data.get("precision"):
            coarseness = Dated.Precision.values.index
            cleaned_data["precision"] = max(cleaned_data["precision"], parsed[1].value, key=coarseness)
        return cleaned_data


class DatedInline(PartInline):
    form = DatedForm

    def formfield_for_choice_field(
        self, db_field: CharField, request: UserRequest, **kwargs: Any
    ) -> forms.TypedChoiceField:
        if db_field.name == "precision":
            kwargs["help_text"] = "Se sai solo il mese o l’anno, scrivi solo quello: 12/2027, o 2027."
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class QuestionInline(PartInline):
    model = Question
    fk_name = "initiative"
    prose_fields = ("answer",)
    add_label = "Aggiungi una domanda"
    fields = ["question", "answer", "position"]


class GroupInline(DatedInline):
    model = InitiativeGroup
    fk_name = "initiative"
    add_label = "Aggiungi un gruppo"
    autocomplete_fields = ["office"]
    fields = [
        ("name", "position"),
        WHEN,
        "president",
        "office",
        "website",
        "note",
    ]


class MilestoneInline(DatedInline):
    model = Milestone
    add_label = "Aggiungi una tappa"
    fk_name = "initiative"
    fields = ["title", WHEN, "is_done", "source"]
    autocomplete_fields = ["source"]


class AmountInline(DatedInline):
    model = Amount
    add_label = "Aggiungi un importo"
    fk_name = "initiative"
    fields = ["what", ("euros", "is_about"), ("standing", "funder"), WHEN, "source", "source_url", "document"]
    autocomplete_fields = ["source"]

    def get_formset(self, request: UserRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        own = formset.form.base_fields["document"]
        own.queryset = own.queryset.filter(publication=obj.pk if obj else None)
        return formset


@admin.register(Initiative)
class InitiativeAdmin(EditorialAdmin):
    pages = [BoardPages, *EditorialAdmin.pages]
    change_form_template = "admin/initiatives/initiative_form.html"
    invitation = "Racconta un’iniziativa"
    list_display = ["title", state, "stage", "participation", when, topic_names, place_names, "author"]
    list_filter = [
        StandingFilter,
        "stage",
        TopicFilter,
        CoverageFilter,
        MunicipalityFilter,
        AuthorFilter,
        YearFilter,
        DoubtFilter,
    ]
    inlines = [MilestoneInline, GroupInline, AmountInline, QuestionInline, *EditorialAdmin.inlines]
    fieldsets = [
        (None, {"fields": ["title", "summary", "body"]}),
        ("A che punto è", {"fields": [("stage", "stage_since"), "lead", "partners"]}),
        ("Dove vale", {"fields": ["coverage", "municipalities"]}),
        ("Dove compare", {"fields": ["topics", "linked", "pinned", "picture"]}),
        ("Chi partecipa", {"fields": ["known", ("reported_count", "reported_on"), "reported_by"]}),
        ("A chi rivolgersi", {"fields": ["office"]}),
        ("Quando", {"fields": ["publish_at", "expires_at", "review_by"]}),
        ("Indirizzo", {"classes": ["collapse"], "fields": ["slug"]}),
    ]

    def get_queryset(self, request: UserRequest) -> InitiativeQuerySet:
        return super().get_queryset(request).with_participation()

    @admin.display(description="chi partecipa")
    def participation(self, initiative: Initiative) -> SafeString:
        number = initiative.count if initiative.knows_only_the_count else initiative.listed_count
        label = "Nessuno" if not number else "Un Comune" if number == 1 else f"{number} Comuni"
        return format_html('<a href="{}">{}</a>', self.address("board", initiative.pk), label)
