from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models
from django.db.models import Model
from django.http import HttpRequest

from .models import Identity


@admin.register(Identity)
class IdentityAdmin(admin.ModelAdmin):
    formfield_overrides = {
        models.PositiveSmallIntegerField: {"widget": AdminTextInputWidget({"inputmode": "numeric"})},
    }
    fieldsets = [
        (None, {"fields": ["name", "tagline", "owner", "owner_website"]}),
        ("Recapiti", {"fields": ["address", "vat_number", "pec", "email", "phone"]}),
        (
            "Doveri",
            {"fields": ["privacy_contact", "report_email", "accessibility_declaration_url", "transparency_url"]},
        ),
        ("Pagine vecchie", {"fields": ["aging_years"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Identity.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
