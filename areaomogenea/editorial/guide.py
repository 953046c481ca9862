"""The editors' guide: one Markdown file, read in the repository and at the desk alike."""

import re
from functools import cache

from django.conf import settings
from django.templatetags.static import static
from markdown_it import MarkdownIt

from areaomogenea.prose.html import for_reading

PICTURE = re.compile(r'src="immagini/([\w.-]+)"')


@cache
def guide():
    """The guide as HTML with its title taken off, and the (id, title) of its sections."""
    text = (settings.BASE_DIR / "docs" / "guida-redazione.md").read_text(encoding="utf-8")
    html = MarkdownIt("commonmark").enable("table").render(text.partition("\n")[2])
    return for_reading(PICTURE.sub(lambda name: f'src="{static(f"guida/{name[1]}")}" loading="lazy"', html))
