from django.contrib import admin

from .models import Identity


@admin.register(Identity)
class IdentityAdmin(admin.ModelAdmin):
    fieldsets = [
        (None, {"fields": ["name", "tagline", "owner", "owner_website"]}),
        ("Recapiti", {"fields": ["address", "vat_number", "pec", "email", "phone"]}),
        (
            "Doveri",
            {"fields": ["privacy_contact", "report_email", "accessibility_declaration_url", "transparency_url"]},
        ),
    ]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Identity.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False
