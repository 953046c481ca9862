"""Pictures as they arrive and as they leave: checked, turned upright, stripped of metadata, in three sizes."""

from io import BytesIO
from warnings import catch_warnings

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from .documents import check_document  # noqa: F401 (the first migration names it here)

WIDTHS = (320, 640, 1280)
LARGEST = (2000, 2000)
MAX_PIXELS = 40_000_000
MAX_BYTES = 10 * 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")


def check_picture(upload):
    """Raise ValidationError unless the file is a picture that can be decoded within limits."""
    if upload.size > MAX_BYTES:
        raise ValidationError("L’immagine pesa più di 10 MB: riducila e riprova.")
    try:
        # Pillow only warns of what is refused a few lines below.
        with catch_warnings(action="ignore"), Image.open(upload, formats=FORMATS) as picture:
            width, height = picture.size
    except Image.DecompressionBombError:
        raise ValidationError("L’immagine ha troppi punti: il massimo è 40 milioni.") from None
    except (OSError, ValueError, SyntaxError):
        raise ValidationError("Questo file non è un’immagine JPEG, PNG, WebP o AVIF leggibile.") from None
    finally:
        upload.seek(0)
    if width * height > MAX_PIXELS:
        raise ValidationError(f"L’immagine misura {width} × {height} punti: il massimo è 40 milioni.")


def upright(upload):
    """The picture decoded, turned as the camera held it, without metadata, within LARGEST."""
    with Image.open(upload, formats=FORMATS) as source:
        picture = ImageOps.exif_transpose(source)
        picture = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")
    picture.thumbnail(LARGEST)
    return picture


def as_webp(picture, width=None):
    """WebP file content of the picture, made narrower if it is wider than `width` pixels."""
    if width and picture.width > width:
        picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    target = BytesIO()
    picture.save(target, "WEBP", quality=82, method=4)
    return ContentFile(target.getvalue())


def rendition_name(name, width):
    return f"{name.removesuffix('.webp')}.{width}.webp"


def original_name(name):
    """The stored name that a requested name belongs to: renditions lead back to their picture."""
    stem, _, width = name.removesuffix(".webp").rpartition(".")
    return f"{stem}.webp" if name.endswith(".webp") and width in map(str, WIDTHS) else name
