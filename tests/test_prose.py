"""HTML kept clean, shown with an index, read as plain words."""

import pytest
from django.core.exceptions import ValidationError

from areaomogenea.prose.addresses import address
from areaomogenea.prose.html import clean, for_reading, plain, reading_minutes, word_count
from areaomogenea.publishing.models import Publication


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


REGULAR = {
    "bare words": ("parole <b>forti</b>", "<p>parole <strong>forti</strong></p>"),
    "two breaks part a paragraph": ("<p>uno<br><br>due</p>", "<p>uno</p><p>due</p>"),
    "one break does not": ("<p>via Roma<br>Crema<br></p>", "<p>via Roma<br>Crema</p>"),
    "an h1 sends all headings down": (
        "<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4>",
        "<h2>a</h2><h3>b</h3><h4>c</h4><h4>d</h4>",
    ),
    "without an h1 they stay": ("<h2>b</h2><h5>c</h5>", "<h2>b</h2><h4>c</h4>"),
    "boxes dissolve": ("<div>uno<section><p>due</p>tre</section></div>", "<p>uno</p><p>due</p><p>tre</p>"),
    "definitions are paragraphs": ("<dl><dt>SUAP</dt><dd>Sportello</dd></dl>", "<p>SUAP</p><p>Sportello</p>"),
    "empty things go": (
        "<p>&nbsp;</p><h2> </h2><ul><li></li></ul><p><b></b>x</p><blockquote></blockquote>",
        "<p>x</p>",
    ),
    "a list in a list belongs to an item": (
        "<ul><li>a</li><ul><li>b</li></ul></ul>",
        "<ul><li><p>a</p><ul><li>b</li></ul></li></ul>",
    ),
    "bold around paragraphs is no emphasis": ("<b><p>a</p><p>b</p></b>", "<p>a</p><p>b</p>"),
    "a link around blocks goes inside": (
        '<a href="/x/"><h2>a</h2><p>b</p></a>',
        '<h2><a href="/x/" rel="noopener">a</a></h2><p><a href="/x/" rel="noopener">b</a></p>',
    ),
    "headers say what they head": (
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tr><th>c</th><td>d</td></tr></table>",
        (
            '<table><tbody><tr><th scope="col">a</th><th scope="col">b</th></tr>'
            '<tr><th scope="row">c</th><td>d</td></tr></tbody></table>'
        ),
    ),
    "no table in a table": (
        "<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>",
        "<table><tbody><tr><td><p>a</p><p>b</p></td></tr></tbody></table>",
    ),
    "words between cells come first": (
        "<table>a<tr><td>b</td></tr></table>",
        "<p>a</p><table><tbody><tr><td>b</td></tr></tbody></table>",
    ),
    "spaces": ("<p> a&nbsp;&nbsp; b&nbsp;c 12&nbsp;km </p>", "<p>a b c 12&nbsp;km</p>"),
    "unseen signs": ("<p>te\u00adst&#8203;o \u202eab\u202c</p>", "<p>testo ab</p>"),
}


@pytest.mark.parametrize(("html", "expected"), REGULAR.values(), ids=REGULAR)
def test_structure_is_made_regular_rather_than_lost(html, expected):
    assert clean(html) == expected
    assert clean(expected) == expected


ADDRESSES = {
    "https://a.it/?utm_source=x&id=7&fbclid=y#z": "https://a.it/?id=7#z",
    "https://a.it/?utm_source=x": "https://a.it/",
    "https://a.it/?q=utm_source": "https://a.it/?q=utm_source",
    "https://www.google.com/url?sa=D&q=https://a.it/%3Fb%3D1": "https://a.it/?b=1",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.it%2F%3Ffbclid%3Dz": "https://a.it/",
    "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.it%2F&data=x": "https://a.it/",
    "//a.it/x": "https://a.it/x",
    "www.a.it": "https://www.a.it",
    " /argomenti/cer/ ": "/argomenti/cer/",
    "mailto:suap@a.it": "mailto:suap@a.it",
    "tel:+390373": "tel:+390373",
    "#chi": "#chi",
    "https://www.comune.crema.it@evil.example/": "",
    "https:\\\\evil.example": "",
    "https://[::1": "",
    "javascript:alert(1)": "",
    "": "",
}


@pytest.mark.parametrize(("href", "expected"), ADDRESSES.items())
def test_link_leads_where_it_says_and_tells_nobody(href, expected):
    assert address(href) == expected


def test_first_row_of_headers_heads_the_table_of_a_page():
    html, _ = for_reading('<table><tbody><tr><th scope="col">a</th></tr><tr><td>b</td></tr></tbody></table>')

    assert '<thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td>b</td></tr></tbody>' in html


def test_sections_of_one_title_have_each_an_id_of_their_own():
    _, sections = for_reading("<h2>Documenti</h2><h2>Documenti</h2><h2>Orari</h2>")

    assert [anchor for anchor, _ in sections] == ["documenti", "documenti-2", "orari"]


@pytest.mark.django_db
def test_body_has_a_bound_that_is_told():
    with pytest.raises(ValidationError) as refused:
        Publication(body="x" * 200_001).full_clean()

    assert "200.001 caratteri, e il massimo è 200.000" in refused.value.message_dict["body"][0]
