"""What this room does when no request waits for it."""

from django.core.cache import cache

from .models import Picture
from .orphans import remove_orphan_pictures

HOUR = 60 * 60


def make_avif() -> str:
    """Makes the AVIF renditions of one picture; what it did in words, "" when there was nothing to do."""
    for picture in Picture.objects.without_avif().order_by("pk")[:10]:
        if picture.claim_avif():
            return f"AVIF di {picture.file.name}: {'fatto' if picture.make_avif() else 'non si può'}"
    return ""


def tidy_pictures() -> str:
    """Once an hour: removes files that a stopped process left before there was a picture for them."""
    if not cache.add("pictures-tidied", True, HOUR):
        return ""
    removed = remove_orphan_pictures()
    return f"File di immagini che non ci sono, tolti: {len(removed)}" if removed else ""
