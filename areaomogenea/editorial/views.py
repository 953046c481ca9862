"""Uploaded files leave by these doors: one for readers, while a published page shows them; one for the desk."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import media
from .files import Picture
from .models import Publication


@require_safe
@cache_control(public=True, max_age=3600)
def stored_file(request, name):
    if "\0" in name:  # PostgreSQL refuses to be asked for it
        raise Http404
    published = Publication.objects.published()
    if not (published.picturing(name).exists() or published.attaching(name).exists()):
        raise Http404
    return file_response(name)


@require_safe
@cache_control(private=True, max_age=600)
def desk_file(request, name):
    """Before any reader may see it: pictures of the library, documents of what this person may edit."""
    if "\0" in name or not is_open_to(request.user, name):
        raise Http404
    return file_response(name)


def is_open_to(user, name):
    if media.is_picture(name):
        return user.has_perm("editorial.view_picture") and Picture.objects.named([name]).exists()
    return Publication.objects.editable_by(user).attaching(name).exists()


def file_response(name):
    if not default_storage.exists(name):
        raise Http404
    response = FileResponse(default_storage.open(name))
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
