"""Uploaded files leave by this door, and only while a published page shows them."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from .media import original_name
from .models import Attachment, Picture


@require_safe
@cache_control(public=True, max_age=3600)
def stored_file(request, name):
    if "\0" in name:  # PostgreSQL refuses to be asked for it
        raise Http404
    shown = (
        Picture.objects.published().filter(file=original_name(name)).exists()
        or Attachment.objects.published().filter(file=name).exists()
    )
    if not shown or not default_storage.exists(name):
        raise Http404
    response = FileResponse(default_storage.open(name))
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
