"""Where a form looks for other publications to link with; it has no pages of its own."""

from django.contrib import admin
from django.http import Http404

from areaomogenea.publishing.models import Publication
from areaomogenea.search import engines

from .read_only import ReadOnlyAdmin


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    """Publications that readers see anyway, and those that this person may edit."""

    search_fields = ["title"]  # that there is a search: what it finds, `get_search_results` says
    ordering = ["-publish_at", "-pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).seen_by(request.user)

    def get_search_results(self, request, publications, query):
        return engines.title_first(publications, query), False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("publishing.view_revision")

    def has_module_permission(self, request):
        return False

    def changelist_view(self, request, extra_context=None):
        raise Http404

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        raise Http404

    def history_view(self, request, object_id, extra_context=None):
        raise Http404
