from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout
from django.contrib import admin
from django.views.generic import RedirectView

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


admin.site.login = secure_admin_login(admin.site.login)
admin.site.logout = logout
admin.site.password_change = RedirectView.as_view(pattern_name="account_change_password")
admin.site.site_header = "Redazione dell’Area Omogenea"
admin.site.site_title = "Redazione"
admin.site.index_title = "La scrivania"
