"""The editors' guide: one Markdown file, read in the repository and at the desk alike."""

from functools import cache
from re import Match

from django.conf import settings
from django.templatetags.static import static

from areaomogenea.prose import tree
from areaomogenea.prose.html import for_reading

DOCS = settings.BASE_DIR / "docs"


@cache
def guide() -> tuple[str, list[tuple[str, str]]]:
    """The guide as HTML with its title taken off, and the (id, title) of its sections."""
    from markdown_it import MarkdownIt

    text = (DOCS / "guida-redazione.md").read_text(encoding="utf-8")
    html = MarkdownIt("commonmark").enable("table").render(text.partition("\n")[2])
    root = tree.read(html)
    for picture in root.iter("img"):
        bring_to_desk(picture)
    return for_reading(tree.write(root))


def bring_to_desk(picture: Match[str]) -> None:
    """Its measures keep its place while the page loads."""
    from PIL import Image

    name = picture.get("src").removeprefix("immagini/")
    with Image.open(DOCS / "immagini" / name) as image:
        width, height = map(str, image.size)
    picture.attrib.update({"src": static(f"guida/{name}"), "width": width, "height": height, "loading": "lazy"})
