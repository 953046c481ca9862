"""What this room does when no request waits for it."""

from .models import Picture


def make_avif() -> str:
    """Makes the AVIF renditions of one picture; what it did in words, "" when there was nothing to do."""
    for picture in Picture.objects.without_avif().order_by("pk")[:10]:
        if picture.claim_avif():
            return f"AVIF di {picture.file.name}: {'fatto' if picture.make_avif() else 'non si può'}"
    return ""
