"""Offices at the desk: a form for one, the hours of its week in a line, and who has to be asked again."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpResponse

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.desk.extra_pages import DeskAdmin
from areaomogenea.desk.shared_pages import POSITION
from areaomogenea.naming.forms import SLUG_INPUT

from .forms import HolderFormSet, OfficeForm
from .models import Closure, FormerSlug, Holder, Office, OfficeQuerySet

UNREACHABLE = "«{}» non ha né telefono, né e-mail, né indirizzo, né sito: chi legge non sa come raggiungerlo."
CHECKED = "_checked"  # the button of the form
LINES = {models.TextField: {"widget": forms.Textarea({"rows": 3, "class": "vLargeTextField"})}}


class CheckFilter(admin.SimpleListFilter):
    title = "da verificare"
    parameter_name = "verifica"

    def lookups(self, request: UserRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("da-fare", "Da verificare"), ("senza-contatti", "Senza contatti")]

    def queryset(self, request: UserRequest, offices: OfficeQuerySet) -> QuerySet:
        match self.value():
            case "da-fare":
                return offices.to_check()
            case "senza-contatti":
                return offices.exclude(pk__in=Office.objects.reachable().values("pk"))
        return offices


class ClosureInline(admin.StackedInline):
    model = Closure
    fields = [("first", "last"), "why"]
    extra = 0


class HolderInline(admin.StackedInline):
    model = Holder
    formset = HolderFormSet
    fields = ["name", ("role", "detail"), ("since", "until"), ("phone", "email")]
    extra = 0


class FormerSlugInline(admin.TabularInline):
    model = FormerSlug
    extra = 0
    can_delete = False

    def has_change_permission(self, request: UserRequest, obj: Any = None) -> bool:
        return False


def check_off_each(request: UserRequest, offices: QuerySet[Office]) -> None:
    names = [str(office) for office in offices if office.check_off(request.user)]
    if names:
        messages.success(request, f"Verificati oggi: {', '.join(names)}.")
    else:
        messages.info(request, "Era già verificato oggi.")


@admin.register(Office)
class OfficeAdmin(DeskAdmin):
    form = OfficeForm
    change_form_template = "admin/offices/office_form.html"
    inlines = [ClosureInline, HolderInline, FormerSlugInline]
    ledger_relations = ("openings",)  # of the line of hours
    actions = ["checked_today"]
    list_display = ["name", "belongs_to", "reached_by", "checked_on"]
    list_filter = [CheckFilter]
    search_fields = ["name__stemmed", "body__folded", "municipality__name__folded"]
    prepopulated_fields = {"slug": ["name"]}
    formfield_overrides = (
        LINES
        | SLUG_INPUT
        | {
            models.PositiveSmallIntegerField: POSITION,
            models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},  # few, and read at once
        }
    )
    fieldsets = [
        (None, {"fields": ["name", "body", "municipality", "purpose", "guidance", "topics"]}),
        ("Come si raggiunge", {"fields": ["phone", "email", "address", "website", "pec"]}),
        ("Quando risponde", {"fields": ["week", "answers_always", "hours_note"]}),
        ("Quanto è sicuro", {"fields": ["checked_on", "source", "source_url"]}),
        ("Altro", {"classes": ["collapse"], "fields": ["slug", "is_general", ("since", "until"), "position"]}),
    ]

    def get_queryset(self, request: UserRequest) -> Any:
        return super().get_queryset(request).with_body()

    def get_fieldsets(self, request: UserRequest, obj: Any = None) -> Any:
        """Who only looks is shown the rows: a line to type is no field of theirs."""
        whole = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) or self.has_add_permission(request):
            return whole
        return [(title, how | {"fields": [name for name in how["fields"] if name != "week"]}) for title, how in whole]

    def save_related(self, request: UserRequest, form: forms.BaseForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        office = form.instance
        if "week" in form.changed_data:
            office.set_openings(form.cleaned_data["week"])
        if not office.is_reachable:
            messages.warning(request, UNREACHABLE.format(office))

    @admin.action(description="Verificato oggi", permissions=["change"])
    def checked_today(self, request: UserRequest, offices: QuerySet) -> None:
        check_off_each(request, offices)

    def response_change(self, request: UserRequest, obj: Any) -> HttpResponse:
        """«Verificato oggi» saves, too: who has asked corrects and confirms in one."""
        if CHECKED not in request.POST:
            return super().response_change(request, obj)
        check_off_each(request, Office.objects.filter(pk=obj.pk))
        return self.response_post_save_change(request, obj)

    @admin.display(description="di chi è", ordering="body")
    def belongs_to(self, office: Office) -> str:
        return office.body_name

    @admin.display(description="si raggiunge")
    def reached_by(self, office: Office) -> str:
        return office.phone or office.email or office.address or office.website or "in nessun modo"
