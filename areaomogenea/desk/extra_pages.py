"""Pages that an admin of the desk has beside Django's own: it names them, and they ask it for rows and addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse

from areaomogenea.accounts.requests import UserRequest

from .ledger_page import row_history

if TYPE_CHECKING:
    from areaomogenea.publishing.versions import Versioned


class Pages:
    """Some pages of `desk`, the admin that names this class among its `pages`."""

    def __init__(self, desk):
        self.desk = desk

    def urls(self) -> list[URLPattern]:
        """The patterns, each made by `at`."""
        raise NotImplementedError

    def at(self, route: str, view: Callable[..., HttpResponseBase], name: str, cacheable: bool = False) -> URLPattern:
        return path(route, self.desk.admin_site.admin_view(view, cacheable), name=self.desk.url_name(name))


class DeskAdmin(ModelAdmin):
    """An admin with pages of its own, for rows in scope, in the frame of the desk."""

    pages: Sequence[type[Any]] = ()

    def get_pages(self) -> Iterable[type[Pages]]:
        return self.pages

    def get_urls(self) -> list[URLPattern]:
        return [*(url for pages in self.get_pages() for url in pages(self).urls()), *super().get_urls()]

    def history_view(
        self, request: UserRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return row_history(self, request, object_id)

    def url_name(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"  # as Django names its own

    def address(self, name: str, *args: Any) -> str:
        return reverse(f"admin:{self.url_name(name)}", args=args)

    def address_of(self, row: Versioned) -> str:
        return self.address("change", row.pk)

    def row(self, request: UserRequest, pk: int) -> Any:
        """The row of a page; Http404 for one that is out of scope."""
        try:
            row = get_object_or_404(self.get_queryset(request), pk=pk)
        except OverflowError:  # SQLite has no room for so large a number: nor has it the row
            raise Http404 from None
        if not self.has_view_or_change_permission(request, row):
            raise Http404
        return row

    def page(self, request: UserRequest, template: str, row: Model | None, title: str, **context: Any) -> HttpResponse:
        """The answer with a template of this room, or "folder/name" of another."""
        path = template if "/" in template else f"desk/{template}"
        context |= {"title": title, "opts": self.opts, "original": row, "publication": row}
        return render(request, f"admin/{path}.html", self.admin_site.each_context(request) | context)
