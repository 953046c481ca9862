"""HTML kept clean, shown with an index, read as plain words."""

import pytest

from areaomogenea.prose.html import clean, for_reading, plain, reading_minutes, word_count


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><script>alert(1)</script></mtext></math>",
        '<p style="position:fixed">x</p>',
        '<iframe src="https://example.org"></iframe>',
        "<style>*{display:none}</style>",
        '<p onclick="alert(1)">x</p>',
        '<form action="/x"><input name=a></form>',
        '<p id="contenuto" class="x">x</p>',
    ],
)
def test_nothing_that_runs_or_dresses_is_kept(hostile):
    kept = clean(hostile)

    for trace in ("script", "alert", "javascript", "data:", "style", "iframe", "onclick", "form", "id=", "class="):
        assert trace not in kept


def test_meaning_is_kept():
    html = '<h2>Uno</h2><p>Due <strong>tre</strong> <a href="https://example.org" rel="noopener">qui</a></p>'

    assert clean(html) == html


def test_plain_keeps_words_apart():
    assert (
        plain("<h2>Uno</h2><p>due<br>tre &amp; quattro</p><ul><li>cinque</li></ul>")
        == "Uno\ndue\ntre & quattro\ncinque"
    )


def test_sections_get_different_anchors():
    html, sections = for_reading("<h2>Perché</h2><p>a</p><h2>Perché</h2>")

    assert sections == [("perche", "Perché"), ("perche-2", "Perché")]
    assert 'id="perche-2"' in html


def test_table_scrolls_in_a_frame_of_its_own():
    html, _ = for_reading("<table><caption>Le «date»</caption><tbody><tr><td>x</td></tr></tbody></table>")

    assert html.startswith('<div class="table-responsive" role="region" tabindex="0" aria-label="Le «date»"><table>')


def test_reading_time_is_at_least_a_minute():
    assert reading_minutes("<p>Breve.</p>") == 1
    assert reading_minutes("<p>" + "parola " * 401 + "</p>") == 3
    assert word_count("<p>una <em>due</em> tre</p>") == 3
