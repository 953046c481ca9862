"""What every kind of publication shares at the desk: whose rows, which fields, what follows when one is saved."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminRadioSelect
from django.db.models import F, Prefetch, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.accounts.scope import scope_in_words, the_only_one, writes_for_area
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing import kinds
from areaomogenea.publishing.coverage import Coverage
from areaomogenea.publishing.models import Doubt, Publication, PublicationQuerySet
from areaomogenea.publishing.revisions import Revision
from areaomogenea.publishing.workflow import VERB, may_approve, only_proposes, pressed, verbs_for
from areaomogenea.search import engines

from .effects import why_not
from .extra_pages import Pages
from .files import (
    AttachmentInline,
    PictureChooser,
    examine_attachments,
    extensions_with_pictures,
    keep_uploads,
    keeping_files,
    warn_of_scans,
)
from .forms import EditorialForm
from .inlines import PartInline, as_shown, part_kwargs, with_add_labels
from .pagination import MOST_COUNTED
from .panel import PanelPages
from .placing import say_where
from .previews import PreviewLinkPages, PublicationPreviewPages
from .prose_editor import NUMBERS
from .spreadsheets import SpreadsheetPages
from .verbs import ACTIONS, DecisionPages, make, report
from .versioned import VersionedAdmin


class DoubtInline(admin.TabularInline):
    """Doubts of the import: one reads them, mends the text, deletes them."""

    model = Doubt
    template = "admin/desk/doubts.html"
    extra = 0
    fields: Any = ["message"]
    readonly_fields: Any = ["message"]

    def has_add_permission(self, request: UserRequest, obj: Any = None) -> bool:
        return False


BOXES = {
    "publish_at": ("Giorno di pubblicazione", "Ora di pubblicazione"),
    "expires_at": ("Ultimo giorno in cui vale", "Ora in cui smette di valere"),
}
ADDED = []


def register_inline(inline: type[PartInline]) -> None:
    """An inline of a higher room comes into the form of every kind; `inline.pages` are pages that its rows have."""
    ADDED.append(inline)


class EditorialAdmin(VersionedAdmin):
    """A kind of publication, which adds only its own fields, columns and pages."""

    form = EditorialForm
    pages = [
        PanelPages,
        DecisionPages,
        *VersionedAdmin.pages,
        PreviewLinkPages,
        PublicationPreviewPages,
        SpreadsheetPages,
    ]
    inlines = [DoubtInline, AttachmentInline]
    prose_fields = ("body",)
    formfield_overrides = NUMBERS
    autocomplete_fields = ["topics", "municipalities", "linked"]
    raw_id_fields = ["picture"]
    change_form_template = "admin/desk/publication_form.html"
    invitation = ""  # what the desk calls the way to begin one
    # The list
    actions: Any = [*ACTIONS, say_where]
    search_fields = ["title"]  # that there is a search: what it finds, `get_search_results` says
    search_help_text = "Cerca nei titoli e nei testi, anche delle bozze. Accenti, plurali e verbi non contano."
    show_full_result_count = False
    # What has no hour yet comes first, on each kind of database.
    ordering = [F("publish_at").desc(nulls_first=True), "-pk"]
    list_select_related = ["author"]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    change_list_template = "admin/desk/spreadsheets_list.html"

    # Whose rows

    def get_pages(self) -> Iterable[type[Pages]]:
        return [*(page for inline in ADDED for page in inline.pages), *self.pages]

    def get_queryset(self, request: UserRequest) -> Any:
        publications = super().get_queryset(request).kept().editable_by(request.user)
        places = Prefetch("municipalities", Municipality.objects.defer("border", "outline"))
        return publications.prefetch_related(places, "topics", "doubts")

    def get_search_results(
        self, request: UserRequest, publications: PublicationQuerySet, query: str
    ) -> tuple[QuerySet, bool]:
        """Of what holds the words, a list has as much as it counts; a spreadsheet of it has all."""
        words = engines.begun_words(query)
        if request.path == self.address("changelist"):
            return publications.first_holding(words, MOST_COUNTED + 1), False
        return publications.holding(words), False

    def changelist_view(self, request: UserRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        scope = scope_in_words(request.user, self.model.objects.all())
        context = {"title": self.opts.verbose_name_plural.capitalize(), "scope": scope}
        return super().changelist_view(request, context | (extra_context or {}))

    def has_publish_permission(self, request: UserRequest) -> bool:
        return may_approve(request.user)

    def has_place_permission(self, request: UserRequest) -> bool:
        return writes_for_area(request.user) and self.has_change_permission(request)

    def has_delete_permission(self, request: UserRequest, obj: Any = None) -> bool:
        """Nothing is deleted from here: drafts go into the bin, what readers saw is withdrawn."""
        return False

    def ways(self) -> list[tuple[str, str]]:
        """(label, address) of the ways to begin one, for the desk."""
        return [(self.invitation, self.address("add"))]

    @property
    def usual_kind(self) -> str:
        """The code of a publication that is only begun: the first of those that its app tells."""
        return next(kind.code for kind in kinds.every() if kind.model_class is self.model)

    def view_on_site(self, publication: Publication) -> str | None:
        """The public address, as it is stored; None until readers find it there: whoever writes it has its preview."""
        stored = Publication.objects.published().filter(pk=publication.pk).only("kind", "slug").first()
        return stored.get_absolute_url() if stored else None

    # Which fields

    def get_inlines(self, request: UserRequest, obj: Any) -> Any:
        has_doubts = obj is not None and obj.doubts.exists()
        inlines = [*super().get_inlines(request, obj), *ADDED]
        return [inline for inline in inlines if has_doubts or inline is not DoubtInline]

    def get_fieldsets(self, request: UserRequest, obj: Any = None) -> Any:
        """The fieldsets; only who writes for all the Area may say that a page is for all of it, or for no place."""
        fieldsets = super().get_fieldsets(request, obj)
        if writes_for_area(request.user):
            return fieldsets
        return [
            (name, options | {"fields": [field for field in options["fields"] if field != "coverage"]})
            for name, options in fieldsets
        ]

    def get_changeform_initial_data(self, request: UserRequest) -> dict[str, Any]:
        only = the_only_one(request.user)
        begun = {"kind": self.usual_kind} | ({"municipalities": [only]} if only else {})
        return begun | super().get_changeform_initial_data(request)

    def get_autocomplete_fields(self, request: UserRequest) -> Any:
        fields = super().get_autocomplete_fields(request)
        return fields if writes_for_area(request.user) else [name for name in fields if name != "municipalities"]

    def get_prose_extensions(self) -> dict[str, Any]:
        return extensions_with_pictures()

    def formfield_for_manytomany(self, db_field: Any, request: UserRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.widget.is_required = True  # without the cross that empties all: it stands in the list as no member of it
        if db_field.name == "municipalities" and not writes_for_area(request.user):
            field.queryset = field.queryset.filter(assignments__user=request.user)
            field.required = True
            field.help_text = "I Comuni per cui scrivi: almeno uno."
        if db_field.name == "linked":
            field.queryset = field.queryset.seen_by(request.user)
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: UserRequest, **kwargs: Any) -> Any:
        if db_field.name == "picture":
            kwargs["widget"] = PictureChooser()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field: Any, request: UserRequest, **kwargs: Any) -> Any:
        if db_field.name == "coverage":
            kwargs |= {"widget": AdminRadioSelect, "choices": Coverage.choices}  # none of them is chosen beforehand
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: UserRequest, **kwargs: Any) -> Any:
        if db_field.name == "summary":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
        if db_field.name == "publish_at":
            kwargs["error_messages"] = {
                "invalid_date": "Scrivi il giorno come 31/12/2026.",
                "invalid_time": "Scrivi l’ora come 18:30.",
            }
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in BOXES:
            for box, name in zip(field.widget.widgets, BOXES[db_field.name], strict=True):
                box.attrs["aria-label"] = name
        return field

    # The tables below them

    def get_formset_kwargs(self, request: UserRequest, obj: Any, inline: Any, prefix: str) -> Any:
        return super().get_formset_kwargs(request, obj, inline, prefix) | part_kwargs(request, obj, inline, prefix)

    def get_inline_formsets(self, request: UserRequest, formsets: Any, inline_instances: Any, obj: Any = None) -> Any:
        keep_uploads(request, formsets)
        return with_add_labels(super().get_inline_formsets(request, as_shown(formsets), inline_instances, obj))

    # What a post does: save, propose, and perhaps a verb

    def changeform_view(
        self,
        request: UserRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        examine_attachments(request.FILES)
        return keeping_files(super().changeform_view)(request, object_id, form_url, extra_context)

    def render_change_form(
        self,
        request: UserRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context["scope"] = scope_in_words(request.user)
        verbs = verbs_for(request.user, obj or self.model())
        context["verbs"] = [verb for verb in verbs if verb.is_in_form and not verb.is_on_proposal]
        context["can_discard"] = change and obj is not None and VERB["discard"].is_open_to(request.user, obj)
        if self.has_change_permission(request, obj) if change else self.has_add_permission(request):
            context |= PanelPages(self).context(request, context, obj, change)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: UserRequest, obj: Any, form: forms.BaseForm, change: bool) -> None:
        if only_proposes(request.user, obj):
            return
        if change:
            obj.keep_first_version()
        else:
            obj.author = request.user
        super().save_model(request, obj, form, change)

    def save_related(self, request: UserRequest, form: forms.BaseForm, formsets: Any, change: bool) -> None:
        publication = form.instance
        if form.taken:
            text = f"Intanto altri avevano cambiato: {', '.join(map(str, form.taken))}. Le loro modifiche sono rimaste."
            messages.warning(request, text)
        warn_of_scans(request, form.store_files())
        if only_proposes(request.user, publication):
            publication.keep_first_version()
            publication.propose(request.user, form.typed_content() | form.rows, form.cleaned_data["comment"])
            return
        super().save_related(request, form, formsets, change)
        publication.set_relations(form.rows)
        publication.settle_doubt_of_coverage()
        if not change or publication.content() != publication.content_at(publication.version):
            action = Revision.Action.SAVED if change else Revision.Action.FIRST
            publication.record(request.user, action)

    def construct_change_message(
        self, request: UserRequest, form: forms.BaseForm, formsets: Any, add: bool = False
    ) -> Any:
        return []  # what changed is told by the versions, not by Django's own log

    def response_add(self, request: UserRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self.pressed_response(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: UserRequest, obj: Any) -> HttpResponse:
        if only_proposes(request.user, obj):
            obj.refresh_from_db()
            messages.info(request, f"La modifica a «{obj}» aspetta un Responsabile. La pagina resta com’è.")
            return self.response_post_save_change(request, obj)
        return self.pressed_response(request, obj) or super().response_change(request, obj)

    def pressed_response(self, request: UserRequest, obj: Any) -> HttpResponse | None:
        """The answer to the button of a verb; None if it was another button."""
        verb = pressed(request.POST)
        if not verb:
            return None
        if verb.asks and verb.is_open_to(request.user, obj):
            return redirect(self.address("decision", obj.pk, verb.name))
        if verb.is_open_to(request.user, obj) and make(request, obj, verb, request.POST.get("comment", "")):
            report(request, verb, [obj])
        else:
            messages.warning(request, f"«{obj}»: {why_not(obj)}")
        return self.response_post_save_change(request, obj)
