"""HTML of ours: what it may carry, how the sanitiser writes it, how it is read as a tree and written again.

The sanitiser's HTML is XML but for three things: what is void has no end, a hard space has a name, and a few controls
may stand in it. So a parser of XML reads it, in C, and sees the very tree that the sanitiser saw; no second opinion on
what a browser would make of a text. tests/test_tree.py holds the sanitiser to this.
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import nh3
from lxml import etree

# What is kept; a test holds it against what the editor offers, so that neither promises what the other refuses.
TAGS = set("p h2 h3 h4 ul ol li blockquote strong em a br hr sub sup abbr table caption tbody tr th td".split())
ATTRIBUTES = {
    "a": {"href"},
    "abbr": {"title"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
ANYWHERE: dict[str, set[str]] = {
    "*": set()
}  # unless it is told, the sanitiser lets titles and languages stand anywhere
# Pictures come from our own library alone, and the room that keeps it looks after their words.
PICTURE_TAGS = {"figure", "figcaption", "img"}
PICTURE_ATTRIBUTES = {"img": {"src", "alt", "width", "height"}}
PICTURE_SOURCE = re.compile(r"/file/immagini(?:/[\w-]+)+(?:\.\d+)?\.(?:webp|avif)")
# What goes with all its contents: none of it was ever meant to be read.
DROPPED = set("script style title svg math noscript noembed noframes iframe object applet audio video canvas".split())
SCHEMES = {"http", "https", "mailto", "tel"}
REL = "noopener"  # of each link

VOID = {"br", "hr", "img"}
NBSP = "\N{NO-BREAK SPACE}"
NO_XML = re.compile("[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]")
VOID_TAG = re.compile(r"<((?:img|source|[bh]r )[^<>]*?)/?>")  # the sanitiser writes no < or > in a value
TAG_OF_LINES = re.compile(r"<[^<>\t\n\r]*+[\t\n\r][^<>]*>")  # an attribute of XML has no lines, unless they are spelled
SPELLED = {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}

# Where only what stands between tags is asked for, a scan takes a third of what a tree takes: pages ask at every turn.
# It leans on this: in clean HTML an angle bracket begins or ends a tag, and nothing else.
TAG = re.compile(r"(<[^<>]*>)")  # splits into words and, at odd places, tags
BLOCK_TAG = re.compile(r"(</?(?:p|h[1-6]|[uo]l|li|table|caption|t[rdh]|t(?:head|body|foot)|blockquote|[bh]r)\b[^<>]*>)")
BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|tr|td|th|blockquote|caption|figcaption)>|<br\s*/?>")
TAG_OR_COMMENT = re.compile(r"</?[a-zA-Z][^<>]*>|<!--[^<>]*>")  # of HTML that may not be clean

# Of HTML that nobody has read yet
TAG_START = re.compile(r"<(/?[a-z][^\s/<>]*)")
ENDS_BY_ITSELF = set("area base br col embed hr img input link meta param source track wbr p li dt dd tr td th".split())
ENDS_BY_ITSELF |= {f"/{name}" for name in ENDS_BY_ITSELF}
TAG_OF_ANY = re.compile(r"</?([a-zA-Z][^\s/<>]*)[^<>]*>?")
DEEPEST, MOST_FORMATS = 200, 40  # tags that stand in each other; those of them that a parser opens again in each block
FORMATS = set("a b big code em font i nobr s small strike strong tt u".split())
WITHIN_LINES = set("abbr bdi bdo cite data del dfn ins kbd label mark q ruby samp span sub sup time var".split())
KEPT_AS_THEY_ARE = set("p br img h1 h2 h3 h4 h5 h6".split())

HOW = {"huge_tree": True, "no_network": True, "remove_comments": True, "remove_pis": True}
PARSER = etree.XMLParser(**HOW)
texts = etree.XPath(".//text()")
CHILDLESS = etree.XPath("descendant-or-self::*[not(node()) and not(self::br or self::hr or self::img or self::source)]")


def sanitiser(
    tags: set[str],
    attributes: dict[str, set[str]],
    attribute_filter: Callable[[str, str, str], str | None] | None = None,
) -> nh3.Cleaner:
    """A sanitiser that keeps these tags and attributes alone: it has the last word on all of ours."""
    return nh3.Cleaner(
        tags=tags,
        attributes=ANYWHERE | attributes,
        attribute_filter=attribute_filter,
        url_schemes=SCHEMES,
        link_rel=REL,
        clean_content_tags=DROPPED,
    )


ANY_OF_OURS = sanitiser(TAGS | PICTURE_TAGS, ATTRIBUTES | PICTURE_ATTRIBUTES)


def shallow(html: str) -> str:
    """The HTML; of what nests deeper than any text does, only words and pictures in their paragraphs.

    A parser walks up the tags that stand open for each one that opens.
    """
    if html.count("<") <= MOST_FORMATS:
        return html
    opened: Counter[str] = Counter()
    formats = depth = 0
    for tag in TAG_START.findall(html.lower()):
        if tag in ENDS_BY_ITSELF:
            continue
        name, step = (tag[1:], -1) if tag[0] == "/" else (tag, 1)
        if step < 0 and not opened[name]:
            continue
        opened[name] += step
        depth += step
        formats += step if name in FORMATS else 0
        if depth > DEEPEST or formats > MOST_FORMATS:
            return TAG_OF_ANY.sub(_in_paragraphs, html)
    return html


def _in_paragraphs(tag):
    name = tag[1].lower()
    return tag[0] if name in KEPT_AS_THEY_ARE else "" if name in FORMATS or name in WITHIN_LINES else " <p>"


def read(html: str, target: Callable[[], Any] | None = None) -> Any:
    """The tree of what the sanitiser wrote, inside a <div>: elements of lxml, or what a new `target` makes of them.

    HTML that nobody has sanitised is made well formed first.
    """
    try:
        return _parsed(html, target)
    except etree.XMLSyntaxError:
        if NO_XML.search(html):
            return read(_without_controls(html), target)
        html = html.encode("utf-8", "ignore").decode()
        return _parsed(_without_controls(ANY_OF_OURS.clean(shallow(html))), target)


def _without_controls(html):
    return NO_XML.sub(lambda sign: "\n" if sign[0] in "\v\f" else "", html)


def _parsed(html, target):
    parser = etree.XMLParser(target=target(), **HOW) if target else PARSER
    return etree.fromstring(f"<div>{_as_xml(html)}</div>", parser)


def _as_xml(html):
    html = html.replace("&nbsp;", NBSP).replace("<br>", "<br/>").replace("<hr>", "<hr/>")
    if "<img" in html or "<br " in html or "<hr " in html or "<source" in html:
        html = VOID_TAG.sub(r"<\1/>", html)
    if "\n" in html or "\t" in html or "\r" in html:
        html = TAG_OF_LINES.sub(lambda tag: re.sub("[\t\n\r]", lambda sign: SPELLED[sign[0]], tag[0]), html)
    return html


def write(root: etree._Element) -> str:
    """The HTML of what stands in an element, as the sanitiser would write it."""
    html = outer(root)
    return html[html.index(">") + 1 : html.rindex("<")]


def outer(element: etree._Element) -> str:
    """The HTML of an element, with its own tags."""
    for childless in CHILDLESS(element):
        childless.text = ""  # else it were written as what is void
    html = etree.tostring(element, encoding="unicode", with_tail=False)
    for sign, spelled in SPELLED.items():
        html = html.replace(spelled, sign)
    return html.replace("/>", ">").replace(NBSP, "&nbsp;")


def without(html: str, tags: set[str]) -> str:
    """The HTML without these tags; what stands in them stays."""
    root = read(html)
    etree.strip_tags(root, *tags)
    return write(root)


def put(text: Any, words: str) -> None:
    """Puts other words in the place of one of the `texts` of a tree."""
    setattr(text.getparent(), "tail" if text.is_tail else "text", words)


def without_start(html: str, letters: int) -> str:
    """The HTML of a line without its first letters, whatever marks they stand in."""
    if "<" not in html and "&" not in html:
        return html[letters:]
    root = read(html)
    for text in texts(root):
        put(text, text[letters:])
        letters -= len(text)
        if letters <= 0:
            break
    for mark in list(root.iter("strong", "em", "sub", "sup")):
        if not len(mark) and not mark.text:
            drop(mark)
    return write(root)


def wrap(element: etree._Element, tag: str, attributes: dict[str, str]) -> etree._Element:
    """A new element in the place of this one, which it holds."""
    around = etree.Element(tag, attributes)
    around.tail, element.tail = element.tail, None
    element.getparent().replace(element, around)
    around.append(element)
    return around


def drop(element: etree._Element) -> None:
    """Takes an element and its words away; those behind it stay."""
    before, parent = element.getprevious(), element.getparent()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def written(text: str) -> str:
    """A text as the sanitiser writes it."""
    if "&" in text or "<" in text or ">" in text or NBSP in text:
        return text.replace("&", "&amp;").replace(NBSP, "&nbsp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def start_of(tag: str, attributes: dict[str, str]) -> str:
    """The start of an element as the sanitiser writes it, which says of a link that it opens no door back."""
    pairs = attributes | {"rel": REL} if tag == "a" else attributes
    return f"<{tag}{''.join(f' {name}={quoted(value)}' for name, value in pairs.items())}>"


def quoted(value: str) -> str:
    return '"' + written(value).replace('"', "&quot;") + '"'
