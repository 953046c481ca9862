"""The library of pictures at the desk: a searchable wall of thumbnails, a dialog to choose from, and who uses what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from js_asset import Script

from areaomogenea.accounts.models import User
from areaomogenea.accounts.requests import UserRequest
from areaomogenea.library import images
from areaomogenea.library.inspection import examine_first
from areaomogenea.library.models import Picture
from areaomogenea.library.storage import NO_ROOM, NoRoomError, all_or_none, check_room
from areaomogenea.prose.forms import NumberField
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.picture_use import DESCRIPTION_FIELDS, hold_uses, may_change_words, note_new_words, uses_of
from areaomogenea.publishing.redactions import text_digest
from areaomogenea.publishing.views import desk_file

from .extra_pages import DeskAdmin, Pages
from .files import UploadInput, desk_url, keeping_files, thumbnail
from .models import Submission
from .once import claim, once_only, settle
from .redaction_pages import RedactionPages, What

FILE_NAME = re.compile(r"\S+\.(?:jpe?g|png|webp|avif|heic)", re.IGNORECASE)
PICTURES_ON_A_PAGE = 24
WORDLESS = "da_descrivere"  # in a posted form: its words come later


class PictureForm(forms.ModelForm):
    class Meta:
        model = Picture
        fields = ["file", "alternative_text", "credit", "focal_x", "focal_y"]
        widgets = {
            "file": UploadInput(kinds=images.KINDS, max_bytes=images.MAX_BYTES, max_pixels=images.MAX_PIXELS),
            "alternative_text": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        }
        field_classes = {"focal_x": NumberField, "focal_y": NumberField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].validators.append(check_room)
            self.fields["file"].max_length = None  # it is stored under a shorter name

    @classmethod
    def limits(cls) -> dict[str, dict[str, int | str] | str]:
        """The limits by which the file field of another form is as strict, and as clear, as this one."""
        field = cls.base_fields["file"]
        return {"attributes": field.widget.attrs, "told": field.help_text}

    def clean_alternative_text(self) -> Any:
        words = " ".join(self.cleaned_data["alternative_text"].split())
        if FILE_NAME.fullmatch(words):
            raise forms.ValidationError("Questo è il nome di un file: scrivi che cosa si vede, per chi non vede.")
        return words


class WordlessForm(PictureForm):
    """The form of a picture pasted or dropped into a text: its words come later, and until then it is not shown."""

    class Meta(PictureForm.Meta):
        fields = ["file"]


class WordsFilter(admin.SimpleListFilter):
    title = "testo alternativo"
    parameter_name = "parole"

    def lookups(self, request: UserRequest, model_admin: PictureAdmin) -> list[tuple[str, str]]:
        return [("mancano", "Da descrivere")]

    def queryset(self, request: UserRequest, queryset: QuerySet) -> QuerySet:
        return queryset.undescribed() if self.value() == "mancano" else queryset


class UseFilter(admin.SimpleListFilter):
    title = "uso"
    parameter_name = "uso"

    def lookups(self, request: UserRequest, model_admin: PictureAdmin) -> list[tuple[str, str]]:
        return [("usate", "Usate"), ("libere", "Mai usate")]

    def queryset(self, request: UserRequest, queryset: QuerySet) -> QuerySet:
        return {"usate": queryset.used, "libere": queryset.unused}.get(self.value(), queryset.all)()


class ShapeFilter(admin.SimpleListFilter):
    title = "forma"
    parameter_name = "forma"

    def lookups(self, request: UserRequest, model_admin: PictureAdmin) -> list[tuple[str, str]]:
        return [("orizzontale", "Orizzontale"), ("verticale", "Verticale")]

    def queryset(self, request: UserRequest, queryset: QuerySet) -> QuerySet:
        return {"orizzontale": queryset.landscape, "verticale": queryset.portrait}.get(self.value(), queryset.all)()


class PictureRedactionPages(RedactionPages):
    def files_of(self, picture: Picture) -> list[tuple[str, str]]:
        """The file, or nothing while a page shows it: it is taken off there first."""
        is_used = uses_of(picture).exists()
        return [] if is_used else [(f"{What.FILE}:{text_digest(picture.file.name)}", str(picture))]


class LibraryPages(Pages):
    """The dialog in which forms choose a picture, and the files that it and all the desk show."""

    def urls(self) -> list[URLPattern]:
        return [
            self.at("file/<path:name>", desk_file, "file", cacheable=True),
            self.at("libreria/", self.pictures_view, "library"),
        ]

    def pictures_view(self, request: UserRequest) -> HttpResponse:
        """The pictures of the dialog; POST takes one in."""
        if request.method == "POST":
            return once_only(self.take_in, edits=True, repeated=self.taken_in_before)(request)
        if not self.desk.has_view_permission(request):
            raise PermissionDenied
        query, listed = request.GET.get("q", ""), self.desk.get_queryset(request)
        matches, _ = self.desk.get_search_results(request, listed, query)
        if (pk := request.GET.get("pk", "")).isdecimal():
            matches = matches.filter(pk=pk)
        page = Paginator(matches, PICTURES_ON_A_PAGE).get_page(request.GET.get("pagina"))
        shown = {"pictures": [as_choice(picture) for picture in page], "more": page.has_next()}
        return JsonResponse(shown | {"limits": PictureForm.limits()})

    def take_in(self, request: UserRequest) -> HttpResponse:
        if not self.desk.has_add_permission(request):
            raise PermissionDenied
        form_class = WordlessForm if WORDLESS in request.POST else self.desk.get_form(request)
        form = form_class(request.POST, request.FILES)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=422)
        try:
            picture = self.keep(request, form.save(commit=False))
        except NoRoomError:
            return JsonResponse({"errors": {"file": [NO_ROOM]}}, status=422)
        return JsonResponse({"picture": as_choice(picture)}, status=201)

    def keep(self, request: UserRequest, picture: Picture) -> Any:
        with all_or_none():
            picture.keep_file()
            with transaction.atomic():
                claim(request)
                picture.save()
                self.desk.log_addition(request, picture, [{"added": {}}])
                settle(request, str(picture.pk))
        return picture

    def taken_in_before(self, request: UserRequest, submission: Submission) -> HttpResponse:
        """The picture that the first of two clicks took in."""
        picture = Picture.objects.filter(pk=submission.leads_to or 0).first()
        return JsonResponse(
            {"picture": as_choice(picture)} if picture else {"errors": {}}, status=201 if picture else 409
        )


@admin.register(Picture)
class PictureAdmin(DeskAdmin):
    form = PictureForm
    pages = [LibraryPages, PictureRedactionPages]
    list_display = ["alternative_text"]
    list_filter = [WordsFilter, UseFilter, ShapeFilter]
    search_fields = ["alternative_text__stemmed", "credit__folded", "file"]
    list_per_page = PICTURES_ON_A_PAGE
    actions_selection_counter = False
    change_list_template = "admin/library/picture/change_list.html"
    readonly_fields = ["shown", "measures"]

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=[Script("desk/picture.js", type="module")])

    def get_queryset(self, request: UserRequest) -> Any:
        return super().get_queryset(request).with_uses()

    def has_change_permission(self, request: UserRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or may_change_words(request.user, obj))

    def save_model(self, request: UserRequest, obj: Any, form: forms.BaseForm, change: bool) -> None:
        if change:
            hold_uses(obj)
            if not may_change_words(request.user, obj):  # it came out since that was asked first
                raise PermissionDenied
        super().save_model(request, obj, form, change)
        if change and set(DESCRIPTION_FIELDS) & set(form.changed_data):
            note_new_words(obj, request.user)

    def get_fieldsets(self, request: UserRequest, obj: Any = None) -> Any:
        # Who wants another picture uploads another: texts that show this one name its file.
        of_file = ["shown", "measures"] if obj else ["file"]
        return [
            (None, {"fields": [*of_file, "alternative_text", "credit"]}),
            ("Punto d’interesse", {"classes": ["focal"], "fields": ["focal_x", "focal_y"]}),
        ]

    def changelist_view(self, request: UserRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Libreria delle immagini"} | (extra_context or {}))

    # One picture

    def changeform_view(
        self,
        request: UserRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        files: Any = request.FILES
        examine_first(images.check_picture, [files["file"]] if "file" in files else ())
        return keeping_files(super().changeform_view)(request, object_id, form_url, extra_context)

    @admin.display(description="immagine")
    def shown(self, picture: Picture) -> SafeString:
        large = images.rendition_name(picture.file.name, 640)
        return format_html(
            '<img class="picture-shown" src="{}" alt="" width="{}" height="{}">',
            desk_url(large),
            picture.width,
            picture.height,
        )

    @admin.display(description="misure")
    def measures(self, picture: Picture) -> str:
        return f"{picture.width} × {picture.height} punti"

    def change_view(
        self, request: UserRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        picture = self.get_object(request, object_id)
        uses = uses_for(picture, request.user) if picture else []
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"uses": uses})

    # Deletion

    def get_deleted_objects(self, objs: Any, request: UserRequest) -> tuple[Any, ...]:
        """The deletion; a picture in use is protected, and the page says by what, as far as this person may know it."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        uses = [format_html("«{}»: {}", picture, use) for picture in objs for use in uses_for(picture, request.user)]
        return deleted, counts, set() if uses else lacking, uses or protected


def as_choice(picture: Picture) -> dict[str, int | str]:
    """A picture as the dialog and the editor know it; `source` is what a body keeps."""
    return {
        "id": picture.pk,
        "name": str(picture),
        "alternative": picture.alternative_text,
        "credit": picture.credit,
        "words": picture.description_digest,
        "source": picture.file.url,
        "thumbnail": thumbnail(picture),
        "width": picture.width,
        "height": picture.height,
    }


def uses_for(picture: Picture, user: User) -> list[Any]:
    """The publications that show it: links to those that this person may edit, of the others only how many."""
    uses = uses_of(picture)
    kinds = [relation.name for relation in uses.model._meta.related_objects if relation.parent_link]
    own = list(uses.editable_by(user).select_related(*kinds))
    links: list[str] = [
        format_html('<a href="{}">{}</a> ({})', desk_address(use, kinds), use, use.get_status_display().lower())
        for use in own
    ]
    others = uses.count() - len(own)
    if others:
        links.append("un’altra, che non segui tu" if others == 1 else f"altre {others}, che non segui tu")
    return links


def desk_address(publication: Publication, kinds: Iterable[str]) -> str:
    if publication.status == publication.Status.BINNED:
        return reverse("admin:bin")
    child = next(getattr(publication, kind) for kind in kinds if hasattr(publication, kind))
    name: Any = "change"
    return reverse(admin_urlname(child._meta, name), args=[child.pk])
