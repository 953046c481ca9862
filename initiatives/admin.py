"""The desk of initiatives: what every publication has, and their own tables."""

from django.contrib import admin

from areaomogenea.editorial.admin import EditorialAdmin, PartInline
from areaomogenea.editorial.models import Publication
from areaomogenea.prose.admin import WithProse

from .models import Amount, Initiative, InitiativeGroup, Milestone, Question

WHEN = ("on", "precision")


class QuestionInline(WithProse, PartInline):
    model = Question
    prose_fields = ("answer",)
    fields = ["question", "answer", "position"]


class GroupInline(PartInline):
    model = InitiativeGroup
    fields = [
        ("name", "position"),
        WHEN,
        "president",
        "contact_text",
        ("contact_email", "contact_phone"),
        "website",
        "note",
    ]


class MilestoneInline(PartInline):
    model = Milestone
    fk_name = "initiative"
    fields = ["title", WHEN, "is_done", "source"]
    autocomplete_fields = ["source"]


class AmountInline(PartInline):
    model = Amount
    fk_name = "initiative"
    fields = ["what", ("euros", "is_about"), ("standing", "funder"), WHEN, "source", "source_url", "document"]
    autocomplete_fields = ["source"]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        own = formset.form.base_fields["document"]
        own.queryset = own.queryset.filter(publication=obj.pk if obj else None)
        return formset


@admin.register(Initiative)
class InitiativeAdmin(EditorialAdmin):
    usual_kind = Publication.Kind.INITIATIVE
    invitation = "Racconta un’iniziativa"
    list_display = ["title", "state", "stage", "hour", "topic_names", "doubt_count"]
    list_filter = ["status", "stage", "topics"]
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
