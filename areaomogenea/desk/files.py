"""Files in the forms of the desk: limits told before they are sent, a picture chosen by eye, documents attached."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminFileWidget
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.http import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from js_asset import Script

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.library import document_checks
from areaomogenea.library.inspection import examine_first
from areaomogenea.library.models import Picture
from areaomogenea.library.storage import NO_ROOM, NoRoomError, all_or_none, check_room, digest_of_bytes
from areaomogenea.library.templatetags.documents import document_summary
from areaomogenea.library.uploads import PATIENCE, remember_uploads
from areaomogenea.publishing.attachments import Attachment

from .inlines import PartInline
from .prose_editor import EXTENSIONS


def desk_url(name: str) -> str:
    """The address at which the desk sees a stored file, published or not."""
    return reverse("admin:library_picture_file", args=[name])


def thumbnail(picture: Picture) -> str:
    return desk_url(picture.small_name)


@dataclass(frozen=True)
class Stored:
    """A stored file as the file widget shows it."""

    name: str

    def __str__(self):
        return self.name.rpartition("/")[2]

    @property
    def url(self) -> str:
        return desk_url(self.name)


class UploadInput(AdminFileWidget):
    """A file input whose limits the browser knows too, so that nobody waits for an upload that will be refused."""

    class Media:
        js = [Script("desk/upload.js", type="module")]

    def __init__(self, kinds, max_bytes, max_pixels="", by=None):
        """`by`: the key of who fills in the form, if what they choose is kept while it is not saved."""
        self.by = by
        accepted = ",".join(f".{kind}" for kind in kinds)
        super().__init__({"accept": accepted, "data-max-bytes": max_bytes, "data-max-pixels": max_pixels})

    def get_context(self, name: str, value: File | None, attrs: dict[str, bool | str]) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if context["widget"]["is_initial"]:
            context["widget"]["value"] = Stored(value.name)
        return context

    def render(
        self,
        name: str,
        value: File | None,
        attrs: dict[str, bool | str] | None = None,
        renderer: Any | None = None,
    ) -> SafeString:
        html = super().render(name, value, attrs, renderer)
        if isinstance(value, KeptFile):
            html += format_html('<input type="hidden" name="{}" value="{}">', kept_name(name), value.token)
        elif isinstance(value, UploadedFile):  # of a form that is shown again: it is not in it any more, its name is
            html += format_html('<p class="upload-again">Scegli di nuovo: <strong>{}</strong></p>', value.name)
        return html

    def value_from_datadict(self, data: Any, files: MultiValueDict, name: str) -> Any:
        return super().value_from_datadict(data, files, name) or KeptFile.of(data.get(kept_name(name)), self.by)

    def value_omitted_from_data(self, data: Any, files: MultiValueDict, name: str) -> bool:
        return super().value_omitted_from_data(data, files, name) and kept_name(name) not in data


def kept_name(name: str) -> str:
    return f"{name}-tenuto"


class KeptFile(FieldFile):
    """A document that was chosen, looked into and stored, whose form has not been saved yet."""

    SALT = "areaomogenea.desk.upload"

    @classmethod
    def of(cls, token: str | None, by: int) -> KeptFile | None:
        """The file that the form of a row carries when it was shown again; None if it carries none of this person's.

        One that was left too long has no name any more.
        """
        field = Attachment._meta.get_field("file")
        try:
            facts = signing.loads(token or "", salt=cls.SALT, max_age=PATIENCE)
        except signing.SignatureExpired:
            return cls(Attachment(), field, "")
        except signing.BadSignature:
            return None
        if by is None or facts.pop("by", None) != by:
            return None
        file = cls(Attachment(), field, facts.pop("file"))
        file.digest, file.facts, file.token = facts.pop("digest"), facts, token
        return file

    @classmethod
    def keep(cls, attachment: Attachment, by: int) -> KeptFile | None:
        """Stores what was just chosen for it, for this person alone."""
        attachment.store_file()
        facts = {name: getattr(attachment, name) for name in Attachment.also_versioned}
        name = attachment.file.name
        signed = {"file": name, "digest": digest_of_bytes(name), "by": by, **facts}
        return cls.of(signing.dumps(signed, salt=cls.SALT), by)

    @property
    def is_there(self) -> bool:
        return bool(self) and digest_of_bytes(self.name) == self.digest != ""


class DocumentField(forms.FileField):
    def clean(self, data: Any, initial: FieldFile | None = None) -> Any:
        if not isinstance(data, KeptFile):
            return super().clean(data, initial)
        if not data.is_there:
            raise ValidationError("Scegli di nuovo il documento: quello di prima è rimasto qui troppo a lungo.")
        return data

    def bound_data(self, data: Any, initial: FieldFile | None) -> File | None:
        return data if data and isinstance(data, KeptFile | UploadedFile) else initial


class AttachmentForm(forms.ModelForm):
    @classmethod
    def initial_of(cls, attachment: Attachment) -> dict[str, KeptFile | str]:
        """The initial values of the form of a row that is not stored, or of one that is to be otherwise."""
        words = {"name": attachment.name, "description": attachment.description}
        by = cls.base_fields["file"].widget.by
        return words | ({"file": KeptFile.keep(attachment, by)} if attachment.file else {})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        came_in_without = self.instance.pk and not self.instance.description
        self.fields["description"].required = not came_in_without  # then it is asked of who publishes

    def _get_validation_exclusions(self):
        """A stored file was looked into when it arrived."""
        is_stored = isinstance(self.cleaned_data.get("file"), FieldFile)
        return super()._get_validation_exclusions() | ({"file"} if is_stored else set())

    def _post_clean(self):
        super()._post_clean()
        for name, value in getattr(self.cleaned_data.get("file"), "facts", {}).items():
            setattr(self.instance, name, value)

    @property
    def unsaid(self) -> tuple[str, ...]:
        """The fields that a row says nothing of, where nobody chose its file again."""
        is_new = isinstance(self.cleaned_data.get("file"), UploadedFile | KeptFile)
        return () if is_new else ("file", *Attachment.also_versioned)

    def keep_upload(self) -> KeptFile | None:
        """The KeptFile of what was chosen, stored, so that it need not be chosen again; None if nothing was."""
        self.is_valid()  # or not: a file may be sound where something else is wrong
        if not isinstance(self.cleaned_data.get("file"), UploadedFile):
            return None
        try:
            kept = KeptFile.keep(self.instance, self.fields["file"].widget.by)
        except NoRoomError:
            self.add_error("file", NO_ROOM)
            return None
        name = self.add_prefix("file")
        self.files = MultiValueDict({other: files for other, files in self.files.lists() if other != name})
        self.data = self.data.copy()
        self.data[kept_name(name)] = kept.token  # type: ignore[index]  # a copy takes it
        return kept


def keep_uploads(request: UserRequest, formsets: Iterable[Any]) -> dict[str, str]:
    """The files chosen in forms that are shown again, or looked at, stored: they are open to this person alone.

    Gives what the form of each carries from now on, by the name of its field.
    """
    rows = [form for formset in formsets if formset.is_bound for form in formset.forms]
    rows = [form for form in rows if isinstance(form, AttachmentForm)]
    kept = {kept_name(form.add_prefix("file")): file for form in rows if (file := form.keep_upload())}
    if kept:
        remember_uploads(request.session, [file.name for file in kept.values()])
    return {name: file.token for name, file in kept.items()}


WORDS_READ = "_words"  # beside the key of a picture, the mark of the words that were shown with it


class PictureChooser(forms.TextInput):
    """The key of a picture, with its thumbnail and the way to the library; without scripts the key can be typed."""

    class Media:
        js = [Script("desk/chooser.js", type="module")]

    def render(
        self,
        name: str,
        value: int | str | None,
        attrs: dict[str, str] | None = None,
        renderer: Any | None = None,
    ) -> SafeString:
        picture = Picture.objects.filter(pk=value).first() if str(value).isdecimal() else None
        context = {
            "input": super().render(name, value, attrs, renderer),
            "words_name": f"{name}{WORDS_READ}",
            "picture": picture,
            "thumbnail": thumbnail(picture) if picture else "",
            "library": reverse("admin:library_picture_library"),
        }
        return render_to_string("admin/library/picture/chooser.html", context)


class AttachmentInline(PartInline):
    model = Attachment
    form = AttachmentForm
    add_label = "Aggiungi un allegato"
    fields = ["file", "name", "description", "contents"]
    readonly_fields = ["contents"]

    def formfield_for_dbfield(self, db_field: Any, request: UserRequest, **kwargs: Any) -> Any:
        if db_field.name == "file":
            widget = UploadInput(document_checks.KINDS, document_checks.MAX_BYTES, by=request.user.pk)
            kwargs |= {"widget": widget, "validators": [check_room]}
            kwargs["form_class"] = DocumentField
            kwargs["max_length"] = None  # it is stored under a shorter name
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="che cosa c’è dentro")
    def contents(self, attachment: Attachment) -> str:
        if not attachment.pk:
            return "Lo si saprà al salvataggio."
        warning = "" if attachment.has_text is not False else f". {WITHOUT_TEXT}"
        return f"{document_summary(attachment)}{warning}"


WITHOUT_TEXT = "Le pagine sono immagini: chi usa un lettore di schermo non può leggerle, e nessuno può cercarvi parole"


def keeping_files(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view of a form whose files stay whole, or not at all; where there is no room for one, its field says so."""

    @wraps(view)
    def careful(*args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with all_or_none():
                return view(*args, **kwargs)
        except NoRoomError:
            return view(*args, **kwargs)  # refused this time, by `check_room`

    return careful


ATTACHED = re.compile(r"attachments-\d+-file")


def examine_attachments(files: MultiValueDict) -> None:
    """The look into the documents of a request, while nothing waits for it: before its form is in a transaction."""
    attached: list[Any] = [upload for name, upload in files.items() if ATTACHED.fullmatch(name)]
    examine_first(document_checks.check_document, attached)


def extensions_with_pictures() -> dict[str, Any]:
    """The extensions of the editor where a text may show pictures."""
    library, prefix = reverse("admin:library_picture_library"), desk_url("x").removesuffix("x")
    return EXTENSIONS | {"Figure": {"library": library, "door": prefix}, "Caption": True, "Image": {"door": prefix}}


def warn_of_scans(request: UserRequest, names: Iterable[str]) -> None:
    for name in names:
        messages.warning(request, f"«{name}»: {WITHOUT_TEXT}. Se puoi, allega il documento originale.")
