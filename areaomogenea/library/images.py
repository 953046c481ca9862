"""Pictures as they arrive and as they leave: checked, turned upright, stripped of metadata, in several sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile

from areaomogenea.sandbox import limits

from .document_checks import check_document  # noqa: F401 (the first migration names it here)
from .inspection import examined, is_examined, megabytes

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTHS = (320, 640, 1280)
AVIF_WIDTHS = (320, 480, 640, 960, 1280)  # nearly all browsers take these, so they fit the places of pages closer
MAX_PIXELS = limits.PIXELS
MAX_BYTES = limits.PICTURE_BYTES
KINDS = ("jpg", "jpeg", "png", "webp", "avif")
SUFFIXES = (".webp", ".avif")  # a picture is kept as WebP; of its renditions there may be AVIF too
TOO_COSTLY = "L’immagine è troppo complessa da aprire: salvala di nuovo come JPEG, o più piccola, e riprova."
EXAMINATION = "areaomogenea.sandbox.images:examine", limits.OF_PICTURE, TOO_COSTLY, WIDTHS


@dataclass(frozen=True)
class Prepared:
    """A picture ready to be stored: its measures, its WebP content, and that of its renditions by their width."""

    width: int
    height: int
    content: bytes
    renditions: dict[int, bytes]


def check_picture(upload: File) -> Any:
    """What its examination made of it; ValidationError unless it is a still picture that can be decoded in bounds."""
    if upload.size > MAX_BYTES:
        raise ValidationError(
            f"L’immagine pesa {megabytes(upload.size)} e il massimo è 10 MB: "
            "salvala più piccola (bastano 2000 punti di larghezza) e riprova."
        )
    return examined(upload, *EXAMINATION)


def prepared(upload: File) -> Prepared:
    """What the examination of a picture has made of it. One that nobody examined is from our own code."""
    from areaomogenea.sandbox import images

    result = examined(upload, *EXAMINATION) if is_examined(upload, *EXAMINATION) else images.examine(upload, WIDTHS)
    return Prepared(
        result["width"], result["height"], result["kept"], dict(zip(WIDTHS, result["narrower"], strict=True))
    )


def stored_image(file: IO[bytes]) -> Image:
    """The picture of a file that we stored ourselves."""
    from areaomogenea.sandbox import images

    return images.upright(file)


def avif_file(picture: Image, width: int) -> ContentFile:
    from areaomogenea.sandbox import images

    return ContentFile(images.as_avif(picture, width))


def made_widths(suffix: str) -> tuple[int, ...]:
    """The widths of the renditions that are made of any picture."""
    return AVIF_WIDTHS if suffix == ".avif" else WIDTHS


def widths_of(width: int, suffix: str) -> list[int]:
    """The widths that renditions of a picture this wide are worth asking for."""
    made = made_widths(suffix)
    return [target for number, target in enumerate(made) if number == 0 or made[number - 1] < width]


def rendition_name(name: str, width: int, suffix: str = ".webp") -> str:
    return f"{name.removesuffix('.webp')}.{width}{suffix}"


def original_name(name: str) -> str:
    """The stored name that a requested name belongs to: renditions lead back to their picture."""
    stem = next((name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix)), "")
    stem, _, width = stem.rpartition(".")
    return f"{stem}.webp" if width in map(str, AVIF_WIDTHS) else name


def is_picture(name: str) -> bool:
    return name.startswith("immagini/") and name.endswith(SUFFIXES)
