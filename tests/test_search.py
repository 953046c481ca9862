"""Search: Italian stems, the same answers whichever database runs this suite."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from areaomogenea.publishing.matches import MOST
from areaomogenea.publishing.models import Publication
from areaomogenea.search.engines import stems, words_of_text

from .factories import make_communique

pytestmark = pytest.mark.django_db
HOUR = datetime(2024, 3, 1, 9, tzinfo=UTC)


def titles_found(words):
    return [publication.title for publication in Publication.objects.published().search(words)]


@pytest.mark.parametrize("words", ["ponti", "ponte chiuso", "PONTE", "la chiusura del ponte", "durare giorni"])
def test_search_forgives_number_case_and_small_words(words):
    make_communique(title="Chiuso il ponte sul Serio", body="<p>La chiusura durerà due giorni.</p>")
    make_communique(title="Mercato in piazza")

    assert titles_found(words) == ["Chiuso il ponte sul Serio"]


@pytest.mark.parametrize("words", ["perché", "perchè", "città", "citta", "CITTÀ", "l'energia", "l’energia"])
def test_accents_and_apostrophes_do_not_matter(words):
    make_communique(title="L’energia della città", body="<p>Perché conviene.</p>")

    expected = [] if words.startswith("perch") else ["L’energia della città"]
    assert titles_found(words) == expected  # "perché" alone carries no meaning to look for


def test_title_matches_come_first_then_the_latest():
    make_communique(title="Bilancio", body="<p>Si parla di energia.</p>")
    make_communique(title="Energia per tutti")
    make_communique(title="Strade", summary="Energia e strade.")

    assert titles_found("energia") == ["Energia per tutti", "Strade", "Bilancio"]


def test_search_reaches_subtitle_summary_and_body_but_not_tags():
    make_communique(title="Uno", subtitle="Il sottotitolo parla di fontanili")
    make_communique(title="Due", body='<p>Un <a href="https://esempio.it/collegamento">testo</a>.</p>')

    assert titles_found("fontanile") == ["Uno"]
    assert titles_found("href") == titles_found("collegamento") == []


def test_changed_text_is_found_by_its_new_words_only():
    communique = make_communique(title="Mercato")
    communique.title = "Fiera"
    communique.save()

    assert (titles_found("mercato"), titles_found("fiera")) == ([], ["Fiera"])


def test_deleted_text_leaves_the_index():
    make_communique(title="Mercato").delete()
    make_communique(title="Fiera")

    assert titles_found("mercato") == []


def test_all_words_must_be_there():
    make_communique(title="Energia")
    make_communique(title="Energia e acqua")

    assert titles_found("acqua energia") == ["Energia e acqua"]


@pytest.mark.parametrize(
    "words",
    ["'; DROP TABLE x", '"', "a OR", "-", "***", "NEAR(", "title:x", "é", "😀", "a" * 5000, "\\", "& | !", "il la", ""],
)
def test_search_survives_what_people_type(words):
    make_communique(title="La città", body="<p>perché</p>")

    assert titles_found(words) in ([], ["La città"])


def test_stems_drop_small_words_and_fold_accents():
    assert stems("Le città dell’energia") == stems("citta energie")


@pytest.mark.parametrize("written", ["CER", "C.E.R.", "C.E.R", "C.E\u00ad.R.", "CE\u200bR"])
@pytest.mark.parametrize("query", ["cer", "C.E.R.", "C.E.R", "c\u200be\u00adr"])
def test_acronym_is_found_with_its_dots_and_without(written, query):
    communique = make_communique(title=f"Nasce la {written} di Crema")

    assert list(Publication.objects.search(query)) == [communique.publication_ptr]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Consorzio S.p.A.", ["consorzio", "spa"]),
        ("l’a.s. 2026/27, L.R. 12 e L.R.12", ["l", "as", "2026", "27", "lr", "12", "e", "lr", "12"]),
        ("D.Lgs. 33", ["d", "lgs", "33"]),
        ("www.a.b.it e 1.a.b", ["www", "a", "b", "it", "e", "1", "a", "b"]),
        ("fine.A capo", ["fine", "a", "capo"]),
    ],
)
def test_dots_make_an_acronym_between_single_letters_only(text, words):
    assert words_of_text(text) == words


MANY = MOST + 20


@pytest.fixture
def many():
    """More pages than are counted, all with one word; the first and the last have it in their title."""
    for number in range(MANY):
        title = f"Energia {number}" if number in (0, MANY - 1) else f"Pagina {number}"
        make_communique(title=title, body="<p>Energia.</p>", publish_at=HOUR + timedelta(minutes=number))


def test_first_of_many_are_told_as_the_first_of_more(client, many):
    page = client.get("/cerca/?q=energia").text
    last = client.get("/cerca/?q=energia&pagina=99").text

    assert f"Più di {MOST} risultati per <strong>energia</strong>" in " ".join(page.split())
    assert re.findall(r"Energia \d+|Pagina \d+", page)[:3] == ["Energia 519", "Energia 0", "Pagina 518"]
    assert "Pagina successiva" not in last
    assert f"Pagina {MANY - MOST + 1}" in last


def test_rest_of_what_is_counted_is_reached_by_the_interface_for_programs(client, many):
    address, titles = "/api/v1/cerca?q=energia&limite=100", []
    while address:
        page = client.get(address).json()
        titles += [row["titolo"] for row in page["dati"]]
        address = page["successiva"]

    pages = [f"Pagina {number}" for number in range(MANY - 2, 0, -1)]
    assert titles == [f"Energia {MANY - 1}", "Energia 0", *pages]


def test_feed_of_words_has_the_latest_wherever_they_stand(client, many):
    feed = client.get("/feed/feed.json?q=energia&quanti=3").json()

    assert [item["title"] for item in feed["items"]] == [f"Energia {MANY - 1}", "Pagina 518", "Pagina 517"]
