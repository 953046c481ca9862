from django.contrib import admin

from areaomogenea.editorial.admin import EditorialAdmin

from .models import Communique


@admin.register(Communique)
class CommuniqueAdmin(EditorialAdmin):
    fieldsets = [
        (None, {"fields": ["kind", "title", "subtitle", "summary", "body"]}),
        ("Dove compare", {"fields": ["topics", "municipalities", "pinned", "picture"]}),
        ("Quando", {"fields": ["publish_at", "review_by"]}),
        ("Da dove viene", {"fields": ["office", "number", "source_name", "source_url", "source_licence"]}),
        ("Indirizzo", {"classes": ["collapse"], "fields": ["slug"]}),
    ]
