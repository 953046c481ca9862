"""Where a form looks for other publications to link with; it has no pages of its own."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpResponse

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.publishing.matches import Matches
from areaomogenea.publishing.models import Publication, PublicationQuerySet
from areaomogenea.search import engines

from .read_only import ReadOnlyAdmin

MOST_OFFERED = 100  # of those that hold what was typed: who sees more types on


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    """Publications that readers see anyway, and those that this person may edit."""

    search_fields = ["title"]  # that there is a search: what it finds, `get_search_results` says
    ordering = ["-publish_at", "-pk"]

    def get_queryset(self, request: UserRequest) -> Any:
        return super().get_queryset(request).seen_by(request.user)

    def get_search_results(
        self, request: UserRequest, publications: PublicationQuerySet, query: str
    ) -> tuple[QuerySet, bool]:
        words = engines.begun_words(query)
        if not words:
            return publications, False
        return Matches(publications, words, Publication.objects.published()).ranked(MOST_OFFERED), False

    def has_view_permission(self, request: UserRequest, obj: Any = None) -> bool:
        return request.user.has_perm("publishing.view_revision")

    def has_module_permission(self, request: UserRequest) -> bool:
        return False

    def changelist_view(self, request: UserRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        raise Http404

    def changeform_view(
        self,
        request: UserRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        raise Http404

    def history_view(
        self, request: UserRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        raise Http404
