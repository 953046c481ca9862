"""What is answered to an address that asks for what there is not."""

from django.http import HttpResponse


def refused(why, status=400):
    """In plain words and plain text: it is read by whoever wrote the address."""
    return HttpResponse(f"{why}\n", content_type="text/plain; charset=utf-8", status=status)
