"""The pictures of a document: into the library, described or still to be, and into the text where they stood."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from areaomogenea.library.body_images import figure_of
from areaomogenea.library.images import check_picture
from areaomogenea.library.models import Picture
from areaomogenea.prose import tree
from areaomogenea.prose.account import quoted
from areaomogenea.prose.html import plain
from areaomogenea.prose.typography import words
from areaomogenea.sandbox import limits

if TYPE_CHECKING:
    from areaomogenea.prose.document_reader import Document, Image

SMALLEST = 24  # pixels: what is smaller is a rule, a bullet, the point that counts who reads
LONGEST_ALTERNATIVE, LONGEST_CREDIT = (
    Picture._meta.get_field(name).max_length for name in ("alternative_text", "credit")
)


@dataclass
class Placed:
    """A picture on its way into a text, and the words of the blocks that stand before it, the nearest first."""

    picture: Picture
    before: list[tuple[str, ...]]


def taken(document: Document, provenance: str) -> tuple[list[Placed], int]:
    """The pictures of a document as far as they can be opened while somebody waits, and how many were left out."""
    blocks = [tuple(words(block.text)) for block in document.blocks]
    start, known, placed, left_out = monotonic(), {}, [], 0
    for image in document.images:
        digest = sha256(image.data).digest()
        if digest not in known:
            is_one_too_many = len(known) >= limits.PICTURES_OF_A_DOCUMENT
            is_late = monotonic() - start > limits.PATIENCE_FOR_PICTURES
            known[digest] = None if is_one_too_many or is_late else open_picture(image, provenance)
        if picture := known[digest]:
            picture.alternative_text = picture.alternative_text or image.alternative_text[:LONGEST_ALTERNATIVE]
            placed.append(Placed(picture, list(filter(None, reversed(blocks[: image.after])))))
        else:
            left_out += 1
    return placed, left_out


def open_picture(image: Image, provenance: str) -> Picture | None:
    """A picture that is not saved; None if it is none. Who made it the document does not say, only that it had it."""
    picture = Picture(
        file=ContentFile(image.data, "dal-documento"),
        alternative_text=image.alternative_text[:LONGEST_ALTERNATIVE],
        credit=provenance[:LONGEST_CREDIT],
    )
    try:
        prepared = check_picture(picture.file)
    except ValidationError:
        return None
    return picture if min(prepared["width"], prepared["height"]) >= SMALLEST else None


def share_out(placed: Iterable[Placed], bodies: Collection[str]) -> list[list[tuple[int, Picture]]]:
    """For each body, the (position, picture) of those that stood in its text; what stood in none opens the first."""
    ends = [ends_of_blocks(body) for body in bodies]
    shares = [[] for _ in bodies]
    for one in placed:
        number, position = placement_of(one, ends)
        shares[number].append((position, one.picture))
    return shares


def placement_of(one: Placed, ends: Iterable[dict[tuple[str, ...], int]]) -> tuple[int, int]:
    for before in one.before:
        for number, known in enumerate(ends):
            if before in known:
                return number, known[before]
    return 0, 0


def ends_of_blocks(body: str) -> dict[tuple[str, ...], int]:
    """How many blocks of clean HTML there are down to the end of each, by its words."""
    ends = {}
    for number, block in enumerate(tree.read(body), start=1):
        ends.setdefault(tuple(words(plain(tree.outer(block)))), number)
    return ends


def with_figures(body: str, share: Iterable[tuple[int, Picture]]) -> str:
    """The body with its pictures, which are saved by now, where they belong."""
    root = tree.read(body)
    for before, (position, picture) in enumerate(sorted(share, key=lambda one: one[0])):
        root.insert(position + before, tree.read(figure_of(picture))[0])
    return tree.write(root)


def apart(share: Iterable[tuple[int, Picture]]) -> list[Picture]:
    """The pictures of a share, each once."""
    return list({id(picture): picture for _, picture in share}.values())


def picture_remarks(pictures: Collection[Picture]) -> Iterator[tuple[str, str]]:
    """(code, message) for those that came in: what is still to be said of them, and what is to be looked at."""
    described = [picture for picture in pictures if picture.alternative_text]
    if described:
        text = f"Nella libreria c’è ora anche {quoted(described)}: controlla il testo alternativo e l’autore."
        if described[1:]:
            text = f"Nella libreria ci sono ora anche {quoted(described)}: controlla i testi alternativi e gli autori."
        yield "picture-credit", text
    if undescribed := len(pictures) - len(described):
        where = "Un’immagine del documento è da descrivere. È nel testo, dove stava: aprila"
        if undescribed > 1:
            where = f"Immagini del documento da descrivere: {undescribed}. Sono nel testo, dove stavano: apri ciascuna"
        yield "images-without-text", f"{where} e scrivi che cosa mostra. Finché manca, la pagina non si pubblica."
