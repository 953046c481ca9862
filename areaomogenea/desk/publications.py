"""What every kind of publication shares at the desk: scope, workflow, doubts; history and preview are neighbours."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminRadioSelect
from django.db import connections
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from areaomogenea.accounts.scope import scope_in_words, the_only_one, writes_for_area
from areaomogenea.publishing.coverage import Coverage
from areaomogenea.publishing.models import Doubt, Publication
from areaomogenea.publishing.revisions import Revision
from areaomogenea.publishing.workflow import VERB, may_approve, only_proposes, pressed, verbs_for

from .effects import why_not
from .files import AttachmentInline, WithFiles
from .forms import EditorialForm
from .inlines import PartsAdmin
from .lists import ListAdmin
from .panel import PanelAdmin
from .placing import PlacingAdmin
from .previews import PreviewAdmin
from .prose_editor import ProseAdmin
from .spreadsheets import SpreadsheetsAdmin
from .verbs import DecisionsAdmin


class DoubtInline(admin.TabularInline):
    """What the import was not sure of: read it, mend the text, delete it."""

    model = Doubt
    template = "admin/desk/doubts.html"
    extra = 0
    fields = readonly_fields = ["message"]

    def has_add_permission(self, request, obj=None):
        return False


BOXES = {
    "publish_at": ("Giorno di pubblicazione", "Ora di pubblicazione"),
    "expires_at": ("Ultimo giorno in cui vale", "Ora in cui smette di valere"),
}
ADDED = []


def register_inline(inline):
    """Puts an inline of a higher room in the form of every kind; `inline.desk_pages(desk)` are its own addresses."""
    ADDED.append(inline)


class EditorialAdmin(
    WithFiles,
    PartsAdmin,
    PanelAdmin,
    DecisionsAdmin,
    PlacingAdmin,
    PreviewAdmin,
    SpreadsheetsAdmin,
    ListAdmin,
    ProseAdmin,
):
    """Scope, workflow, doubts and history; a kind of publication adds only its own fields."""

    tells_by_versions = True
    form = EditorialForm
    prose_fields = ("body",)
    autocomplete_fields = ["topics", "municipalities", "linked"]
    raw_id_fields = ["picture"]
    actions = [*DecisionsAdmin.actions, *PlacingAdmin.actions]
    inlines = [DoubtInline, AttachmentInline]
    change_form_template = "admin/desk/publication_form.html"
    invitation = ""  # what the desk calls the way to begin one

    # Whose rows, and which fields

    def get_urls(self):
        return [*(page for inline in ADDED for page in inline.desk_pages(self)), *super().get_urls()]

    def get_queryset(self, request):
        return super().get_queryset(request).kept().editable_by(request.user).prefetch_related("topics", "doubts")

    def get_object(self, request, object_id, from_field=None):
        try:
            publication = super().get_object(request, object_id, from_field)
        except OverflowError:  # SQLite has no room for so large a number: nor has it the row
            return None
        if publication and request.method == "POST" and connections[publication._state.db].in_atomic_block:
            # From here to our own save nobody else saves it.
            Publication.objects.select_for_update().get(pk=publication.pk)
            publication.refresh_from_db()
        return publication

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404  # a foreign row is no more to be told from one that never was

    def get_inlines(self, request, obj):
        has_doubts = obj is not None and obj.doubts.exists()
        inlines = [*super().get_inlines(request, obj), *ADDED]
        return [inline for inline in inlines if has_doubts or inline is not DoubtInline]

    def get_fieldsets(self, request, obj=None):
        """Only who writes for all the Area may say that a page is for all of it, or for no place."""
        fieldsets = super().get_fieldsets(request, obj)
        if writes_for_area(request.user):
            return fieldsets
        return [
            (name, told | {"fields": [one for one in told["fields"] if one != "coverage"]}) for name, told in fieldsets
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def get_changeform_initial_data(self, request):
        only = the_only_one(request.user)
        begun = {"kind": self.usual_kind} | ({"municipalities": [only]} if only else {})
        return begun | super().get_changeform_initial_data(request)

    def get_autocomplete_fields(self, request):
        fields = super().get_autocomplete_fields(request)
        return fields if writes_for_area(request.user) else [name for name in fields if name != "municipalities"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.widget.is_required = True  # without the cross that empties all: it stands in the list as no member of it
        if db_field.name == "municipalities" and not writes_for_area(request.user):
            field.queryset = field.queryset.filter(assignments__user=request.user)
            field.required = True
            field.help_text = "I Comuni per cui scrivi: almeno uno."
        if db_field.name == "linked":
            field.queryset = field.queryset.seen_by(request.user)
        return field

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "coverage":
            kwargs |= {"widget": AdminRadioSelect, "choices": Coverage.choices}  # none of them is chosen beforehand
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
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

    def ways(self):
        """(label, address) of the ways to begin one, for the desk."""
        add = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        return [(self.invitation, add)]

    def view_on_site(self, publication):
        """None until readers find it there: whoever writes it has its preview. As it is stored, not as it is typed."""
        stored = Publication.objects.published().filter(pk=publication.pk).only("kind", "slug").first()
        return stored and stored.get_absolute_url()

    # What a post does: save, propose, and perhaps a verb

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        publication = obj or self.model()
        context["scope"] = scope_in_words(request.user)
        context["verbs"] = [
            verb for verb in verbs_for(request.user, publication) if verb.is_in_form and not verb.is_on_proposal
        ]
        context["can_discard"] = change and obj is not None and VERB["discard"].is_open_to(request.user, obj)
        if change and obj:
            proposes = only_proposes(request.user, obj)
            context |= {
                "proposal": obj.pending_proposal,
                "last": obj.revisions.versions().select_related("by").first(),
                "proposes": proposes,
                "may_approve": may_approve(request.user),
                "show_save": not proposes,
                "show_save_and_continue": not proposes,
                "show_save_and_add_another": False,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        if only_proposes(request.user, obj):
            return
        if change:
            obj.keep_first_version()
        else:
            obj.author = request.user
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        publication = form.instance
        self.tell_what_stays(request, form)
        self.tell_of_scans(request, form.store_files())
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

    def tell_what_stays(self, request, form):
        if form.taken:
            text = f"Intanto altri avevano cambiato: {', '.join(map(str, form.taken))}. Le loro modifiche sono rimaste."
            self.message_user(request, text, messages.WARNING)

    def construct_change_message(self, request, form, formsets, add=False):
        return []  # what changed is told by the versions, not by Django's own log

    def response_add(self, request, obj, post_url_continue=None):
        return self.pressed_response(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if only_proposes(request.user, obj):
            obj.refresh_from_db()
            self.message_user(request, f"La modifica a «{obj}» aspetta un Responsabile. La pagina resta com’è.")
            return self.response_post_save_change(request, obj)
        return self.pressed_response(request, obj) or super().response_change(request, obj)

    def pressed_response(self, request, obj):
        """What follows the button of a verb; None if it was another button."""
        verb = pressed(request.POST)
        if not verb:
            return None
        if verb.asks and verb.is_open_to(request.user, obj):
            return redirect(self.address("decision", obj.pk, verb.name))
        if verb.is_open_to(request.user, obj) and self.make(request, obj, verb, request.POST.get("comment", "")):
            self.tell(request, verb, [obj])
        else:
            self.message_user(request, f"«{obj}»: {why_not(obj)}", messages.WARNING)
        return self.response_post_save_change(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Nothing is deleted from here: drafts go into the bin, what readers saw is withdrawn."""
        return False

    # The list

    def changelist_view(self, request, extra_context=None):
        title = self.opts.verbose_name_plural.capitalize()
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    @admin.display(description="stato", ordering="status")
    def state(self, publication):
        return format_html('<span class="desk-pill desk-pill-{}">{}</span>', *publication.standing)

    @admin.display(description="argomenti")
    def topic_names(self, publication):
        return ", ".join(topic.acronym or topic.name for topic in publication.topics.all())

    @admin.display(description="dubbi")
    def doubt_count(self, publication):
        return len(publication.doubts.all()) or "–"
