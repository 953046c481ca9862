"""The desk that every kind of publication shares, with the people and the files."""

from . import library, linked, outward, people, roles, shared  # noqa: F401 (they register themselves)
from .parts import PartInline
from .publications import EditorialAdmin, on_every_form
from .reading import ReadOnlyAdmin

__all__ = ["EditorialAdmin", "PartInline", "ReadOnlyAdmin", "on_every_form"]
