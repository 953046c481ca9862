"""What a change would make of a page is all told: to who decides on it, to who merges it, and to nobody else."""

import pytest

from areaomogenea.prose.diff import body_lines, lines_of, told_apart
from areaomogenea.publishing.revisions import differences
from areaomogenea.publishing.snapshots import shown, versioned_fields
from initiatives.models import Initiative
from news.models import Communique

from .factories import make_communique, make_initiative, make_municipality, make_picture, make_topic, picture_file
from .test_decisions import somebody
from .test_desk import LIST
from .test_history import change, form_of

pytestmark = pytest.mark.django_db
INITIATIVES = "/admin/initiatives/initiative/"
FOREIGN = "una pagina che non segui tu"


def row(cells):
    return f"<table><tbody><tr>{cells}</tr></tbody></table>"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            '<img src="/file/immagini/2026/a.webp" alt="Piazza">',
            '<img src="/file/immagini/2026/b.webp" alt="Piazza">',
            "b",
        ),
        ('<p><abbr title="Sportello">SU</abbr></p>', '<p><abbr title="Ladri">SU</abbr></p>', "SU [Ladri]"),
        ("<ol><li>a</li></ol>", '<ol start="5"><li>a</li></ol>', "[numerato da 5]"),
        ('<p><a href="/x">Leggi qui</a></p>', '<p>Leggi <a href="/x">qui</a></p>', "[collegamento href: /x]qui"),
        ("<p>10<sup>2</sup></p>", "<p>102</p>", "102"),
        (row("<td>a</td>"), row('<td colspan="2">a</td>'), "[su 2 colonne] a"),
        (row("<td>a</td>"), row("<th>a</th>"), "[intestazione]a"),
        (row("<td>a</td><td>b</td>"), row("<td>a</td></tr><tr><td>b</td>"), "[riga][cella]b"),
    ],
    ids=["picture", "acronym", "number of a list", "words of a link", "index", "cells in one", "heading", "rows"],
)
def test_what_words_hide_is_told(before, after, expected):
    one, other = told_apart(lines_of(before), lines_of(after))

    assert one != other
    assert expected in other


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<h2>Orari</h2><p>Lunedì</p>", "<p><strong>Orari</strong></p><p>Lunedì</p>"),
        ("<ol><li>uno</li></ol>", "<ul><li>uno</li></ul>"),
        ("<p>uno<br>due</p>", "<p>uno</p><p>due</p>"),
        ('<p><a href="/x">qui</a></p>', '<p><a href="/x" rel="noopener">qui</a></p>'),
    ],
    ids=["headings and bold", "kind of list", "paragraphs", "what the portal adds"],
)
def test_what_only_looks_another_way_is_a_matter_of_form(before, after):
    assert len(set(told_apart(lines_of(before), lines_of(after)))) == 1


def test_ordinary_words_are_told_as_readers_see_them():
    assert body_lines('<p>Del <abbr title="Sportello unico">SUAP</abbr></p><ol start="3"><li>a</li></ol>') == (
        "Del SUAP [Sportello unico]\n[numerato da 3]\n• a"
    )


def test_seconds_are_told_when_there_are_some():
    field = next(field for field in versioned_fields(Communique) if field.name == "publish_at")
    hours = "2026-05-05T10:00:00+00:00", "2026-05-05T10:00:31+00:00"

    texts = [shown(field, hour, None)[0].words for hour in hours]

    assert texts == ["5 maggio 2026, 12:00", "5 maggio 2026, 12:00:31"]


def test_picture_of_the_same_words_is_told_by_its_file():
    live = make_communique([make_topic()], picture=make_picture())
    live.propose(None, live.content() | {"picture": make_picture(file=picture_file("altra.png")).pk})

    page = somebody().get(f"{LIST}{live.pk}/proposta/").text

    assert "Le stesse parole" not in page
    assert "altra.webp" in page


def test_pages_of_the_same_title_are_told_by_their_address():
    one, other = (make_communique(title="Il ponte", slug=slug) for slug in ("ponte", "ponte-2"))
    live = make_communique([make_topic()])
    live.linked.set([one])
    live.keep_first_version()
    live.propose(None, live.content() | {"linked": [other.pk]})

    page = somebody().get(f"{LIST}{live.pk}/proposta/").text

    assert "/ponte-2/" in page


def test_what_the_line_of_a_row_leaves_out_is_told_when_it_changes():
    cer = make_initiative()
    cer.questions.create(question="Come?", answer="<p>Così</p>")
    before = cer.content()
    row = before["questions"][0]

    (difference,) = differences(Initiative, before, before | {"questions": [row | {"position": 7}]}, None)

    assert not difference.is_of_form
    assert "posizione: 7" in "".join(text for kind, text in difference.passages if kind != "removed")


def figure(picture):
    return f'<p>Testo</p><figure><img src="{picture.file.url}" alt="La piazza"></figure>'


def test_who_left_a_text_alone_brings_no_picture_back():
    draft = make_communique([make_topic()], status="draft", body=figure(make_picture()))
    draft.keep_first_version()
    read = form_of(draft, title="Il mio titolo")
    body = figure(make_picture(file=picture_file("giusta.png")))
    somebody("Redattore").post(change(draft), form_of(draft, body=body))

    somebody("Redattore").post(change(draft), read)

    stored = Communique.objects.get(pk=draft.pk)
    assert (stored.title, "giusta.webp" in stored.body) == ("Il mio titolo", True)


def test_two_pictures_of_the_same_words_are_a_conflict():
    draft = make_communique([make_topic()], status="draft", body=figure(make_picture()))
    draft.keep_first_version()
    read = form_of(draft, body=figure(make_picture(file=picture_file("mia.png"))))
    body = figure(make_picture(file=picture_file("sua.png")))
    somebody("Redattore").post(change(draft), form_of(draft, body=body))

    page = somebody("Redattore").post(change(draft), read)

    assert [conflict.name for conflict in page.context["adminform"].form.conflicts] == ["body"]
    assert "sua.webp" in Communique.objects.get(pk=draft.pk).body


# What others prepare


@pytest.fixture
def mine():
    return make_municipality()


@pytest.fixture
def secret():
    return make_communique([make_topic()], [make_municipality()], status="draft", title="Zuzzurellone", slug="zuzzu")


@pytest.fixture
def local(mine):
    local = somebody("Redattore comunale")
    local.user.assignments.create(municipality=mine)
    return local


def test_titles_of_linked_pages_of_others_are_told_to_nobody_else(local, mine, secret):
    page = make_communique([make_topic()], [mine])
    page.keep_first_version()
    page.linked.set([secret])
    revision = page.record(None, "saved")
    page.propose(None, page.content() | {"linked": []})

    for address in (f"storia/{revision.pk}/", "proposta/"):
        text = local.get(f"{LIST}{page.pk}/{address}").text
        assert "zuzzu" not in text.lower()
        assert FOREIGN in text
        assert "Zuzzurellone" in somebody().get(f"{LIST}{page.pk}/{address}").text


def test_titles_of_sources_of_others_are_told_to_nobody_else(local, mine, secret):
    cer = make_initiative([make_topic()], [mine], status="draft")
    cer.keep_first_version()
    cer.milestones.create(title="Tappa", on="2024-01-01", source=secret)
    cer.amounts.create(what="Bando", euros=10, funder="Regione", source=secret)
    cer.participations.create(municipality=mine, source=secret)
    revision = cer.record(None, "saved")

    for address in (f"storia/{revision.pk}/", "change/", "comuni/", f"comuni/{mine.slug}/"):
        text = local.get(f"{INITIATIVES}{cer.pk}/{address}").text
        assert "zuzzu" not in text.lower()
        assert FOREIGN in text
        assert "Zuzzurellone" in somebody().get(f"{INITIATIVES}{cer.pk}/{address}").text


def test_source_of_others_stays_when_the_rest_of_its_row_is_written(local, mine, secret):
    cer = make_initiative([make_topic()], [mine], status="draft")
    crema = cer.participations.create(municipality=mine, source=secret)
    typed = {"state": "declined", "source": FOREIGN, "seen_version": cer.version}

    local.post(f"{INITIATIVES}{cer.pk}/comuni/{mine.slug}/", typed)

    crema.refresh_from_db()
    assert (crema.state, crema.source_id) == ("declined", secret.pk)
