"""Files in the forms of the desk: limits told before they are sent, a picture chosen by eye, documents attached."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminFileWidget
from django.template.loader import render_to_string
from django.urls import reverse
from js_asset import Script

from .. import documents
from ..files import Attachment, Picture
from ..storage import NoRoomError, all_or_none, check_room
from ..templatetags.documents import about


def desk_url(name):
    """Where the desk sees a stored file, published or not."""
    return reverse("admin:editorial_picture_file", args=[name])


def thumbnail(picture):
    return desk_url(picture.small_name)


@dataclass(frozen=True)
class Stored:
    """What the file widget shows of a stored file."""

    name: str

    def __str__(self):
        return self.name.rpartition("/")[2]

    @property
    def url(self):
        return desk_url(self.name)


class UploadInput(AdminFileWidget):
    """A file input whose limits the browser knows too, so that nobody waits for an upload that will be refused."""

    class Media:
        js = [Script("desk/upload.js", type="module")]

    def __init__(self, kinds, max_bytes, max_pixels=""):
        accepted = ",".join(f".{kind}" for kind in kinds)
        super().__init__({"accept": accepted, "data-max-bytes": max_bytes, "data-max-pixels": max_pixels})

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        if context["widget"]["is_initial"]:
            context["widget"]["value"] = Stored(value.name)
        return context


class PictureChooser(forms.TextInput):
    """The key of a picture, with its thumbnail and the way to the library; without scripts the key can be typed."""

    class Media:
        js = [Script("desk/chooser.js", type="module")]

    def render(self, name, value, attrs=None, renderer=None):
        picture = Picture.objects.filter(pk=value).first() if str(value).isdecimal() else None
        context = {
            "input": super().render(name, value, attrs, renderer),
            "picture": picture,
            "thumbnail": thumbnail(picture) if picture else "",
            "library": reverse("admin:editorial_picture_library"),
        }
        return render_to_string("admin/editorial/picture/chooser.html", context)


class AttachmentInline(admin.StackedInline):
    model = Attachment
    extra = 0
    fields = ["file", "name", "description", "found"]
    readonly_fields = ["found"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "file":
            kwargs |= {"widget": UploadInput(documents.KINDS, documents.MAX_BYTES), "validators": [check_room]}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="che cosa c’è dentro")
    def found(self, attachment):
        if not attachment.pk:
            return "Lo si saprà al salvataggio."
        warning = "" if attachment.has_text is not False else f". {WITHOUT_TEXT}"
        return f"{about(attachment)}{warning}"


WITHOUT_TEXT = "Le pagine sono immagini: chi usa un lettore di schermo non può leggerle, e nessuno può cercarvi parole"


class UploadingAdmin(admin.ModelAdmin):
    """Files that its form brings stay whole, or not at all; where there is no room for one, its field says so."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        given = object_id, form_url, extra_context
        try:
            with all_or_none():
                return super().changeform_view(request, *given)
        except NoRoomError:
            return super().changeform_view(request, *given)  # refused this time, by `check_room`


class WithFiles(UploadingAdmin):
    """What the admin of a publication does with pictures and documents."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "picture":
            kwargs["widget"] = PictureChooser()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_prose_extensions(self):
        library, door = reverse("admin:editorial_picture_library"), desk_url("x").removesuffix("x")
        pictures = {"Figure": {"library": library, "door": door}, "Caption": True, "Image": {"door": door}}
        return super().get_prose_extensions() | pictures

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if formset.model is Attachment:
            touched = [*formset.new_objects, *(attachment for attachment, _ in formset.changed_objects)]
            for attachment in touched:
                if attachment.has_text is False:
                    message = f"«{attachment}»: {WITHOUT_TEXT}. Se puoi, allega il documento originale."
                    self.message_user(request, message, messages.WARNING)
