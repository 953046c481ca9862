"""The picture that stands for a page where its address is shared: title, topic, and the map of the Comuni concerned."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from areaomogenea.identity.models import Identity
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing import kinds
from areaomogenea.publishing.coverage import Coverage
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.signals import publication_redacted

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

logger = logging.getLogger(__name__)
WIDTH, HEIGHT = 1200, 630  # what social sites ask for
SHARPER = 2  # drawn larger, then made smaller: Pillow does not smooth the edges of a polygon
FOLDER = "carte"
DESIGN = 2  # to be raised when the drawing changes: cards that were kept are made again
DEEP, INK, SOFT, WHEAT, BRICK, CELL = "#083d47", "#fffefa", "#c3dad7", "#e8c66a", "#e0795a", "#1f6470"
MARGIN, COLUMN = 72, 640
TITLE_SIZES = (66, 58, 50, 43)
MOST_LINES = 5


def card_address(publication: Publication) -> str:
    return reverse("card", args=[publication.kind, publication.slug])


@require_safe
def card(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Made once, and kept until something that it shows changes; the world may remember it as briefly as its page."""
    rows, known = Publication.objects.published().with_topics().with_places(), kinds.named(kind)
    if not known or not (publication := rows.named(slug, known.code)):
        raise Http404
    name = f"{FOLDER}/{publication.pk}-{what_it_shows(publication)}.png"
    return HttpResponse(kept(name) or keep(name, drawn(publication)), content_type="image/png")


def kept(name: str) -> bytes | None:
    with suppress(OSError), default_storage.open(name) as card:
        return card.read()
    return None


def keep(name: str, picture: bytes) -> bytes:
    """Puts it in the place of the cards of how the publication was before; the one of this name stays."""
    try:
        default_storage.save(name, ContentFile(picture))
        stem = name.removeprefix(f"{FOLDER}/").partition("-")[0]
        for other in default_storage.listdir(FOLDER)[1]:
            if other.startswith(f"{stem}-") and f"{FOLDER}/{other}" != name:
                default_storage.delete(f"{FOLDER}/{other}")
    except OSError:  # no room, say, or a folder that is not ours: who asked for it gets it all the same
        logger.exception("A card could not be kept: %s", name)
    return picture


@receiver(publication_redacted)
def throw_away(publication: Publication, **kwargs: object) -> None:
    if default_storage.exists(FOLDER):
        for name in default_storage.listdir(FOLDER)[1]:
            if name.startswith(f"{publication.pk}-"):
                default_storage.delete(f"{FOLDER}/{name}")


def what_it_shows(publication: Publication) -> str:
    shown = [DESIGN, publication.title, publication.kind_label, Identity.current().name, labels(publication)]
    shown.append(publication.coverage)
    shown.append(sorted(place["istat_code"] for place in publication.places))
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def labels(publication: Publication) -> str:
    names = " · ".join(topic["acronym"] or topic["name"] for topic in publication.topic_labels[:3])
    return " ".join(names.split())  # no line of a picture holds two paragraphs


def drawn(publication: Publication) -> bytes:
    """The PNG, as bytes."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH * SHARPER, HEIGHT * SHARPER), DEEP)
    pen = ImageDraw.Draw(image)
    if publication.coverage in (Coverage.MUNICIPALITIES, Coverage.AREA):
        concerned = {place["istat_code"] for place in publication.places if place["in_area"]}
        draw_map(pen, concerned, everybody=publication.coverage == Coverage.AREA)
    image = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    write(ImageDraw.Draw(image), publication)
    out = BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def draw_map(pen: ImageDraw.ImageDraw, concerned: Collection[str], everybody: bool) -> None:
    scale, left, top = 0.46 * SHARPER, 702 * SHARPER, 116 * SHARPER
    for code, outline in Municipality.objects.of_area().values_list("istat_code", "outline"):
        fill = WHEAT if code in concerned else BRICK if everybody else CELL
        for ring in rings(outline):
            points = [(left + x * scale, top + y * scale) for x, y in ring]
            pen.polygon(points, fill=fill, outline=DEEP, width=2 * SHARPER)


def rings(outline: str) -> Iterator[list[tuple[int, int]]]:
    """The points of each ring of a path as `municipalities.mosaic.outline` writes it: M, then relative moves."""
    for ring in outline.split("M")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        x, y = pairs[0]
        points = [(x, y)]
        for dx, dy in pairs[1:]:
            x, y = x + dx, y + dy
            points.append((x, y))
        if len(points) > 2:
            yield points


def write(pen: ImageDraw.ImageDraw, publication: Publication) -> None:
    small, bold = font(400, 30), font(700, 30)
    pen.text((MARGIN, 64), publication.kind_label, fill=WHEAT, font=bold)
    if topic := labels(publication):
        pen.text((MARGIN + pen.textlength(publication.kind_label, bold) + 24, 64), topic, fill=SOFT, font=small)
    size, lines = fitted(publication.title)
    y = 132
    for line in lines:
        pen.text((MARGIN, y), line, fill=INK, font=font(700, size))
        y += round(size * 1.16)
    pen.line((MARGIN, 534, MARGIN + 96, 534), fill=WHEAT, width=6)
    pen.text((MARGIN, 548), Identity.current().name, fill=INK, font=bold)


def fitted(title: str) -> tuple[int, list[str]]:
    """(size, lines): as large as the column allows; what does not fit at the smallest is cut at a word."""
    for size in TITLE_SIZES:
        lines = broken(title, font(700, size))
        if len(lines) * size * 1.16 <= 390 and len(lines) <= MOST_LINES + (size == TITLE_SIZES[-1]) * 2:
            return size, lines
    return size, [*lines[: MOST_LINES + 1], f"{lines[MOST_LINES + 1].rsplit(' ', 1)[0]}…"]


def broken(title: str, face: ImageFont.FreeTypeFont) -> list[str]:
    lines, line = [], ""
    for word in title.split():
        longer = f"{line} {word}".strip()
        if line and face.getlength(longer) > COLUMN:
            lines.append(line)
            longer = word
        line = shortened(longer, face)
    return [*lines, line]


def shortened(word: str, face: ImageFont.FreeTypeFont) -> str:
    """A word wider than the column loses its end."""
    if face.getlength(word) <= COLUMN:
        return word
    ends = (len(word) - cut for cut in range(1, len(word)))
    return next((f"{word[:end]}…" for end in ends if face.getlength(f"{word[:end]}…") <= COLUMN), "")


def font(weight: int, size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(settings.BASE_DIR / "static" / "dist" / "fonts" / f"titillium-{weight}.woff2", size)


urlpatterns = [path("carta/<slug:kind>/<slug:slug>.png", card, name="card")]
