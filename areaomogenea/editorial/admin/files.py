"""Pictures and documents at the desk."""

from django.contrib import admin
from django.utils.html import format_html

from ..files import Attachment, Picture


@admin.register(Picture)
class PictureAdmin(admin.ModelAdmin):
    list_display = ["thumbnail", "alternative_text", "credit", "width", "height"]
    list_display_links = ["thumbnail", "alternative_text"]
    search_fields = ["alternative_text", "credit"]

    @admin.display(description="immagine")
    def thumbnail(self, picture):
        return format_html('<img src="{}" alt="" width="120" loading="lazy">', picture.small_url)


class AttachmentInline(admin.StackedInline):
    model = Attachment
    extra = 0
