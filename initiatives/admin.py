"""The desk of initiatives: what every publication has, and their own tables."""

from django.contrib import admin

from areaomogenea.editorial.admin import EditorialAdmin, PartInline
from areaomogenea.editorial.admin.lists import AuthorFilter, DoubtFilter, MunicipalityFilter, StandingFilter
from areaomogenea.editorial.models import Publication
from areaomogenea.prose.admin import WithProse

from . import (
    counts,  # noqa: F401 (it registers itself)
    deadline_desk,  # noqa: F401 (it puts deadlines in the form of every kind)
)
from .board.desk import BoardAdmin
from .models import Amount, Initiative, InitiativeGroup, Milestone, Question

WHEN = ("on", "precision")


class DatedInline(PartInline):
    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "precision":
            kwargs["help_text"] = "Se sai solo il mese o l’anno, scrivi un giorno qualsiasi: chi legge non lo vedrà."
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class QuestionInline(WithProse, PartInline):
    model = Question
    fk_name = "initiative"
    prose_fields = ("answer",)
    add_label = "Aggiungi una domanda"
    fields = ["question", "answer", "position"]


class GroupInline(DatedInline):
    model = InitiativeGroup
    fk_name = "initiative"
    add_label = "Aggiungi un gruppo"
    fields = [
        ("name", "position"),
        WHEN,
        "president",
        "contact_text",
        ("contact_email", "contact_phone"),
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

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        own = formset.form.base_fields["document"]
        own.queryset = own.queryset.filter(publication=obj.pk if obj else None)
        return formset


@admin.register(Initiative)
class InitiativeAdmin(BoardAdmin, EditorialAdmin):
    usual_kind = Publication.Kind.INITIATIVE
    invitation = "Racconta un’iniziativa"
    list_display = ["title", "state", "stage", "participation", "when", "topic_names", "place_names", "author"]
    list_filter = [StandingFilter, "stage", "topics", MunicipalityFilter, AuthorFilter, DoubtFilter]
    inlines = [MilestoneInline, GroupInline, AmountInline, QuestionInline, *EditorialAdmin.inlines]
    fieldsets = [
        (None, {"fields": ["title", "summary", "body"]}),
        ("A che punto è", {"fields": [("stage", "stage_since"), "lead", "partners"]}),
        ("Dove compare", {"fields": ["topics", "municipalities", "linked", "pinned", "picture"]}),
        ("Chi partecipa", {"fields": ["known", ("reported_count", "reported_on"), "reported_by"]}),
        ("A chi rivolgersi", {"fields": ["contact_office", "contact_text", ("contact_email", "contact_phone")]}),
        ("Quando", {"fields": ["publish_at", "review_by"]}),
        ("Indirizzo", {"classes": ["collapse"], "fields": ["slug"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_participation()
