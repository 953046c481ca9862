"""Pages cut by date: an address keeps its meaning, and no page costs more than the first."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.pagination import Cursor, CursorField, page_of

from .factories import make_communique

START = datetime(2024, 1, 1, 9, tzinfo=UTC)


def river():
    return Publication.objects.published()


def titles(page):
    return [row.title for row in page.rows]


@pytest.fixture
def five(db):
    """Five communiqués, e the latest; c and d share their hour."""
    for title, hour in zip("abcde", (0, 1, 2, 2, 3), strict=True):
        make_communique(title=title, publish_at=START + timedelta(hours=hour))


def test_pages_follow_each_other_without_gap_or_overlap(five):
    first = page_of(river(), size=2)
    second = page_of(river(), before=first.older, size=2)
    third = page_of(river(), before=second.older, size=2)

    assert [titles(first), titles(second), titles(third)] == [["e", "d"], ["c", "b"], ["a"]]
    assert (first.newer, third.older) == (None, None)


def test_way_back_shows_the_same_rows(five):
    first = page_of(river(), size=2)
    second = page_of(river(), before=first.older, size=2)

    back = page_of(river(), after=second.newer, size=2)

    assert titles(back) == ["e", "d"]
    assert back.newer is None


def test_page_keeps_its_meaning_when_news_arrives(five):
    older = page_of(river(), size=2).older
    before = titles(page_of(river(), before=older, size=2))

    make_communique(title="nuova")

    assert titles(page_of(river(), before=older, size=2)) == before


def test_cursor_reads_back_what_it_writes():
    cursor = Cursor(START, 12)

    assert CursorField().clean(str(cursor)) == cursor


@pytest.mark.parametrize(
    "text", ["x", "20240101T090000Z", "20240101T090000Z.-1", "20249901T090000Z.1", "٣.٣", "." * 99]
)
def test_tampered_cursor_is_refused_in_italian(text):
    with pytest.raises(ValidationError, match="non è valido"):
        CursorField().clean(text)


@pytest.mark.parametrize("rows", [30, 90])
def test_deep_page_costs_one_query(db, rows, django_assert_num_queries):
    for n in range(rows):
        make_communique(publish_at=START + timedelta(minutes=n))
    deep = Cursor(START + timedelta(minutes=15), 0)

    with django_assert_num_queries(1):
        page_of(river(), before=deep)
