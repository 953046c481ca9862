"""What links lead to."""

import re
from urllib.parse import urldefrag

from django.urls import resolve
from lxml.html import document_fromstring

from tests.addresses import public_patterns

# Doors for machines, newsletters and guests, that no page needs to lead to.
UNLINKED = {
    "preview",
    "preview_file",
    "embed_card",
    "embed_element",
    "embed_colour",
    "card",
    "iniziative:map",
    "live",
    "ready",
    "municipality_brief",
    "robots",
    "security",
    "sitemap",
    "sitemap_part",
    "sitemap_news",
}
OLD_SITE = "old_"  # what other sites still lead to


def test_no_link_is_dead(crawled):
    assert [path for path, answer in crawled.items() if answer.status != 200] == []


def test_no_link_leads_to_an_empty_list(crawled):
    nothing = re.compile(r'class="(?:empty|month-none)\b')

    assert [path for path, answer in crawled.items() if nothing.search(answer.text)] == []


def test_links_lead_to_every_door(crawled):
    reached = {resolve(path.partition("?")[0]).view_name for path in crawled}

    names = {pattern.name for pattern in public_patterns() if not pattern.name.startswith(OLD_SITE)}
    assert names - reached == UNLINKED


def test_no_drawing_is_missing(crawled, portal):
    pages = [document_fromstring(answer.text) for answer in crawled.values() if answer.is_page]
    uses = {href for page in pages for href in page.xpath("//*[local-name()='use']/@href") if not href.startswith("#")}
    files = {path: portal.get(path).text for path in {urldefrag(href).url for href in uses}}

    assert files
    assert {href for href in uses if f'id="{urldefrag(href).fragment}"' not in files[urldefrag(href).url]} == set()
