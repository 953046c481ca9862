"""What links lead to."""

from django.urls import resolve

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


def test_links_lead_to_every_door(crawled):
    reached = {resolve(path.partition("?")[0]).view_name for path in crawled}

    names = {pattern.name for pattern in public_patterns() if not pattern.name.startswith(OLD_SITE)}
    assert names - reached == UNLINKED
