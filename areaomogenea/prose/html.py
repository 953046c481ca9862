"""Text as editors bring it: cleaned on the server, made plain, cut into sections."""

from html import unescape
from math import ceil

from django.utils.text import slugify
from lxml import etree

from . import tree
from .characters import unhidden
from .normalize import KNOWN, regular
from .tree import ATTRIBUTES, PICTURE_ATTRIBUTES, PICTURE_SOURCE, PICTURE_TAGS, TAGS, sanitiser, shallow

WORDS_A_MINUTE = 200


def _kept_attribute(tag, attribute, value):
    return None if (tag, attribute) == ("img", "src") and not PICTURE_SOURCE.fullmatch(value) else value


PICTURED = TAGS | PICTURE_TAGS, ATTRIBUTES | PICTURE_ATTRIBUTES, _kept_attribute
# Each with what is known, which is made harmless, and with what is kept, which is made regular.
OF_WORDS = sanitiser(TAGS | KNOWN, ATTRIBUTES), sanitiser(TAGS, ATTRIBUTES)
OF_PICTURES = sanitiser(PICTURED[0] | KNOWN, *PICTURED[1:]), sanitiser(*PICTURED)


def clean(html: str) -> str:
    """Semantic HTML only, whatever the browser sent; links open nothing but http, https, mailto and tel.

    Made harmless first, then regular; the last word on what is kept is the sanitiser's again.
    """
    return _cleaned(html, *OF_WORDS)


def clean_with_pictures(html: str) -> str:
    """Semantic HTML only, with figures whose pictures are our own files."""
    return _cleaned(html, *OF_PICTURES)


def _cleaned(html, first, last):
    harmless = first.clean(shallow(unhidden(html))).strip()
    ours = regular(harmless)
    return ours if ours == harmless else last.clean(ours).strip()


def plain(html: str) -> str:
    """The words alone, one line for each block."""
    text = unescape(tree.TAG_OR_COMMENT.sub("", tree.BLOCK_END.sub("\n", html)))
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def addresses(html: str) -> list[str]:
    """The addresses of the links of clean HTML, in order."""
    links = tree.read(html).iter("a") if "<a " in html else ()
    return [link.get("href") for link in links if "href" in link.attrib]


def word_count(html: str) -> int:
    return len(plain(html).split())


def reading_minutes(html: str) -> int:
    return max(1, ceil(word_count(html) / WORDS_A_MINUTE))


def for_reading(html: str) -> tuple[str, list[tuple[str, str]]]:
    """The HTML as a page shows it, and the list of (id, title) of its sections for an index.

    Each h2 gets an id; each table a frame that scrolls by keyboard too, so that narrow screens do not.
    """
    if "<h2>" not in html and "<table>" not in html:
        return html, []
    root, sections = tree.read(html), {}
    for heading in root.iter("h2"):
        title = plain(tree.write(heading)) if len(heading) else " ".join((heading.text or "").split())
        anchor = slugify(title) or "sezione"
        while anchor in sections:  # the ids of templates begin with _, so no title takes their place
            anchor = f"{anchor}-{len(sections) + 1}"
        sections[anchor] = title
        heading.set("id", anchor)
    for table in list(root.iter("table")):
        caption = table.find("caption")
        label = "Tabella" if caption is None else plain(tree.write(caption))
        _give_head(table)
        tree.wrap(table, "div", {"class": "table-responsive", "role": "region", "tabindex": "0", "aria-label": label})
    return tree.write(root), list(sections.items())


def _give_head(table):
    """A first row of headers is the head: printers repeat it on each sheet."""
    body = table.find("tbody")
    first = body.find("tr") if body is not None else None
    if first is not None and first.find("td") is None:
        head = etree.Element("thead")
        head.append(first)
        body.addprevious(head)
