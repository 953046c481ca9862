"""What every page may name: the identity of the site, asked for only if a page shows it."""

from django.utils.functional import SimpleLazyObject

from .identity.models import Identity


def identity(request):
    return {"identity": SimpleLazyObject(Identity.current)}
