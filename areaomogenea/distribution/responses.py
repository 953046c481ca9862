"""Answers to an address that asks for what there is not."""

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe


def refused(why: str, status: int = 400) -> HttpResponse:
    """A refusal in plain words and plain text: it is read by whoever wrote the address."""
    return HttpResponse(f"{why}\n", content_type="text/plain; charset=utf-8", status=status)


def only_read(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A program that tries to write gets its 405, not the page for people whose form has expired."""
    return csrf_exempt(require_safe(view))
