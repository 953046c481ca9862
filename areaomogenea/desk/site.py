"""The admin site of the portal, whose first page is the desk; no view of it is asked for what can be no row."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import update_wrapper, wraps
from inspect import unwrap
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import BadRequest
from django.db import DataError
from django.forms import ModelChoiceField, MultiWidget
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers
from django.views.i18n import JavaScriptCatalog

from areaomogenea.accounts.requests import UserRequest

from . import sentences
from .base_forms import kept_as, tells_when_saved
from .guide import guide
from .once import fresh_key, key_of
from .unsaved import is_page, session_over

if TYPE_CHECKING:
    from areaomogenea.publishing.models import Publication

    from .publications import EditorialAdmin

logger = logging.getLogger(__name__)
KEY = re.compile(r"[0-9]{1,18}", re.ASCII)  # databases have no room for longer ones
FORMS = ("add_view", "change_view", "changelist_view")  # of Django: our own pages have fields of their own
IN_PATHS = ("object_id", "pk", "revision", "content_type_id")


def is_key(value: int | str) -> bool:
    return bool(KEY.fullmatch(str(value)))


def sensible(view: Callable[..., HttpResponseBase], desk: ModelAdmin | None) -> Callable[..., Any]:
    """The view, never asked for a row by what can be no key, nor to choose one; `desk` is the ModelAdmin of both."""

    @wraps(view)
    def answer(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not all(is_key(kwargs[name]) for name in IN_PATHS if name in kwargs):
            raise Http404
        name = getattr(unwrap(view), "__name__", "")
        if request.method == "POST" and name in FORMS and not all(map(is_key, keys_in(request, desk))):
            raise BadRequest("What was chosen can be no row.")
        if name == "add_view" and request.GET:
            request.GET = suggested(request, desk)  # type: ignore[assignment]  # it is read alone
        if name == "changelist_view" and request.method == "GET" and request.GET:
            return listed(view, request, *args, **kwargs)
        return view(request, *args, **kwargs)

    return answer


def keys_in(request: UserRequest, desk: ModelAdmin | None) -> list[str]:
    """The keys that a form says were chosen in lists: nobody types them."""
    chosen = {"_selected_action", *choices(request, desk)}
    lists = (request.POST.getlist(name) for name in request.POST if name.rpartition("-")[2] in chosen)
    return [value for values in lists for value in values if value]


def choices(request: UserRequest, desk: ModelAdmin | None) -> set[str]:
    """The names of the fields of a desk in which rows are chosen, in its form and in those within it."""
    if not desk:
        return set()
    within = {name for inline in desk.inlines for name in inline.autocomplete_fields}
    many = {field.name for field in desk.opts.many_to_many}
    return {*desk.get_autocomplete_fields(request), *many, *within}


def suggested(request: UserRequest, desk: Any) -> QueryDict:
    """The values that an address proposes for a new row, as far as the form can show them."""
    kept, fields = QueryDict(mutable=True), desk.get_form(request).base_fields
    for name, value in request.GET.items():
        field = fields.get(name)
        if isinstance(field, ModelChoiceField):
            keys = [key for key in value.split(",") if is_key(key)]
            kept.update({name: ",".join(keys)} if keys else {})
        elif not isinstance(field and field.widget, MultiWidget):
            kept[name] = value  # type: ignore[assignment]  # of one name, as it came
    return kept


def listed(view: Callable[..., HttpResponseBase], request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """A list; where a database cannot say what its address asks for, what Django shows for a filter that is none."""
    try:
        return view(request, *args, **kwargs)
    except (ValueError, OverflowError, DataError):
        if "e" in request.GET:
            raise
        logger.warning("A list was asked for what it cannot say.", exc_info=True)
        return redirect(f"{request.path}?e=1")


class Scripts(JavaScriptCatalog):
    """The sentences of the scripts of the admin, in the words of the desk."""

    packages = ["django.contrib.admin"]

    def get_catalog(self) -> dict[str, Any]:
        return sentences.in_scripts(super().get_catalog())


class DeskSite(AdminSite):
    index_template = "admin/desk.html"
    enable_nav_sidebar = False
    empty_value_display = "–"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """The class of an admin, with RegisteredAdmin in front of it."""
        from .registered import RegisteredAdmin  # models are not ready when a site is made

        own = admin_class or ModelAdmin
        names = {"__module__": own.__module__, "__doc__": own.__doc__}
        super().register(model_or_iterable, type(own.__name__, (RegisteredAdmin, own), names), **options)

    def get_urls(self) -> list[Any]:
        whole = [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") != "view_on_site"]
        return [
            path("r/<int:content_type_id>/<int:object_id>/", self.admin_view(self.on_site), name="view_on_site"),
            path("pubblicazione/<int:pk>/", self.admin_view(self.open), name="open"),
            path("guida/", self.admin_view(self.guide), name="guide"),
            path("cestino/", self.admin_view(self.bin), name="bin"),
            path("registro/", self.admin_view(self.ledger), name="ledger"),
            path("registro.csv", self.admin_view(self.ledger_file), name="ledger_file"),
            path("stato/", self.admin_view(self.status), name="status"),
            *whole,
        ]

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        owner = getattr(unwrap(view), "__self__", None)
        checked = sensible(view, owner if isinstance(owner, ModelAdmin) else None)
        inner = super().admin_view(tells_when_saved(checked), cacheable)

        def careful(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return session_over(request) if self.loses_text(request) else inner(request, *args, **kwargs)

        return update_wrapper(careful, inner)

    def loses_text(self, request: UserRequest) -> bool:
        """Whether to lead away would throw away what was typed: in a form whose person is not known any more."""
        is_form = request.method == "POST" and request.path != reverse("admin:logout") and is_page(request)
        return is_form and not self.has_permission(request)

    def each_context(self, request: UserRequest) -> dict[str, Any]:
        once_key = key_of(request) or fresh_key()
        return super().each_context(request) | {"once_key": once_key, "kept_as": kept_as(request)}

    @staticmethod
    def publications() -> type[Publication]:
        from areaomogenea.publishing.models import Publication  # models are not ready when a site is made

        return Publication

    def index(self, request: UserRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from areaomogenea.accounts.scope import scope_in_words

        from .dashboard import broken_links_for, piles_for, week_for
        from .placing import unplaced_address
        from .reminders import reminders_for
        from .status_page import notice_for

        context = {
            "scope": scope_in_words(request.user, self.publications().objects.all()),
            "notice": notice_for(request.user),
            "ways": self.ways(request),
            "piles": piles_for(request.user, request.GET.get("tutte", "")),
            "week": week_for(request.user),
            "broken": broken_links_for(request.user),
            "reminders": reminders_for(request.user),
            "unplaced": [(model._meta.verbose_name_plural, unplaced_address(desk)) for model, desk in self.kinds()],
        }
        return super().index(request, context | (extra_context or {}))

    def kinds(self) -> list[tuple[type[Publication], EditorialAdmin]]:
        """(model, its desk) of each kind of publication."""
        whole = self.publications()
        return [(model, desk) for model, desk in self._registry.items() if whole in model._meta.get_parent_list()]

    def ways(self, request: UserRequest) -> list[tuple[str, str]]:
        """(label, address) of each way to begin a publication that this person has."""
        return [way for _, desk in self.kinds() if desk.has_add_permission(request) for way in desk.ways()]

    def is_home_of(self, request: UserRequest) -> bool:
        """Whether this is an address of the desk, asked for by somebody who has a place there."""
        user = getattr(request, "user", None)
        is_of_desk = request.path.startswith(reverse(f"{self.name}:index"))
        return is_of_desk and user is not None and self.has_permission(request)

    def refusal(self, request: UserRequest, status: int) -> HttpResponse:
        """The page for what is not there, or not for this person: never whether there is such a row."""
        from areaomogenea.accounts.scope import scope_in_words

        context = self.each_context(request) | {"scope": scope_in_words(request.user), "status": status}
        response = render(request, "admin/refusal.html", context, status=status)
        add_never_cache_headers(response)
        return response

    def i18n_javascript(self, request: UserRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        return Scripts.as_view()(request)

    def open(self, request: UserRequest, pk: int) -> HttpResponse:
        """The form of a publication, whatever its kind: the desk's lists know the parent row alone."""
        for model, desk in self.kinds():
            if desk.get_queryset(request).filter(pk=pk).exists():
                return redirect(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", pk)
        raise Http404

    def on_site(self, request: UserRequest, content_type_id: int, object_id: int) -> HttpResponse:
        """The page where readers see a row that this person may see at the desk."""
        kind = apps.get_model("contenttypes", "ContentType").objects.filter(pk=content_type_id).first()
        desk = self._registry.get(kind.model_class()) if kind else None
        row = desk and desk.get_object(request, str(object_id))
        if not row or not desk.has_view_permission(request, row) or not hasattr(row, "get_absolute_url"):
            raise Http404
        return redirect(row)

    def bin(self, request: UserRequest) -> HttpResponse:
        """The bin; POST takes a row out of it, as it was shown."""
        from areaomogenea.publishing.bin import binned_rows, take_out
        from areaomogenea.publishing.models import DAYS_IN_BIN

        if request.method == "POST":
            take_out(request)
            return redirect("admin:bin")
        context = {"title": "Cestino", "rows": binned_rows(request.user), "days": DAYS_IN_BIN}
        return render(request, "admin/bin.html", self.each_context(request) | context)

    def ledger(self, request: UserRequest) -> HttpResponseBase:
        from .ledger_page import ledger

        return ledger(request)

    def ledger_file(self, request: UserRequest) -> HttpResponseBase:
        from .ledger_page import ledger_file

        return ledger_file(request)

    def status(self, request: UserRequest) -> HttpResponse:
        from .status_page import status

        return status(request)

    def guide(self, request: UserRequest) -> HttpResponse:
        html, sections = guide()
        context = {"title": "Guida per la redazione", "guide_html": html, "sections": sections}
        return render(request, "admin/guide.html", self.each_context(request) | context)
