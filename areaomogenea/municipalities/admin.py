from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models

from areaomogenea.naming.forms import SLUG_INPUT

from .models import Alias, Municipality


class AliasInline(admin.TabularInline):
    model = Alias
    extra = 0


@admin.register(Municipality)
class MunicipalityAdmin(admin.ModelAdmin):
    list_display = ["name", "istat_code", "province", "in_area", "population", "population_date"]
    list_filter = ["in_area", "province"]
    search_fields = ["name__folded", "istat_code", "aliases__text__folded"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [AliasInline]
    formfield_overrides = SLUG_INPUT | {  # 34.000 is thirty-four thousand, in every browser
        models.PositiveIntegerField: {"localize": True, "widget": AdminTextInputWidget({"inputmode": "numeric"})}
    }
