"""Stored documents that nothing tells of any more: no page, no version, no proposal."""

from collections.abc import Collection, Iterable, Iterator

from areaomogenea.library.orphans import MOST_REMOVED, remove_old, stored_files, unknown

from .attachments import Attachment
from .revisions import VersionFile

FOLDER = "documenti"


def orphans(names: Iterable[str]) -> Iterator[str]:
    """Those of these stored names that no attachment has and no version or proposal tells of."""
    return unknown(names, documents_among)


def documents_among(names: Collection[str]) -> set[str]:
    attached = Attachment.objects.filter(file__in=names).order_by().values_list("file", flat=True)
    versioned = VersionFile.objects.filter(file__in=names).values_list("file", flat=True)
    return {*attached, *versioned}


def remove_orphans(most: int = MOST_REMOVED) -> list[str]:
    """Removes some of those that have waited a day for somebody to tell of them: their names."""
    return remove_old(orphans(stored_files(FOLDER)), most)
