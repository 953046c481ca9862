"""The desk that every kind of publication shares, with the people and the files."""

from . import autocomplete, broken_links, library, people, roles, shared_pages  # noqa: F401 (they register themselves)
from .inlines import PartInline
from .publications import EditorialAdmin
from .read_only import ReadOnlyAdmin

__all__ = ["EditorialAdmin", "PartInline", "ReadOnlyAdmin"]
