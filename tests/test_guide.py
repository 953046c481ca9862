"""The editors' guide shows pictures that are there, names what the desk says, and keeps the rules that it teaches."""

import re

from django.conf import settings
from django.contrib import admin
from markdown_it import MarkdownIt

from areaomogenea.desk.guide import DOCS, guide
from areaomogenea.prose.outline import outline
from areaomogenea.prose.readability import readability
from areaomogenea.quality.content_checks import EASY_ENOUGH
from news.models import Communique

from .house import PACKAGES

TEXT = (DOCS / "guida-redazione.md").read_text(encoding="utf-8")
NAMED = re.compile(r"«([^»]+)»")
# What editors write, not what the desk says.
OF_TEXTS = {"clicca qui", "in breve"}


def words_of_the_desk():
    """All that templates, code and scripts can say."""
    code = [(room, "*.py") for room in PACKAGES]
    rooms = [("templates", "*.html"), *code, ("static/src/desk", "*.js")]
    files = [path for room, names in rooms for path in (settings.BASE_DIR / room).rglob(names)]
    ways = [label for label, _ in admin.site.get_model_admin(Communique).ways()]
    return "\n".join([*ways, *(path.read_text(encoding="utf-8") for path in files)]).casefold()


def test_guide_names_only_what_the_desk_says():
    words = words_of_the_desk()
    named = {" ".join(name.split()) for name in NAMED.findall(TEXT)} - OF_TEXTS

    assert [name for name in sorted(named) if name.casefold() not in words] == []


def test_guide_shows_each_picture_that_is_there_and_no_other():
    shown = re.findall(r"!\[[^]]{20,}\]\(immagini/([\w.-]+)\)", TEXT)

    assert TEXT.count("![") == len(shown)
    assert sorted(shown) == sorted(path.name for path in (DOCS / "immagini").iterdir())


def test_pictures_are_light_and_keep_their_place():
    html, _ = guide()

    assert [path.name for path in (DOCS / "immagini").iterdir() if path.stat().st_size > 90_000] == []
    assert len(re.findall(r'<img [^>]*width="\d+" height="\d+" loading="lazy"', html)) == html.count("<img")


def test_guide_is_as_easy_as_it_asks_texts_to_be():
    html = MarkdownIt("commonmark").enable("table").render(TEXT)

    assert readability(outline(html).running_text).index >= EASY_ENOUGH
