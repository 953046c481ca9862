"""Text as editors bring it: cleaned on the server, made plain, cut into sections."""

import re
from html import unescape
from math import ceil

from django.utils.html import escape
from django.utils.text import slugify

from .characters import unhidden
from .normalize import KNOWN, regular
from .tree import ATTRIBUTES, PICTURE_ATTRIBUTES, PICTURE_SOURCE, PICTURE_TAGS, TAGS, sanitised, shallow

WORDS_A_MINUTE = 200
PICTURE = re.compile(r'<img((?: [\w-]+="[^"]*")*)>')  # as the sanitiser writes it
TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--[^<>]*>")
BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|tr|td|th|blockquote|caption|figcaption)>|<br\s*/?>")
HEAD_ROW = re.compile(r"<tbody>(<tr>(?:(?!</tr>|<td).)*</tr>)", re.DOTALL)
HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
ADDRESS = re.compile(r'<a [^>]*?href="([^"]*)"')
CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)


def clean(html):
    """Semantic HTML only, whatever the browser sent; links open nothing but http, https, mailto and tel.

    Made harmless first, then regular; the last word on what is kept is the sanitiser's again.
    """
    return _cleaned(html, TAGS, ATTRIBUTES)


def clean_with_pictures(html):
    """As `clean`, with figures whose pictures are our own files."""
    return _cleaned(html, TAGS | PICTURE_TAGS, ATTRIBUTES | PICTURE_ATTRIBUTES, _kept_attribute)


def _cleaned(html, tags, attributes, attribute_filter=None):
    harmless = sanitised(shallow(unhidden(html)), tags | KNOWN, attributes, attribute_filter)
    ours = regular(harmless)
    return ours if ours == harmless else sanitised(ours, tags, attributes, attribute_filter)


def _kept_attribute(tag, attribute, value):
    return None if (tag, attribute) == ("img", "src") and not PICTURE_SOURCE.fullmatch(value) else value


def plain(html):
    """The words alone, one line for each block."""
    text = unescape(TAG.sub("", BLOCK_END.sub("\n", html)))
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def addresses(html):
    """Where the links of clean HTML lead, in order."""
    return [unescape(address) for address in ADDRESS.findall(html)]


def word_count(html):
    return len(plain(html).split())


def reading_minutes(html):
    return max(1, ceil(word_count(html) / WORDS_A_MINUTE))


def for_reading(html):
    """The HTML as a page shows it, and the list of (id, title) of its sections for an index.

    Each h2 gets an id; each table a frame that scrolls by keyboard too, so that narrow screens do not.
    """
    sections = {}

    def name(heading):
        title = plain(heading[1])
        anchor = slugify(title) or "sezione"
        while anchor in sections:  # the ids of templates begin with _, so no title takes their place
            anchor = f"{anchor}-{len(sections) + 1}"
        sections[anchor] = title
        return f'<h2 id="{anchor}">{heading[1]}</h2>'

    return TABLE.sub(_framed, HEADING.sub(name, html)), list(sections.items())


def _framed(table):
    caption = CAPTION.search(table[0])
    label = escape(plain(caption[1])) if caption else "Tabella"
    rows = HEAD_ROW.sub(r"<thead>\1</thead><tbody>", table[0], count=1)  # printers repeat it on each sheet
    return f'<div class="table-responsive" role="region" tabindex="0" aria-label="{label}">{rows}</div>'
