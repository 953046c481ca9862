"""Topics and terms at the desk: pages share them, so they are read, proposed and brought back as any page is."""

from django.contrib import admin
from django.db import connections
from django.http import Http404
from django.utils import timezone

from areaomogenea.publishing.revisions import RevisionAction
from areaomogenea.publishing.shared import keeper_of
from areaomogenea.publishing.workflow import may_approve, only_proposes
from areaomogenea.topics.models import Term, Topic

from .forms import PROPOSE, VersionedForm
from .history import VersionsAdmin
from .previews import PagePreviewAdmin
from .topic_pages import TermAdmin as TermFields
from .topic_pages import TopicAdmin as TopicFields


class SharedAdmin(VersionsAdmin):
    """What is saved is live at once, with its version; or it waits as a proposal, for who may approve or by choice."""

    tells_by_versions = True
    form = VersionedForm
    change_form_template = "admin/desk/shared_form.html"

    def publication(self, request, pk):
        return keeper_of(super().publication(request, pk))

    def get_object(self, request, object_id, from_field=None):
        try:
            row = super().get_object(request, object_id, from_field)
        except OverflowError:  # SQLite has no room for so large a number: nor has it the row
            return None
        if row and request.method == "POST" and connections[row._state.db].in_atomic_block:
            self.model.objects.select_for_update().get(pk=row.pk)  # from here to our own save nobody else saves it
            row.refresh_from_db()
        return row

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user, form.proposes = request.user, PROPOSE.button in request.POST
        form.goes_on = form.proposes or "proposta" in request.GET
        return form

    def is_proposal(self, request, row):
        return only_proposes(request.user, keeper_of(row)) or PROPOSE.button in request.POST

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj:
            kept = keeper_of(obj)
            proposes = only_proposes(request.user, kept)
            context |= {
                "kept": kept,
                "proposal": kept.pending_proposal,
                "last": kept.revisions.versions().select_related("by").first(),
                "proposes": proposes,
                "may_approve": may_approve(request.user),
                "propose": PROPOSE,
                "show_save": not proposes,
                "show_save_and_continue": not proposes,
                "show_save_and_add_another": False,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        if change and self.is_proposal(request, obj):
            return
        if change:
            keeper_of(obj).keep_first_version()
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
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

    def response_change(self, request, obj):
        if self.is_proposal(request, obj):
            name = self.model.objects.get(pk=obj.pk)  # as readers know it: what was typed is not its name yet
            self.message_user(request, f"La modifica a «{name}» aspetta un Responsabile. La pagina resta com’è.")
            return self.response_post_save_change(request, obj)
        return super().response_change(request, obj)


admin.site.unregister([Topic, Term])


@admin.register(Topic)
class TopicAdmin(PagePreviewAdmin, SharedAdmin, TopicFields):
    def as_typed(self, form):
        topic = super().as_typed(form)
        topic.updated_at = topic.updated_at or timezone.now()
        return topic


@admin.register(Term)
class TermAdmin(SharedAdmin, TermFields):
    pass
