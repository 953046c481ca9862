"""Pictures within a body: words from the library where the text gives none, and what a page adds to show them."""

import re
from html import unescape

from django.utils.html import format_html

from areaomogenea.prose.html import PICTURE, clean_with_pictures, plain

from .images import original_name
from .models import Picture, as_srcset, renditions

ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
FIGURE = re.compile(r"<figure>((?:(?!<figure>).)*?)</figure>", re.DOTALL)
SIZES = "(min-width: 768px) 640px, 92vw"  # a column of text is never wider


def settle(html):
    """The body cleaned, and the pictures in it.

    A picture that the library lacks goes; one without alternative text takes the library's, so none is ever without.
    """
    html = clean_with_pictures(html)
    asked = {_name(_attributes(tag)) for tag in PICTURE.finditer(html)}
    known = {picture.file.name: picture for picture in Picture.objects.filter(file__in=asked)} if asked else {}

    def complete(tag):
        said = _attributes(tag)
        picture = known.get(_name(said))
        return _tag(picture, said.get("alt", "").strip()) if picture else ""

    return FIGURE.sub(_worth_keeping, PICTURE.sub(complete, html)), list(known.values())


def figure_of(picture):
    """One that is stored, as a body keeps it."""
    return format_html("<figure>{}</figure>", _tag(picture, ""))


def described_in(html, pictures):
    """The words that this body gives to pictures, of these, that the library has none for yet."""
    told = {_name(said): said.get("alt", "").strip() for said in map(_attributes, PICTURE.finditer(html))}
    found = ((picture, told.get(picture.file.name, "")) for picture in pictures if not picture.alternative_text)
    return [(picture, words) for picture, words in found if words]


def show(html, pictures=()):
    """The body with what lets a browser choose a size; `pictures`: dicts of file and avif, of those in the body."""
    with_avif = {picture["file"] for picture in pictures if picture["avif"] == Picture.Avif.READY}

    def dress(tag):
        said = _attributes(tag)
        if not said.get("width", "").isdecimal():
            return tag[0]
        webp, avif = (as_srcset(renditions(said["src"], int(said["width"]), suffix)) for suffix in (".webp", ".avif"))
        source = f'<source type="image/avif" srcset="{avif}" sizes="{SIZES}">' if _name(said) in with_avif else ""
        image = f'<img{tag[1]} srcset="{webp}" sizes="{SIZES}" loading="lazy">'
        return f"<picture>{source}{image}</picture>" if source else image

    return PICTURE.sub(dress, html)


def _attributes(tag):
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(tag[1])}


def _name(said):
    """What is copied from a page is a rendition: it leads back to its picture."""
    return original_name(said["src"].removeprefix("/file/"))


def _tag(picture, words):
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}">',
        picture.file.url,
        words or picture.alternative_text,
        picture.width,
        picture.height,
    )


def _worth_keeping(figure):
    """A figure that lost its picture leaves the words of its caption."""
    if "<img " in figure[1]:
        return figure[0]
    words = plain(figure[1])
    return format_html("<p>{}</p>", words) if words else ""
