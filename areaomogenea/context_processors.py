"""What every page may name: the identity of the site, asked for only if a page shows it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .identity.models import Identity


def identity(request: HttpRequest) -> dict[str, Any]:
    return {"identity": SimpleLazyObject(Identity.current)}
