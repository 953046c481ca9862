"""Pages that an admin of the desk has beside Django's own: it names them, and they ask it for rows and addresses."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse

from .ledger_page import row_history


class Pages:
    """Some pages of `desk`, the admin that names this class among its `pages`."""

    def __init__(self, desk):
        self.desk = desk

    def urls(self):
        """The patterns, each made by `at`."""
        raise NotImplementedError

    def at(self, route, view, name, cacheable=False):
        return path(route, self.desk.admin_site.admin_view(view, cacheable), name=self.desk.url_name(name))


class DeskAdmin(ModelAdmin):
    """An admin with pages of its own, for rows in scope, in the frame of the desk."""

    pages: Sequence[type[Any]] = ()

    def get_pages(self):
        return self.pages

    def get_urls(self):
        return [*(url for pages in self.get_pages() for url in pages(self).urls()), *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        return row_history(self, request, object_id)

    def url_name(self, name):
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"  # as Django names its own

    def address(self, name, *args):
        return reverse(f"admin:{self.url_name(name)}", args=args)

    def address_of(self, row):
        return self.address("change", row.pk)

    def row(self, request, pk):
        """The row of a page; Http404 for one that is out of scope."""
        try:
            row = get_object_or_404(self.get_queryset(request), pk=pk)
        except OverflowError:  # SQLite has no room for so large a number: nor has it the row
            raise Http404 from None
        if not self.has_view_or_change_permission(request, row):
            raise Http404
        return row

    def page(self, request, template, row, title, **context):
        """The answer with a template of this room, or "folder/name" of another."""
        path = template if "/" in template else f"desk/{template}"
        context |= {"title": title, "opts": self.opts, "original": row, "publication": row}
        return render(request, f"admin/{path}.html", self.admin_site.each_context(request) | context)
