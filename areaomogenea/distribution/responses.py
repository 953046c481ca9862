"""Answers to an address that asks for what there is not."""

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe


def refused(why, status=400):
    """A refusal in plain words and plain text: it is read by whoever wrote the address."""
    return HttpResponse(f"{why}\n", content_type="text/plain; charset=utf-8", status=status)


def only_read(view):
    """A program that tries to write gets its 405, not the page for people whose form has expired."""
    return csrf_exempt(require_safe(view))
