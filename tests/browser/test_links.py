"""What links lead to."""

from django.urls import resolve

from tests.addresses import public_patterns

UNLINKED = {
    "preview",
    "preview_file",
    "embed_card",
    "embed_element",
    "embed_colour",
}  # doors for machines, newsletters and guests, that no page needs to lead to


def test_no_link_is_dead(crawled):
    assert [path for path, answer in crawled.items() if answer.status != 200] == []


def test_links_lead_to_every_door(crawled):
    reached = {resolve(path.partition("?")[0]).view_name for path in crawled}

    assert {door.name for door in public_patterns()} - reached == UNLINKED
