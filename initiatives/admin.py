"""The desk of initiatives: what every publication has, and their own tables."""

from django.contrib import admin

from areaomogenea.editorial.admin import EditorialAdmin
from areaomogenea.editorial.models import Publication

from .models import Amount, Initiative, InitiativeGroup, Milestone, Question


class QuestionInline(admin.StackedInline):
    model = Question
    extra = 0


class GroupInline(admin.StackedInline):
    model = InitiativeGroup
    extra = 0


class MilestoneInline(admin.TabularInline):
    model = Milestone
    fk_name = "initiative"
    extra = 0
    raw_id_fields = ["source"]


class AmountInline(admin.StackedInline):
    model = Amount
    fk_name = "initiative"
    extra = 0
    raw_id_fields = ["source"]


@admin.register(Initiative)
class InitiativeAdmin(EditorialAdmin):
    usual_kind = Publication.Kind.INITIATIVE
    invitation = "Racconta un’iniziativa"
    list_display = ["title", "state", "stage", "hour", "topic_names", "doubt_count"]
    list_filter = ["status", "stage", "topics"]
    inlines = [*EditorialAdmin.inlines, QuestionInline, MilestoneInline, AmountInline, GroupInline]
    fieldsets = [
        (None, {"fields": ["title", "summary", "body"]}),
        ("A che punto è", {"fields": [("stage", "stage_since"), "lead", "partners"]}),
        ("Dove compare", {"fields": ["topics", "municipalities", "linked", "pinned", "picture"]}),
        ("Chi partecipa", {"fields": ["known", ("reported_count", "reported_on"), "reported_by"]}),
        ("A chi rivolgersi", {"fields": ["contact_office", "contact_text", ("contact_email", "contact_phone")]}),
        ("Quando", {"fields": ["publish_at", "review_by"]}),
        ("Indirizzo", {"classes": ["collapse"], "fields": ["slug"]}),
    ]
