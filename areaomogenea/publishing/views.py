"""Uploaded files leave by these doors, for readers, the desk and guests; a guest's link opens one page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from areaomogenea.accounts.models import User
from areaomogenea.accounts.requests import UserRequest
from areaomogenea.library import images
from areaomogenea.library.models import Picture
from areaomogenea.library.uploads import uploads_of

from . import pages
from .models import Publication, PublicationQuerySet
from .preview_links import PreviewLink
from .revisions import VersionFile

# What somebody brought runs nothing, leads nowhere, and stands in no page of others.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
FILE_POLICY += "frame-ancestors 'none'; sandbox"


@require_safe
@cache_control(public=True, max_age=5, stale_while_revalidate=2, stale_if_error=3_600)  # as its page
def stored_file(request: HttpRequest, name: str) -> HttpResponseBase:
    return file_of(Publication.objects.published(), name)


@require_safe
@cache_control(private=True, max_age=600)
def desk_file(request: UserRequest, name: str) -> HttpResponseBase:
    """Before any reader may see it: pictures of the library, documents of what this person may edit, or of how it was
    or might be.
    """
    if not (name in uploads_of(request.session) or is_open_to(request.user, name)):
        raise Http404
    return file_response(name)


def is_open_to(user: User, name: str) -> bool:
    if images.is_picture(name):
        return user.has_perm("library.view_picture") and Picture.objects.named([name]).exists()
    version_files = VersionFile.objects.filter(file=name, revision__publication=OuterRef("pk"))
    mine = Publication.objects.editable_by(user)
    return mine.attaching(name).exists() or mine.filter(Exists(version_files)).exists()


def file_of(publications: PublicationQuerySet, name: str) -> HttpResponseBase:
    """A file that one of these publications shows."""
    if not (publications.picturing(name).exists() or publications.attaching(name).exists()):
        raise Http404
    return file_response(name)


def file_response(name: str) -> HttpResponseBase:
    if not default_storage.exists(name):
        raise Http404
    response = FileResponse(default_storage.open(name))
    response["Last-Modified"] = http_date(default_storage.get_modified_time(name).timestamp())  # who has it is told so
    response["Content-Security-Policy"] = FILE_POLICY
    return response


def reserved(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Nobody keeps the answer, no search engine lists it, no site that it leads to learns its address."""

    @wraps(view)
    def careful(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return careful


@require_safe
@reserved
def preview(request: HttpRequest, token: str) -> HttpResponse:
    link = PreviewLink.objects.valid().bearing(token).select_related("publication").first()
    if not link:
        return render(request, "preview_over.html", status=404)
    if link.publication.is_published():
        return redirect(link.publication)
    if request.method == "GET":
        link.count_opening()
    file_prefix = reverse("preview_file", args=[token, "x"])[:-1]
    return pages.preview_page(request, pages.with_its_kind(link.publication), file_prefix, preview_link=link)


@require_safe
@reserved
def preview_file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """What the page shows: its own files, and those of the published pages that it leads to."""
    link = PreviewLink.objects.valid().bearing(token).first()
    if not link:
        return render(request, "preview_over.html", status=404)
    return file_of(Publication.objects.published() | Publication.objects.filter(pk=link.publication_id), name)
