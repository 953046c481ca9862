"""Stored documents that nothing tells of any more: no page, no version, no proposal."""

from collections.abc import Iterable, Iterator

from django.core.files.storage import default_storage
from django.utils import timezone

from areaomogenea.library.uploads import PATIENCE

from .attachments import Attachment
from .revisions import VersionFile

FOLDER = "documenti"
MOST_REMOVED = 200
CHUNK = 500


def orphans(names: Iterable[str]) -> Iterator[str]:
    """Those of these stored names that no attachment has and no version or proposal tells of."""
    names = list(names)
    for chunk in (names[start : start + CHUNK] for start in range(0, len(names), CHUNK)):
        attached = Attachment.objects.filter(file__in=chunk).order_by().values_list("file", flat=True)
        versioned = VersionFile.objects.filter(file__in=chunk).values_list("file", flat=True)
        known = {*attached, *versioned}
        yield from (name for name in chunk if name not in known)


def remove_orphans(most: int = MOST_REMOVED) -> list[str]:
    """Removes some of those that have waited a day for somebody to tell of them: their names."""
    before = timezone.now() - PATIENCE
    removed = []
    for name in orphans(stored_documents()):
        if len(removed) == most:
            break
        if default_storage.get_modified_time(name) < before:
            default_storage.delete(name)
            removed.append(name)
    return removed


def stored_documents(folder: str = FOLDER) -> Iterator[str]:
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from stored_documents(f"{folder}/{name}")
