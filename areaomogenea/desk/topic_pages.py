from django.contrib import admin
from django.db import models

from areaomogenea.naming.forms import SLUG_INPUT
from areaomogenea.prose.forms import NumberBox, WholeNumberField
from areaomogenea.topics.models import FormerSlug, Term, Topic

from .prose_editor import ProseAdmin


class FormerSlugInline(admin.TabularInline):
    """They may become more, and never fewer: somebody may have kept any of them."""

    model = FormerSlug
    extra = 0
    can_delete = False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Topic)
class TopicAdmin(ProseAdmin):
    prose_fields = ("explanation",)
    list_display = ["name", "acronym", "slug", "position", "updated_at"]
    search_fields = ["name__stemmed", "acronym__folded", "summary__stemmed"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [FormerSlugInline]
    formfield_overrides = (
        ProseAdmin.formfield_overrides
        | SLUG_INPUT
        | {
            models.PositiveSmallIntegerField: {
                "form_class": WholeNumberField,
                "widget": NumberBox({"aria-label": "Posizione", "size": 4}),
            }
        }
    )
    fieldsets = [
        (None, {"fields": ["name", "acronym", "expansion", "slug", "short", "summary", "explanation"]}),
        ("A chi rivolgersi", {"fields": ["contact_office", "contact_text", "contact_email", "contact_phone"]}),
        ("Vocabolari e ordine", {"fields": ["national_name", "eurovoc_uri", "position"]}),
        ("Suggerimenti dal testo", {"fields": ["keywords"]}),
    ]


@admin.register(Term)
class TermAdmin(admin.ModelAdmin):
    list_display = ["acronym", "expansion", "topic"]
    search_fields = ["acronym__folded", "expansion__stemmed"]
    prepopulated_fields = {"slug": ["acronym"]}
    autocomplete_fields = ["topic"]
    formfield_overrides = SLUG_INPUT
