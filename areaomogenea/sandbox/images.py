"""Pictures opened: checked, turned upright, stripped of metadata, made in their sizes."""

from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from typing import IO, Any
from warnings import catch_warnings

from PIL import Image, ImageCms, ImageOps

from . import foreign, limits
from .errors import Refused

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
LARGEST = (2000, 2000)
EASILY_SMALLER = ("L", "LA", "RGB", "RGBA", "CMYK")  # modes in which neighbouring points can be mixed
SRGB = ImageCms.createProfile("sRGB")
DEEP = ("I", "F")  # modes whose points are numbers of two or four bytes
BYTES_OF_A_POINT = {"1": 1, "L": 1, "P": 1, "LA": 2, "PA": 2, "RGB": 4, "RGBX": 4, "RGBA": 4, "CMYK": 4, "YCbCr": 4}
BYTES_OF_A_DEEP_POINT = 8

NO_PICTURE = (
    "Questo file non è un’immagine JPEG, PNG, WebP o AVIF leggibile: "
    "forse è rovinato, o è di un altro formato con il nome cambiato."
)
TOO_MANY_POINTS = "L’immagine ha troppi punti: il massimo è 40 milioni."
OTHERS = {
    "HEIC": "È una foto HEIC, il formato dell’iPhone: aprila e condividila o esportala come JPEG, poi riprova.",
    "SVG": "È un disegno SVG, che può contenere programmi: esportalo come PNG e riprova.",
    "GIF": "È una GIF: salvala come PNG, o come JPEG se è una foto, e riprova.",
    "TIFF": "È un’immagine TIFF: salvala come JPEG o PNG e riprova.",
    "BMP": "È un’immagine BMP: salvala come PNG e riprova.",
    "PDF": "È un PDF, non un’immagine: allegalo come documento, o salva la pagina come PNG.",
    "ZIP": "È un documento o un archivio, non un’immagine: allegalo come documento.",
    "DOC": "È un documento, non un’immagine: allegalo come documento.",
    "MAIL": "È un messaggio di posta: salva l’immagine che contiene e carica quella.",
}


def examine(file: IO[bytes], widths: Iterable[int]) -> dict[str, Any]:
    """The picture as it is kept, and narrower: {width, height, kept, narrower: one for each of `widths`}, in WebP."""
    picture = checked(file)
    narrower = [as_webp(picture, width) for width in widths]
    return {"width": picture.width, "height": picture.height, "kept": as_webp(picture), "narrower": narrower}


def checked(file: IO[bytes]) -> Image.Image:
    """The picture, upright; Refused unless the file is a still one that can be decoded within limits."""
    try:
        # Pillow only warns of what is refused a few lines below.
        with catch_warnings(action="ignore"):
            with Image.open(file, formats=FORMATS) as picture:
                check_size(picture)
                check_stillness(picture)
            return upright(file)
    except (Refused, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise Refused(TOO_MANY_POINTS) from None
    except Exception:  # a broken or forged file may break its decoder in any way
        raise Refused(OTHERS.get(foreign.kind_of(file), NO_PICTURE)) from None


def check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > limits.PIXELS:
        raise Refused(
            f"L’immagine misura {width} × {height} punti: il massimo è 40 milioni. Rimpiccioliscila e riprova."
        )
    if width * height * bytes_of_a_point(picture.mode) > limits.DECODED_BYTES:
        raise Refused(
            f"L’immagine misura {width} × {height} punti a 16 bit, troppi da aprire: salvala a 8 bit, o più piccola."
        )


def bytes_of_a_point(mode: str) -> int:
    return BYTES_OF_A_DEEP_POINT if mode.startswith(DEEP) else BYTES_OF_A_POINT.get(mode, BYTES_OF_A_DEEP_POINT)


def check_stillness(picture: Image.Image) -> None:
    # The second frame of a telephone's JPEG (MPO) is a small copy or another lens, not a movement.
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        raise Refused("L’immagine è animata: caricane una ferma, chi legge non deve inseguirla.")


def upright(file: IO[bytes]) -> Image.Image:
    """The picture decoded, turned as the camera held it, in sRGB, without metadata, within LARGEST."""
    file.seek(0)
    with Image.open(file, formats=FORMATS) as source:
        source.draft(None, LARGEST)  # a JPEG much larger than needed is decoded smaller at once
        source.load()
        if source.mode in EASILY_SMALLER:
            source.thumbnail(LARGEST)  # before anything makes a copy of it
        picture = in_srgb(ImageOps.exif_transpose(source))
    picture.thumbnail(LARGEST)
    return picture


def in_srgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        # Sixteen bits of grey: a plain conversion would cut all but the darkest to white.
        picture = picture.point(lambda level: level / 257).convert("L")
    mode = "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"
    profile = picture.info.get("icc_profile")
    if picture.mode == "P":
        picture = picture.convert(mode)
    if profile and len(profile) <= limits.PROFILE_BYTES:
        # A profile that does not read, or is for other colours than the picture's, is no profile.
        with suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            picture = ImageCms.profileToProfile(picture, source, SRGB, outputMode=mode) or picture
    picture = picture.convert(mode)
    picture.info.clear()
    return picture


def as_webp(picture: Image.Image, width: int | None = None) -> bytes:
    """The picture in WebP, made narrower if it is wider than `width` pixels."""
    return encoded(picture, width, "WEBP", quality=82, method=4)


def as_avif(picture: Image.Image, width: int) -> bytes:
    return encoded(picture, width, "AVIF", quality=55, speed=7)


def encoded(picture: Image.Image, width: int | None, form: str, **how: int) -> bytes:
    if width and picture.width > width:
        picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    target = BytesIO()
    picture.save(target, form, **how)
    return target.getvalue()
