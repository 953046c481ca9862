"""Topics and terms at the desk: pages share them, so they are read, proposed and brought back as any page is."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.forms import BaseForm
from django.http import HttpResponse
from django.utils import timezone

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.naming.forms import SLUG_INPUT
from areaomogenea.naming.models import Named
from areaomogenea.prose.forms import NumberBox, WholeNumberField
from areaomogenea.publishing.revisions import RevisionAction
from areaomogenea.publishing.shared import keeper_of
from areaomogenea.publishing.workflow import only_proposes
from areaomogenea.topics.models import FormerSlug, Term, Topic

from .forms import PROPOSE, VersionedForm
from .previews import PreviewPages
from .prose_editor import NUMBERS
from .versioned import VersionedAdmin


class SharedAdmin(VersionedAdmin):
    """Topics and terms: what is saved is live at once; or it waits as a proposal, for who may approve or by choice."""

    form = VersionedForm
    change_form_template = "admin/desk/shared_form.html"

    def get_form(self, request: UserRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.proposes = PROPOSE.button in request.POST
        form.goes_on = form.proposes or "proposta" in request.GET
        return form

    def is_proposal(self, request: UserRequest, row: Named) -> bool:
        return only_proposes(request.user, keeper_of(row)) or PROPOSE.button in request.POST

    def render_change_form(
        self,
        request: UserRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context["propose"] = PROPOSE
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: UserRequest, obj: Any, form: BaseForm, change: bool) -> None:
        if change and self.is_proposal(request, obj):
            return
        if change:
            keeper_of(obj).keep_first_version()
        super().save_model(request, obj, form, change)

    def save_related(self, request: UserRequest, form: BaseForm, formsets: Any, change: bool) -> None:
        if change and self.is_proposal(request, form.instance):
            form.kept.keep_first_version()
            form.kept.propose(request.user, form.typed_content(), form.cleaned_data["comment"])
            return
        super().save_related(request, form, formsets, change)
        kept = keeper_of(form.instance)
        if not change or kept.content() != kept.content_at(kept.version):
            kept.record(
                request.user, RevisionAction.SAVED if change else RevisionAction.FIRST, form.cleaned_data["comment"]
            )

    def response_change(self, request: UserRequest, obj: Any) -> HttpResponse:
        if self.is_proposal(request, obj):
            name = self.model.objects.get(pk=obj.pk)  # as readers know it: what was typed is not its name yet
            messages.info(request, f"La modifica a «{name}» aspetta un Responsabile. La pagina resta com’è.")
            return self.response_post_save_change(request, obj)
        return super().response_change(request, obj)


class TopicPreviewPages(PreviewPages):
    def as_typed(self, form: BaseForm) -> Any:
        topic = super().as_typed(form)
        topic.updated_at = topic.updated_at or timezone.now()
        return topic


class FormerSlugInline(admin.TabularInline):
    """Former addresses: they may become more, and never fewer, as somebody may have kept any of them."""

    model = FormerSlug
    extra = 0
    can_delete = False

    def has_change_permission(self, request: UserRequest, obj: Any = None) -> bool:
        return False


POSITION = {"form_class": WholeNumberField, "widget": NumberBox({"aria-label": "Posizione", "size": 4})}


@admin.register(Topic)
class TopicAdmin(SharedAdmin):
    pages = [TopicPreviewPages, *SharedAdmin.pages]
    prose_fields = ("explanation",)
    list_display = ["name", "acronym", "slug", "position", "updated_at"]
    search_fields = ["name__stemmed", "acronym__folded", "summary__stemmed"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [FormerSlugInline]
    formfield_overrides = NUMBERS | SLUG_INPUT | {models.PositiveSmallIntegerField: POSITION}
    fieldsets = [
        (None, {"fields": ["name", "acronym", "expansion", "slug", "short", "summary", "explanation"]}),
        ("Vocabolari e ordine", {"fields": ["national_name", "eurovoc_uri", "position"]}),
        ("Suggerimenti dal testo", {"fields": ["keywords"]}),
    ]


@admin.register(Term)
class TermAdmin(SharedAdmin):
    list_display = ["acronym", "expansion", "topic"]
    search_fields = ["acronym__folded", "expansion__stemmed"]
    prepopulated_fields = {"slug": ["acronym"]}
    autocomplete_fields = ["topic"]
    formfield_overrides = SLUG_INPUT
