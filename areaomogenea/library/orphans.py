"""Stored files that nothing tells of any more: they go when they have waited a day for somebody to tell of them."""

from collections.abc import Callable, Collection, Iterable, Iterator

from django.core.files.storage import default_storage
from django.utils import timezone

from .images import original_name
from .models import Picture
from .uploads import PATIENCE

PICTURES = "immagini"
MOST_REMOVED = 200
CHUNK = 500


def stored_files(folder: str) -> Iterator[str]:
    """The names of all that stands in a folder, however deep."""
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from stored_files(f"{folder}/{name}")


def unknown(names: Iterable[str], known_among: Callable[[Collection[str]], Collection[str]]) -> Iterator[str]:
    """Those of these names that are not among those that `known_among` knows of some of them."""
    names = list(names)
    for chunk in (names[start : start + CHUNK] for start in range(0, len(names), CHUNK)):
        known = known_among(chunk)
        yield from (name for name in chunk if name not in known)


def pictures_among(names: Collection[str]) -> Collection[str]:
    """Files of pictures that the library has, in any of their sizes."""
    stored = {*Picture.objects.named(names).values_list("file", flat=True)}
    return [name for name in names if original_name(name) in stored]


def remove_old(orphans: Iterable[str], most: int = MOST_REMOVED) -> list[str]:
    """Removes some of those that have waited long enough: their names."""
    before = timezone.now() - PATIENCE
    removed: list[str] = []
    for name in orphans:
        if len(removed) == most:
            break
        if default_storage.get_modified_time(name) < before:
            default_storage.delete(name)
            removed.append(name)
    return removed


def remove_orphan_pictures() -> list[str]:
    return remove_old(unknown(stored_files(PICTURES), pictures_among))
