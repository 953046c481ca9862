"""Feeds: what other programs read in them, whatever becomes of a page."""

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone
from time_machine import travel

from areaomogenea.distribution.feeds import absolute

from .factories import make_communique, make_editor, make_initiative, make_municipality, make_picture, make_topic

# How XML and JSON are written; what is published, tests/test_leaks.py asks on both.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
FORMS = ["/feed/rss.xml", "/feed/atom.xml"]
ALL = [*FORMS, "/feed/feed.json"]


def entries(client, address):
    """(title, identifier) of each, as a reader of feeds sees them."""
    response = client.get(address)
    if response.headers["Content-Type"].startswith("application/feed+json"):
        return [(item["title"], item["id"]) for item in json.loads(response.content)["items"]]
    read = feedparser.parse(response.content)
    assert not read.bozo, read.get("bozo_exception")
    return [(entry.title, entry.id) for entry in read.entries]


@pytest.mark.parametrize("address", ALL)
def test_latest_comes_first(client, address):
    for days in (3, 1, 2):
        make_communique(title=f"Di {days} giorni fa", publish_at=timezone.now() - timedelta(days=days))

    assert [title for title, _ in entries(client, address)] == [f"Di {days} giorni fa" for days in (1, 2, 3)]


@pytest.mark.parametrize("letter", ["\x01", "\x1f", "\ufffe", "\uffff"])
@pytest.mark.parametrize("address", ["/feed/rss.xml?testo=intero", "/feed/atom.xml?testo=intero"])
def test_letters_that_xml_cannot_hold_are_left_out(client, address, letter):
    topic, place = make_topic(name=f"Ener{letter}gia"), make_municipality(name=f"Cre{letter}ma")
    communique = make_communique([topic], [place], title=f"Da{letter}ta", summary=f"In{letter} breve")
    type(communique).objects.update(body=f"<p>Te{letter}sto</p>")

    assert [title for title, _ in entries(client, address)] == ["Data"]


def test_break_of_a_word_processor_parts_words(client):
    make_communique(title="Bando\x0bper i Comuni\x0c2026")

    assert [title for title, _ in entries(client, "/feed/rss.xml")] == ["Bando per i Comuni 2026"]


def test_no_words_that_somebody_seeks_break_the_feed(client):
    response = client.get("/feed/rss.xml", {"q": "a\x01b\x0b"})

    assert "con «ab»" in ElementTree.fromstring(response.content).findtext("channel/title")


@pytest.mark.parametrize("address", ALL)
def test_identifier_outlives_title_address_and_kind(client, address):
    communique = make_communique()
    before = entries(client, address)
    communique.title, communique.slug, communique.kind = "Altro titolo", "altro-indirizzo", "avvisi"
    communique.save()

    after = entries(client, address)

    assert before[0][1] == after[0][1]
    assert before[0][0] != after[0][0]


@pytest.mark.parametrize("address", FORMS)
def test_entry_says_all_that_its_page_says(client, address):
    energy, crema = make_topic(name="Energia"), make_municipality(name="Crema")
    published, updated = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)
    communique = make_communique(
        [energy], [crema], kind="avvisi", title="Bando & premi", summary="Tutti i “premi”", publish_at=published
    )
    type(communique).objects.update(updated_at=updated, picture=make_picture())

    entry = feedparser.parse(client.get(address).content).entries[0]

    assert (entry.title, entry.summary) == ("Bando & premi", "Tutti i “premi”")
    assert entry.link == f"http://testserver{communique.get_absolute_url()}"
    assert [tag.term for tag in entry.tags] == ["Avvisi", "Energia"]
    assert entry.published_parsed[:4] == (2026, 3, 1, 9)
    assert entry.enclosures[0].type == "image/webp"


def test_json_entry_says_all_that_its_page_says(client):
    energy, crema = make_topic(slug="energia"), make_municipality(istat_code="019035")
    make_communique([energy], [crema], kind="avvisi", picture=make_picture())

    feed = json.loads(client.get("/feed/feed.json").content)

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    item = feed["items"][0]
    assert (item["_area_omogenea"]["kind"], item["_area_omogenea"]["kind_label"]) == ("avvisi", "Avviso")
    assert (item["_area_omogenea"]["topics"], item["_area_omogenea"]["municipalities"]) == (["energia"], ["019035"])
    assert item["image"].startswith("http://testserver/file/")
    assert item["content_text"]


@pytest.mark.parametrize("address", ALL)
def test_whole_text_is_there_for_who_asks(client, address):
    make_communique(body='<p>Il testo <a href="/argomenti/">intero</a></p>')

    short, whole = client.get(address).text, client.get(f"{address}?testo=intero").text

    assert "Il testo" not in short
    assert "Il testo" in whole
    assert "http://testserver/argomenti/" in whole


def test_words_that_look_like_an_address_of_ours_are_left_alone():
    html = '<p>Scrivi href="/x/" e non src="/y/": <a href="/argomenti/" rel="noopener">qui</a></p>'

    assert absolute(html) == html.replace('<a href="/', '<a href="http://testserver/')


@pytest.mark.parametrize("address", ALL)
def test_selection_narrows(client, address):
    energy, crema = make_topic(slug="cer"), make_municipality(slug="crema")
    other = make_municipality(slug="offanengo")
    initiative = make_initiative(slug="fibra")
    matching = make_communique([energy], [crema], kind="avvisi", title="Voluto ponte")
    matching.linked.add(initiative)
    make_communique([], [other], kind="notizie", title="Altro")

    for query in ("tipo=avvisi", "argomento=cer", "comune=crema", "iniziativa=fibra", "q=ponte"):
        assert [title for title, _ in entries(client, f"{address}?{query}")] == ["Voluto ponte"], query


@pytest.mark.parametrize("address", ALL)
def test_initiatives_are_no_entries_of_the_news(client, address):
    make_initiative()

    assert entries(client, address) == []


@pytest.mark.parametrize("address", ALL)
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("tipo=iniziative", "tipo"),
        ("argomento=x", "argomento"),
        ("comune=atlantide", "comune"),
        ("comune=%00", "comune"),
        ("iniziativa=x", "iniziativa"),
        ("quanti=1000000000", "quanti"),
        ("quanti=-1", "quanti"),
        ("quanti=due", "quanti"),
        ("testo=x", "testo"),
        (f"q={'x' * 201}", "q"),
    ],
)
def test_what_cannot_be_understood_is_refused_in_plain_words(client, address, query, name):
    response = client.get(f"{address}?{query}")

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.startswith(f"{name}: ")


@pytest.mark.parametrize("address", ALL)
def test_parameter_that_it_does_not_know_is_refused_by_name(client, address):
    one, several = client.get(f"{address}?topic=cer"), client.get(f"{address}?topic=cer&comune=x&{'z' * 60}=1")

    assert (one.status_code, one.text) == (400, "Questo indirizzo non ha un parametro «topic».\n")
    assert several.status_code == 400
    assert several.text.splitlines()[1] == f"Questo indirizzo non ha i parametri «topic», «{'z' * 40}»."


@pytest.mark.parametrize("address", ALL)
def test_who_has_it_already_gets_no_second_copy(client, address):
    make_communique()
    first = client.get(address)

    for header in ({"if_none_match": first.headers["ETag"]}, {"if_modified_since": first.headers["Last-Modified"]}):
        assert client.get(address, headers=header).status_code == 304
    make_communique(title="Nuovo", publish_at=timezone.now() - timedelta(seconds=1))
    assert client.get(address, headers={"if_none_match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("address", ALL)
def test_who_has_what_was_withdrawn_is_told_so(client, address):
    """What is left is older: its hours alone would say that nothing has changed."""
    older = make_communique(title="Resta", publish_at=timezone.now() - timedelta(days=2))
    newer = make_communique(title="Sarà ritirato")
    first = client.get(address)
    with travel(timezone.now() + timedelta(seconds=2)):
        newer.withdraw(make_editor(), "Non era vero")
        again = client.get(address, headers={"if_modified_since": first.headers["Last-Modified"]})

    assert again.status_code == 200
    assert older.title in again.text
    assert newer.title not in again.text


@pytest.mark.parametrize("address", [*ALL, "/dati/novita.csv"])
@pytest.mark.parametrize("hidden", ["a draft", "a scheduled page", "a withdrawn page", "a withdrawal that nobody saw"])
def test_hours_of_a_feed_say_nothing_of_the_desk(client, address, hidden):
    make_communique()
    page = {
        "a draft": {"status": "draft"},
        "a scheduled page": {"publish_at": timezone.now() + timedelta(days=9)},
        "a withdrawn page": {"status": "withdrawn"},
        "a withdrawal that nobody saw": {"publish_at": timezone.now() + timedelta(days=9)},
    }
    communique = make_communique(**page[hidden])
    with travel(timezone.now() + timedelta(seconds=3)):
        first = client.get(address)
    with travel(timezone.now() + timedelta(seconds=60)):
        if hidden == "a withdrawal that nobody saw":
            communique.withdraw(make_editor(), "Mai uscito")
        communique.title = "Altro"
        communique.save()
        communique.record(None, "saved")
        later = client.get(address)

    assert later["Last-Modified"] == first["Last-Modified"]


@pytest.mark.parametrize("address", ALL)
def test_who_has_what_was_put_off_is_told_so(client, address):
    make_communique(title="Resta", publish_at=timezone.now() - timedelta(days=2))
    newer = make_communique(title="Rimandata")
    first = client.get(address)
    with travel(timezone.now() + timedelta(seconds=2)):
        newer.publish_at = timezone.now() + timedelta(days=3)
        newer.save()
        again = client.get(address, headers={"if_modified_since": first.headers["Last-Modified"]})

    assert again.status_code == 200
    assert "Rimandata" not in again.text


def test_hub_is_named_where_there_is_one(client, settings):
    settings.WEBSUB_HUB = "https://hub.example.org/"

    for address in ALL:
        assert "https://hub.example.org/" in client.get(address).text


# Opened in a browser

LOOKED_AT = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}


@pytest.mark.parametrize("address", ALL)
def test_feed_that_somebody_opens_is_a_page_that_says_what_it_is(client, address):
    energy = make_topic(slug="cer", name="Energia")
    make_communique([energy], title="Voluto")
    make_communique(title="Un altro")

    page = client.get(f"{address}?argomento=cer", headers=LOOKED_AT)

    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert "Questo indirizzo è per un programma di lettura" in page.text
    assert f"<code>http://testserver{address}?argomento=cer</code>" in page.text
    assert 'href="/novita/?argomento=cer"' in page.text
    assert "Voluto" in page.text
    assert "Un altro" not in page.text


@pytest.mark.parametrize("address", ALL)
@pytest.mark.parametrize("headers", [{}, {"Accept": "text/html"}, {"Sec-Fetch-Dest": "empty"}], ids=str)
def test_program_gets_the_feed_whatever_it_says_that_it_reads(client, address, headers):
    make_communique(title="Una novità")

    assert "html" not in client.get(address, headers=headers)["Content-Type"]


@pytest.mark.parametrize("address", ALL)
def test_page_of_a_feed_is_never_kept_where_a_program_could_find_it(client, address):
    page, feed = client.get(address, headers=LOOKED_AT), client.get(address)

    assert page["Cache-Control"] == "private, no-store"
    assert "Sec-Fetch-Dest" in page["Vary"]
    assert "Sec-Fetch-Dest" in feed["Vary"]


@pytest.mark.parametrize("address", ALL)
def test_page_of_a_feed_shows_only_what_is_published(client, address):
    for status in ("draft", "review", "withdrawn"):
        make_communique(status=status, title="Segreto")
    make_communique(title="Segreto", publish_at=timezone.now() + timedelta(days=1))

    assert "Segreto" not in client.get(address, headers=LOOKED_AT).text


@pytest.mark.parametrize("rows", [1, 5])
def test_page_of_a_feed_costs_the_same_for_more_rows(client, django_assert_max_num_queries, rows):
    for _ in range(rows):
        make_communique([make_topic()], [make_municipality()], picture=make_picture())

    with django_assert_max_num_queries(5):
        client.get("/feed/rss.xml", headers=LOOKED_AT)
