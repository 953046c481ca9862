"""Pictures as they arrive and as they leave: checked, turned upright, stripped of metadata, in three sizes."""

from contextlib import suppress
from io import BytesIO
from warnings import catch_warnings

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageCms, ImageOps

from .documents import check_document  # noqa: F401 (the first migration names it here)

WIDTHS = (320, 640, 1280)
LARGEST = (2000, 2000)
MAX_PIXELS = 40_000_000
MAX_BYTES = 10 * 1024 * 1024
KINDS = ("jpg", "jpeg", "png", "webp", "avif")
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
SUFFIXES = (".webp", ".avif")  # a picture is kept as WebP; of its renditions there may be AVIF too
SRGB = ImageCms.createProfile("sRGB")


def check_picture(upload):
    """Raise ValidationError unless the file is a still picture that can be decoded within limits."""
    if upload.size > MAX_BYTES:
        raise ValidationError("L’immagine pesa più di 10 MB: riducila e riprova.")
    try:
        # Pillow only warns of what is refused a few lines below.
        with catch_warnings(action="ignore"), Image.open(upload, formats=FORMATS) as picture:
            _check_size(picture)
            _check_stillness(picture)
            picture.load()
    except ValidationError:
        raise
    except Image.DecompressionBombError:
        raise ValidationError("L’immagine ha troppi punti: il massimo è 40 milioni.") from None
    except Exception:  # a broken or forged file may break its decoder in any way
        raise ValidationError(
            "Questo file non è un’immagine JPEG, PNG, WebP o AVIF leggibile: "
            "forse è rovinato, o è di un altro formato con il nome cambiato."
        ) from None
    finally:
        upload.seek(0)


def _check_size(picture):
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise ValidationError(f"L’immagine misura {width} × {height} punti: il massimo è 40 milioni.")


def _check_stillness(picture):
    # The second frame of a telephone's JPEG (MPO) is a small copy or another lens, not a movement.
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        raise ValidationError("L’immagine è animata: caricane una ferma, chi legge non deve inseguirla.")


def upright(upload):
    """The picture decoded, turned as the camera held it, in sRGB, without metadata, within LARGEST."""
    with Image.open(upload, formats=FORMATS) as source:
        source.draft(None, LARGEST)  # a JPEG much larger than needed is decoded smaller at once
        picture = _in_srgb(ImageOps.exif_transpose(source))
    picture.thumbnail(LARGEST)
    return picture


def _in_srgb(picture):
    if picture.mode.startswith("I"):
        # Sixteen bits of grey: a plain conversion would cut all but the darkest to white.
        picture = picture.point(lambda level: level / 257).convert("L")
    mode = "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"
    profile = picture.info.get("icc_profile")
    if picture.mode == "P":
        picture = picture.convert(mode)
    if profile:
        # A profile that does not read, or is for other colours than the picture's, is no profile.
        with suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            picture = ImageCms.profileToProfile(picture, source, SRGB, outputMode=mode)
    picture = picture.convert(mode)
    picture.info.clear()
    return picture


def as_webp(picture, width=None):
    """WebP file content of the picture, made narrower if it is wider than `width` pixels."""
    return _encoded(picture, width, "WEBP", quality=82, method=4)


def as_avif(picture, width):
    return _encoded(picture, width, "AVIF", quality=62, speed=7)


def _encoded(picture, width, form, **how):
    if width and picture.width > width:
        picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    target = BytesIO()
    picture.save(target, form, **how)
    return ContentFile(target.getvalue())


def widths_of(width):
    """The widths that renditions of a picture this wide are worth asking for."""
    return [wanted for number, wanted in enumerate(WIDTHS) if number == 0 or WIDTHS[number - 1] < width]


def rendition_name(name, width, suffix=".webp"):
    return f"{name.removesuffix('.webp')}.{width}{suffix}"


def original_name(name):
    """The stored name that a requested name belongs to: renditions lead back to their picture."""
    stem = next((name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix)), "")
    stem, _, width = stem.rpartition(".")
    return f"{stem}.webp" if width in map(str, WIDTHS) else name


def is_picture(name):
    return name.startswith("immagini/") and name.endswith(SUFFIXES)
