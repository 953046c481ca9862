"""What keeps versions at the desk: held while it is saved, changed at once or by a proposal, read with its history."""

from typing import Any

from django.db import connections
from django.http import Http404, HttpResponse

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.publishing.shared import keeper_of
from areaomogenea.publishing.workflow import may_approve, only_proposes

from .extra_pages import DeskAdmin
from .history import HistoryPages, ProposalPages
from .prose_editor import EXTENSIONS, media_with_nonce, prose_editor
from .redaction_pages import RedactionPages


class VersionedAdmin(DeskAdmin):
    """Rows that keep versions, or that a keeper of them does; `prose_fields` wear the editor."""

    tells_by_versions = True
    prose_fields: tuple[str, ...] = ()
    pages = [HistoryPages, ProposalPages, RedactionPages]

    def row(self, request: UserRequest, pk: int) -> Any:
        return keeper_of(super().row(request, pk))

    def get_object(self, request: UserRequest, object_id: str, from_field: str | None = None) -> Any:
        try:
            row = super().get_object(request, object_id, from_field)
        except OverflowError:  # SQLite has no room for so large a number: nor has it the row
            return None
        if row and request.method == "POST" and connections[row._state.db].in_atomic_block:
            table = (self.opts.get_parent_list() or [self.model])[-1]
            table.objects.select_for_update().get(pk=row.pk)  # from here to our own save nobody else saves it
            row.refresh_from_db()
        return row

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404  # a foreign row is no more to be told from one that never was

    def history_view(
        self, request: UserRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HistoryPages(self).history_view(request, self.opts.pk.to_python(object_id))

    # The form

    def get_form(self, request: UserRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def get_prose_extensions(self) -> dict[str, Any]:
        return EXTENSIONS

    def formfield_for_dbfield(self, db_field: Any, request: UserRequest, **kwargs: Any) -> Any:
        if db_field.name in self.prose_fields:
            kwargs["widget"] = prose_editor(self.get_prose_extensions())
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def render_change_form(
        self,
        request: UserRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if self.prose_fields:
            context["media"] = media_with_nonce(context["media"], request)
        if change and obj:
            kept = keeper_of(obj)
            proposes = only_proposes(request.user, kept)
            context |= {
                "kept": kept,
                "proposal": kept.pending_proposal,
                "last": kept.revisions.versions().select_related("by").first(),
                "proposes": proposes,
                "may_approve": may_approve(request.user),
                "show_save": not proposes,
                "show_save_and_continue": not proposes,
                "show_save_and_add_another": False,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)
