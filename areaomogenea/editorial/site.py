"""The admin site of the portal, whose first page is the desk."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.apps import AdminConfig
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.views.i18n import JavaScriptCatalog

from . import sentences
from .deletion import Deletion
from .guide import guide


class DeskConfig(AdminConfig):
    default_site = "areaomogenea.editorial.site.DeskSite"

    def ready(self):
        super().ready()
        sentences.speak()


class Scripts(JavaScriptCatalog):
    """What the scripts of the admin say, in the words of the desk."""

    packages = ["django.contrib.admin"]

    def get_catalog(self):
        return sentences.in_scripts(super().get_catalog())


class DeskSite(AdminSite):
    index_template = "admin/desk.html"
    enable_nav_sidebar = False
    empty_value_display = "–"

    def register(self, model_or_iterable, admin_class=None, **options):
        """Whatever stands at the desk tells the ledger, and tells what a deletion takes along."""
        from areaomogenea.accounts.capture import noted  # nor are these models

        told = noted(admin_class or ModelAdmin)
        learned = type(told.__name__, (Deletion, told), {"__module__": told.__module__})
        super().register(model_or_iterable, learned, **options)

    def get_urls(self):
        return [
            path("pubblicazione/<int:pk>/", self.admin_view(self.open), name="open"),
            path("guida/", self.admin_view(self.guide), name="guide"),
            *super().get_urls(),
        ]

    @staticmethod
    def publications():
        from .models import Publication  # models are not ready when a site is made

        return Publication

    def index(self, request, extra_context=None):
        from .desk import broken_links_for, piles_for, week_for

        context = {
            "ways": self.ways(request),
            "piles": piles_for(request.user, request.GET.get("tutte", "")),
            "week": week_for(request.user),
            "broken": broken_links_for(request.user),
        }
        return super().index(request, context | (extra_context or {}))

    def kinds(self):
        """(model, its desk) of each kind of publication."""
        whole = self.publications()
        return [(model, desk) for model, desk in self._registry.items() if whole in model._meta.get_parent_list()]

    def ways(self, request):
        """(label, address) of each way to begin a publication that this person has."""
        return [way for _, desk in self.kinds() if desk.has_add_permission(request) for way in desk.ways()]

    def i18n_javascript(self, request, extra_context=None):
        return Scripts.as_view()(request)

    def open(self, request, pk):
        """The form of a publication, whatever its kind: the desk's lists know the parent row alone."""
        for model, _ in self.kinds():
            if model.objects.filter(pk=pk).exists():
                return redirect(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", pk)
        raise Http404

    def guide(self, request):
        html, sections = guide()
        context = {"title": "Guida per la redazione", "guide_html": html, "sections": sections}
        return render(request, "admin/guide.html", self.each_context(request) | context)
