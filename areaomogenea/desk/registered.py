"""What the desk asks of every admin, of whatever room: the site puts this in front of each that is registered."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.forms import BaseForm
from django.http import HttpResponse

from areaomogenea.accounts.capture import WithLedger
from areaomogenea.accounts.requests import UserRequest
from areaomogenea.naming.races import again_when_taken

from .base_forms import faults_shown
from .deletion import without_joins
from .ledger_page import row_history
from .lookups import declared_list
from .once import claim, once_only, settle
from .pagination import ListPaginator


class RegisteredAdmin(WithLedger, ModelAdmin):
    """Forms that count once and name their faults; lists, deletions and histories that tell what they should."""

    paginator = ListPaginator

    def changeform_view(
        self,
        request: UserRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        view = once_only(again_when_taken(super().changeform_view), edits=object_id is not None)
        return view(request, object_id, form_url, extra_context)

    def save_model(self, request: UserRequest, obj: Any, form: BaseForm, change: bool) -> None:
        claim(request)
        super().save_model(request, obj, form, change)

    def response_add(self, request: UserRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        settle(request, response)
        return response

    def response_change(self, request: UserRequest, obj: Any) -> HttpResponse:
        response = super().response_change(request, obj)
        settle(request, response)
        return response

    def render_change_form(
        self,
        request: UserRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context |= faults_shown(context)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_changelist(self, request: UserRequest, **kwargs: Any) -> type[ChangeList]:
        return declared_list(super().get_changelist(request, **kwargs))

    def to_field_allowed(self, request: UserRequest, to_field: str) -> bool:
        """Whether a row may be named by this column: by its key alone, so that nobody chooses what else tells of it."""
        return to_field in ("id", "pk", self.opts.pk.name)

    def get_deleted_objects(self, objs: Any, request: UserRequest) -> tuple[Any, ...]:
        return without_joins(*super().get_deleted_objects(objs, request))

    def history_view(
        self, request: UserRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history of a row; of those that keep no versions, what the ledger tells."""
        if getattr(super().history_view, "__func__", None) is not ModelAdmin.history_view:
            return super().history_view(request, object_id, extra_context)
        return row_history(self, request, object_id)
