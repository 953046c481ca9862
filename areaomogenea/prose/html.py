"""Text as editors bring it: cleaned on the server, made plain, cut into sections."""

import re
from collections import Counter
from html import unescape
from math import ceil

import nh3
from django.utils.html import escape
from django.utils.text import slugify

from .characters import unhidden
from .normalize import KNOWN, regular

WORDS_A_MINUTE = 200
# What is kept; a test holds it against what the editor offers, so that neither promises what the other refuses.
TAGS = set("p h2 h3 h4 ul ol li blockquote strong em a br hr sub sup abbr table caption tbody tr th td".split())
ATTRIBUTES = {
    "a": {"href"},
    "abbr": {"title"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
# What goes with all its contents: none of it was ever meant to be read.
DROPPED = set("script style title svg math noscript noembed noframes iframe object applet audio video canvas".split())
# Pictures come from our own library alone, and the room that keeps it looks after their words.
PICTURE_TAGS = {"figure", "figcaption", "img"}
PICTURE_ATTRIBUTES = {"img": {"src", "alt", "width", "height"}}
PICTURE_SOURCE = re.compile(r"/file/immagini(?:/[\w-]+)+(?:\.\d+)?\.(?:webp|avif)")
PICTURE = re.compile(r'<img((?: [\w-]+="[^"]*")*)>')  # as the sanitiser writes it
TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--[^<>]*>")
BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|tr|td|th|blockquote|caption|figcaption)>|<br\s*/?>")
HEAD_ROW = re.compile(r"<tbody>(<tr>(?:(?!</tr>|<td).)*</tr>)", re.DOTALL)
HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
ADDRESS = re.compile(r'<a [^>]*?href="([^"]*)"')
TAG_START = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)")
TAG_OF_ANY = re.compile(r"</?([a-zA-Z][^\s/<>]*)[^<>]*>?")
DEEPEST, MOST_FORMATS = 200, 40  # tags that stand in each other; those of them that a parser opens again in each block
ENDS_BY_ITSELF = set("area base br col embed hr img input link meta param source track wbr p li dt dd tr td th".split())
FORMATS = set("a b big code em font i nobr s small strike strong tt u".split())
WITHIN_LINES = set("abbr bdi bdo cite data del dfn ins kbd label mark q ruby samp span sub sup time var".split())
KEPT_AS_THEY_ARE = set("p br img h1 h2 h3 h4 h5 h6".split())
CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)


def clean(html):
    """Semantic HTML only, whatever the browser sent; links open nothing but http, https, mailto and tel.

    Made harmless first, then regular; the last word on what is kept is the sanitiser's again.
    """
    harmless = _sanitised(unhidden(html), TAGS | KNOWN, ATTRIBUTES)
    return _sanitised(regular(harmless), TAGS, ATTRIBUTES)


def clean_with_pictures(html):
    """As `clean`, with figures whose pictures are our own files."""
    tags, attributes = TAGS | PICTURE_TAGS, ATTRIBUTES | PICTURE_ATTRIBUTES
    harmless = _sanitised(unhidden(html), tags | KNOWN, attributes, attribute_filter=_kept_attribute)
    ours = PICTURE.sub(lambda picture: picture[0] if ' src="' in picture[1] else "", harmless)
    return _sanitised(regular(ours), tags, attributes, attribute_filter=_kept_attribute)


def _sanitised(html, tags, attributes, **how):
    return nh3.clean(
        shallow(html),
        tags=tags,
        attributes=attributes,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
        clean_content_tags=DROPPED,
        **how,
    ).strip()


def shallow(html):
    """The HTML; of what nests deeper than any text does, only words and pictures in their paragraphs.

    A parser walks up the tags that stand open for each one that opens.
    """
    opened, formats, depth = Counter(), 0, 0
    for tag in TAG_START.finditer(html):
        name = tag[2].lower()
        if name in ENDS_BY_ITSELF:
            continue
        step = -1 if tag[1] and opened[name] else 0 if tag[1] else 1
        opened[name] += step
        depth += step
        formats += step if name in FORMATS else 0
        if depth > DEEPEST or formats > MOST_FORMATS:
            return TAG_OF_ANY.sub(_in_paragraphs, html)
    return html


def _in_paragraphs(tag):
    name = tag[1].lower()
    return tag[0] if name in KEPT_AS_THEY_ARE else "" if name in FORMATS or name in WITHIN_LINES else " <p>"


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
