"""Text as editors bring it: cleaned on the server, made plain, cut into sections."""

import re
from html import unescape
from math import ceil

import nh3
from django.utils.html import strip_tags
from django.utils.text import slugify

WORDS_A_MINUTE = 200
TAGS = set("p h2 h3 h4 ul ol li blockquote strong em a br hr sub sup abbr table caption thead tbody tr th td".split())
ATTRIBUTES = {
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|tr|td|th|blockquote|caption)>|<br\s*/?>")
HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


def clean(html):
    """Semantic HTML only, whatever the browser sent; links open nothing but http, https, mailto and tel."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
        clean_content_tags={"script", "style", "title", "svg", "math"},
    ).strip()


def plain(html):
    """The words alone, one line for each block."""
    text = unescape(strip_tags(BLOCK_END.sub("\n", html)))
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def word_count(html):
    return len(plain(html).split())


def reading_minutes(html):
    return max(1, ceil(word_count(html) / WORDS_A_MINUTE))


def with_sections(html):
    """The same HTML with an id on each h2, and the list of (id, title) for an index."""
    sections = []

    def name(heading):
        title = plain(heading[1])
        anchor = slugify(title) or "sezione"
        if any(anchor == taken for taken, _ in sections):
            anchor = f"{anchor}-{len(sections) + 1}"
        sections.append((anchor, title))
        return f'<h2 id="{anchor}">{heading[1]}</h2>'

    return HEADING.sub(name, html), sections
