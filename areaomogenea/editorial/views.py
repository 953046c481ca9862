"""Uploaded files leave by this door, and only while a published page shows them."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from .models import Publication


@require_safe
@cache_control(public=True, max_age=3600)
def stored_file(request, name):
    if "\0" in name:  # PostgreSQL refuses to be asked for it
        raise Http404
    published = Publication.objects.published()
    shown = published.picturing(name).exists() or published.attaching(name).exists()
    if not shown or not default_storage.exists(name):
        raise Http404
    response = FileResponse(default_storage.open(name))
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
