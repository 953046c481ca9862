"""Pictures within a body: words from the library where the text gives none, and what a page adds to show them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from areaomogenea.prose import tree
from areaomogenea.prose.html import clean_with_pictures, plain

from .images import original_name
from .models import Picture, as_srcset, renditions

# A column of text is never wider; beside it, where there is room, stands what the page tells besides.
SIZES = "(min-width: 1064px) 640px, (min-width: 992px) calc(88vw - 296px), (min-width: 688px) 640px, 93vw"


def resolve_pictures(html: str) -> tuple[str, list[Picture]]:
    """The body cleaned, and the pictures in it.

    A picture that the library lacks goes; one without alternative text takes the library's, so none is ever without.
    """
    html = clean_with_pictures(html)
    if "<img" not in html:
        return html, []
    root = tree.read(html)
    images = list(root.iter("img"))
    known = {picture.file.name: picture for picture in Picture.objects.filter(file__in={*map(_name, images)})}
    for image in images:
        if picture := known.get(_name(image)):
            attributes = _attributes(picture, image.get("alt", "").strip())
            image.attrib.clear()
            image.attrib.update(attributes)
        else:
            tree.drop(image)
    for figure in list(root.iter("figure")):
        if figure.find("img") is None:
            _leave_caption(figure)
    return tree.write(root), list(known.values())


def figure_of(picture: Picture) -> SafeString:
    """One that is stored, as a body keeps it."""
    return mark_safe(f"<figure>{tree.start_of('img', _attributes(picture, ''))}</figure>")  # noqa: S308 (written as the sanitiser does)


def described_in(html: str, pictures: Iterable[Picture]) -> list[tuple[Picture, str]]:
    """The words that this body gives to pictures, of these, that the library has none for yet."""
    images = tree.read(html).iter("img") if "<img" in html else ()
    alternatives = {_name(image): image.get("alt", "").strip() for image in images}
    wordless = [picture for picture in pictures if not picture.alternative_text]
    return [(picture, text) for picture in wordless if (text := alternatives.get(picture.file.name))]


def responsive_pictures(html: str, pictures: Iterable[Mapping[str, Any]] = ()) -> str:
    """The body with what lets a browser choose a size; `pictures`: dicts of file and avif, of those in the body."""
    if "<img" not in html:
        return html
    root = tree.read(html)
    with_avif = {picture["file"] for picture in pictures if picture["avif"] == Picture.Avif.READY}
    for image in list(root.iter("img")):
        if not image.get("width", "").isdecimal():
            continue
        source, width = image.get("src"), int(image.get("width"))
        webp, avif = (as_srcset(renditions(source, width, suffix)) for suffix in (".webp", ".avif"))
        for name, value in (("srcset", webp), ("sizes", SIZES), ("loading", "lazy")):
            image.set(name, value)
        if _name(image) in with_avif:
            choice = tree.wrap(image, "picture", {})
            choice.insert(0, choice.makeelement("source", {"type": "image/avif", "srcset": avif, "sizes": SIZES}))
    return tree.write(root)


def _name(image):
    """What is copied from a page is a rendition: it leads back to its picture."""
    return original_name(image.get("src").removeprefix("/file/"))


def _attributes(picture, alt):
    return {
        "src": picture.file.url,
        "alt": alt or picture.alternative_text,
        "width": str(picture.width),
        "height": str(picture.height),
    }


def _leave_caption(figure):
    """A figure that lost its picture leaves the words of its caption."""
    caption = plain(tree.write(figure))
    if caption:
        figure.clear(keep_tail=True)
        figure.tag, figure.text = "p", caption
    else:
        tree.drop(figure)
