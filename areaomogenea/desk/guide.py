"""The editors' guide: one Markdown file, read in the repository and at the desk alike."""

import re
from functools import cache

from django.conf import settings
from django.templatetags.static import static
from markdown_it import MarkdownIt
from PIL import Image

from areaomogenea.prose.html import for_reading

DOCS = settings.BASE_DIR / "docs"
PICTURE = re.compile(r'src="immagini/([\w.-]+)"')


@cache
def guide():
    """The guide as HTML with its title taken off, and the (id, title) of its sections."""
    text = (DOCS / "guida-redazione.md").read_text(encoding="utf-8")
    html = MarkdownIt("commonmark").enable("table").render(text.partition("\n")[2])
    return for_reading(PICTURE.sub(at_the_desk, html))


def at_the_desk(picture):
    """Its measures keep its place while the page loads."""
    with Image.open(DOCS / "immagini" / picture[1]) as image:
        width, height = image.size
    return f'src="{static(f"guida/{picture[1]}")}" width="{width}" height="{height}" loading="lazy"'
