"""Pages that the desk adds to Django's own: at their address, for rows in scope, in their frame."""

from django.contrib.admin import ModelAdmin
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse

from areaomogenea.publishing import kinds


class DeskAdmin(ModelAdmin):
    @property
    def usual_kind(self):
        """The code of a publication that is only begun: the first of those that its app tells."""
        return next(kind.code for kind in kinds.every() if kind.model_class is self.model)

    def desk(self, route, view, name):
        return path(route, self.admin_site.admin_view(view), name=self.url_name(name))

    def url_name(self, name):
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"  # as Django names its own

    def address(self, name, *args):
        return reverse(f"admin:{self.url_name(name)}", args=args)

    def address_of(self, publication):
        return self.address("change", publication.pk)

    def publication(self, request, pk):
        try:
            publication = get_object_or_404(self.get_queryset(request), pk=pk)
        except OverflowError:  # SQLite has no room for so large a number: nor has it the row
            raise Http404 from None
        if not self.has_view_or_change_permission(request, publication):
            raise Http404
        return publication

    def page(self, request, template, publication, title, **context):
        """The template is of this room, or "folder/name" of another."""
        path = template if "/" in template else f"desk/{template}"
        context |= {"title": title, "opts": self.opts, "original": publication, "publication": publication}
        return render(request, f"admin/{path}.html", self.admin_site.each_context(request) | context)
