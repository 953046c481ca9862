"""What pages tell engines and social sites, and the picture that stands for them."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import extruct
import pytest
import time_machine
from django.core.files.storage import default_storage
from lxml import html
from PIL import Image

from areaomogenea.distribution.social_images import card_address, drawn, fitted, rings
from areaomogenea.publishing.models import Publication

from .addresses import address_of, public_patterns
from .factories import (
    make_communique,
    make_deadline,
    make_editor,
    make_initiative,
    make_municipality,
    make_office,
    make_picture,
    make_topic,
    rome,
)
from .test_costs import furnish

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # how JSON-LD and cards are written
BEFORE = time_machine.travel(datetime(2026, 11, 24, 11, tzinfo=UTC), tick=False)  # what is yet to come can be moved
OFFSETS = {timedelta(hours=1), timedelta(hours=2)}  # of clocks in Italy


def json_ld(client, address):
    """What a page says in JSON-LD, by its type."""
    blocks = extruct.extract(client.get(address).text, syntaxes=["json-ld"])["json-ld"]
    assert all(block["@context"] == "https://schema.org" for block in blocks)
    return {block.get("@type", "graph"): block for block in blocks}


def events(client, address):
    """By their name, with what engines want of each."""
    nodes = json_ld(client, address).get("graph", {"@graph": []})["@graph"]
    for event in nodes:
        assert event["@type"] == "Event"
        assert {"name", "startDate", "eventStatus", "description", "organizer", "image", "url"} <= event.keys()
        if "location" in event:
            assert {"address", "url"} & event["location"].keys()
        for name in ("startDate", "endDate"):
            if len(event.get(name, "")) > 10:
                assert datetime.fromisoformat(event[name]).utcoffset() in OFFSETS
    return {event["name"]: event for event in nodes}


def make_meeting(publication, **overrides):
    fields = {"kind": "incontro", "title": "Assemblea", "opens_at": rome(2027, 3, 1, 18), "closes_at": None}
    return make_deadline(publication, **fields | overrides)


def card_of(client, publication):
    return client.get(f"/carta/{publication.kind}/{publication.slug}.png")


def read(response):
    return Image.open(BytesIO(b"".join(response)))


def test_article_is_told_with_its_dates_and_places(client):
    crema = make_municipality(name="Crema")
    communique = make_communique([make_topic(name="Energia")], [crema], title="Bando & premi", picture=make_picture())

    article = json_ld(client, communique.get_absolute_url())["NewsArticle"]

    assert article["headline"] == "Bando & premi"
    assert article["keywords"] == ["Energia"]
    assert article["contentLocation"] == [{"@type": "AdministrativeArea", "name": "Crema"}]
    assert article["dateModified"] == article["datePublished"]
    assert article["image"][0]["url"].endswith(f"/carta/comunicati/{communique.slug}.png")


def test_words_of_an_editor_do_not_end_the_data(client):
    communique = make_communique(title="</script><script>alert(1)</script>", summary="<!-- & -->")

    page = client.get(communique.get_absolute_url()).text

    assert "<script>alert(1)" not in page
    assert json_ld(client, communique.get_absolute_url())["NewsArticle"]["headline"] == communique.title


def test_path_to_a_page_is_told(client):
    communique = make_communique()

    steps = json_ld(client, communique.get_absolute_url())["BreadcrumbList"]["itemListElement"]

    assert [step["name"] for step in steps] == ["Home", "Novità", "Comunicati", communique.title]
    assert [step["position"] for step in steps] == [1, 2, 3, 4]


def test_home_tells_whose_it_is_and_how_to_search(client):
    organization, site = json_ld(client, "/")["graph"]["@graph"]

    assert organization["@type"] == "GovernmentOrganization"
    assert site["potentialAction"]["target"] == "http://testserver/cerca/?q={parole}"


@pytest.mark.parametrize("make", [make_communique, make_initiative])
def test_shared_page_has_its_picture_and_its_one_address(client, make):
    page = client.get(f"{make().get_absolute_url()}?utm_source=x").text

    assert re.search(r'property="og:image" content="http://testserver/carta/[a-z]+/[\w-]+\.png"', page)
    assert page.count('rel="canonical"') == 1
    assert "utm_source" not in page


def test_lost_page_has_no_address_of_its_own(client):
    assert "canonical" not in client.get("/novita/notizie/mai-esistita/").text


def test_card_is_made_once_and_renewed_on_change(client):
    communique = make_communique(title="Il ponte")

    first = b"".join(card_of(client, communique))
    made = default_storage.listdir("carte")[1]
    again = b"".join(card_of(client, communique))
    communique.title = "Il ponte riapre"
    communique.save()
    changed = b"".join(card_of(client, communique))

    assert first == again != changed
    assert len(made) == len(default_storage.listdir("carte")[1]) == 1
    assert read([first]).size == (1200, 630)


@pytest.mark.parametrize(
    "mark", ["\n", "\u2028", "\u2029", "\x0b", "\x1e", "\x85", "\x01", "\u202e", "\ufeff", "\uffff"]
)
def test_card_is_drawn_whatever_its_letters(client, mark):
    communique = make_communique([make_topic(name=f"Ener{mark}gia")], title=f"Due{mark}parole")

    assert client.get(card_address(communique)).content.startswith(b"\x89PNG")


@pytest.mark.parametrize("in_the_way", ["carte", ""])
def test_card_is_drawn_where_nothing_can_be_kept(client, settings, in_the_way):
    communique = make_communique()
    path = settings.MEDIA_ROOT / in_the_way
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"a file where the folder would be")

    response = card_of(client, communique)

    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response.content.startswith(b"\x89PNG")


def test_card_is_remembered_as_briefly_as_its_page(client):
    communique = make_communique()

    page, card = client.get(communique.get_absolute_url()), card_of(client, communique)

    assert card.headers["Cache-Control"] == page.headers["Cache-Control"]
    assert card.headers["ETag"]


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_what_is_hidden_has_no_card(client, state):
    assert card_of(client, make_communique(status=state)).status_code == 404


def test_card_marks_the_comuni_concerned():
    own, distant = make_municipality(outline="M0 0l400 0 0 400z"), make_municipality(outline="M600 600l300 0 0 200z")
    make_communique(places=[own])
    make_communique(places=[distant])
    one, other = Publication.objects.with_topics().with_places()

    assert drawn(one) != drawn(other)


@pytest.mark.parametrize("title", ["Sì", "parola " * 28, "x" * 200, "Città, 24 ore " * 14])
def test_any_title_fits(title):
    size, lines = fitted(title)

    assert all(lines)
    assert len(lines) * size * 1.16 < 400


def test_outline_is_read_ring_by_ring():
    assert list(rings("M0 0l9 0 0 9zM20 20l5 0 0 5z")) == [[(0, 0), (9, 0), (9, 9)], [(20, 20), (25, 20), (25, 25)]]


@BEFORE
@pytest.mark.parametrize("make", [make_communique, make_initiative])
def test_meeting_is_an_event_with_its_hours(client, make):
    page = make(summary="Se ne parla insieme.")
    meeting = make_meeting(page, closes_at=rome(2027, 7, 1, 20, 30), place="Crema, Sala degli Ostaggi")

    for address in (page.get_absolute_url(), "/calendario/"):
        event = events(client, address)["Assemblea"]
        assert event["@id"] == f"urn:uuid:{meeting.uid}"
        assert (event["startDate"], event["endDate"]) == ("2027-03-01T18:00:00+01:00", "2027-07-01T20:30:00+02:00")
        assert event["url"] == f"http://testserver{meeting.get_absolute_url()}"
        assert event["eventStatus"] == "https://schema.org/EventScheduled"
        assert event["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
        assert event["location"] == {"@type": "Place"} | dict.fromkeys(("name", "address"), "Crema, Sala degli Ostaggi")
        assert event["organizer"]["name"] == "Area Omogenea Cremasca"
        assert event["audience"] == [{"@type": "Audience", "audienceType": "Cittadini"}]
        assert "previousStartDate" not in event


def test_day_without_an_hour_stays_a_day(client):
    page = make_communique(summary="Se ne parla insieme.")
    make_meeting(page, is_all_day=True, opens_at=rome(2027, 3, 1), closes_at=rome(2027, 3, 2, 23, 59, 59))

    event = events(client, page.get_absolute_url())["Assemblea"]

    assert (event["startDate"], event["endDate"]) == ("2027-03-01", "2027-03-02")


@BEFORE
def test_meeting_that_was_moved_says_when_it_was(client):
    page = make_communique(summary="Se ne parla insieme.")
    meeting = make_meeting(page)
    meeting.move(make_editor(), "La sala non era libera", opens_at=rome(2027, 3, 8, 18))
    meeting.move(make_editor(), "Dura di più", closes_at=rome(2027, 3, 8, 21))
    meeting.move(make_editor(), "Nevica", opens_at=rome(2027, 3, 15, 18), closes_at=rome(2027, 3, 15, 21))

    event = events(client, page.get_absolute_url())["Assemblea"]

    assert event["eventStatus"] == "https://schema.org/EventRescheduled"
    assert event["startDate"] == "2027-03-15T18:00:00+01:00"
    assert event["previousStartDate"] == ["2027-03-01T18:00:00+01:00", "2027-03-08T18:00:00+01:00"]


@BEFORE
def test_meeting_that_only_ends_later_was_not_moved(client):
    page = make_communique(summary="Se ne parla insieme.")
    make_meeting(page).move(make_editor(), "Dura di più", closes_at=rome(2027, 3, 1, 22))

    event = events(client, page.get_absolute_url())["Assemblea"]

    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["endDate"] == "2027-03-01T22:00:00+01:00"


def test_meeting_that_was_called_off_says_so_and_why(client):
    page = make_communique(summary="Se ne parla insieme.")
    make_meeting(page).call_off(make_editor(), "Neve")

    event = events(client, page.get_absolute_url())["Assemblea"]

    assert event["eventStatus"] == "https://schema.org/EventCancelled"
    assert event["startDate"] == "2027-03-01T18:00:00+01:00"
    assert event["description"] == "Annullato: Neve\nSe ne parla insieme."


@pytest.mark.parametrize(
    ("place", "url", "location", "mode"),
    [
        ("Crema", "", "Place", "OfflineEventAttendanceMode"),
        ("", "https://example.org/stanza", "VirtualLocation", "OnlineEventAttendanceMode"),
        ("Crema", "https://example.org/iscrizioni", "Place", None),
        ("", "", None, None),
    ],
)
def test_where_it_takes_place_is_told_as_far_as_it_is_known(client, place, url, location, mode):
    page = make_communique(summary="Se ne parla insieme.")
    make_meeting(page, place=place, url=url)

    event = events(client, page.get_absolute_url())["Assemblea"]

    assert event.get("location", {}).get("@type") == location
    assert event.get("eventAttendanceMode") == (f"https://schema.org/{mode}" if mode else None)


def test_term_is_no_event(client):
    page = make_communique(summary="Se ne parla insieme.")
    make_deadline(page)

    for address in (page.get_absolute_url(), "/calendario/", "/scadenze/"):
        assert "Domande" in client.get(address).text
        assert events(client, address) == {}


def test_project_is_told_with_who_takes_part_and_who_pays(client):
    crema = make_municipality(name="Crema")
    initiative = make_initiative(
        [make_topic(name="Energia")],
        [crema],
        title="Fibra & rame",
        office=make_office(name="Ufficio reti", email="a@b.it", phone=""),
    )
    initiative.participations.create(municipality=crema)
    initiative.participations.create(municipality=make_municipality(name="Offanengo"), state="declined")
    initiative.amounts.create(what="Cavi", euros=5, funder="Regione Lombardia")

    page = json_ld(client, initiative.get_absolute_url())["WebPage"]

    project = page["mainEntity"]
    assert page["name"] == project["name"] == "Fibra & rame"
    assert page["datePublished"] <= page["dateModified"]
    assert project["member"] == [{"@type": "GovernmentOrganization", "name": "Comune di Crema"}]
    assert project["funder"] == [{"@type": "Organization", "name": "Regione Lombardia"}]
    assert project["contactPoint"] == [{"@type": "ContactPoint", "name": "Ufficio reti", "email": "a@b.it"}]
    assert project["parentOrganization"]["@id"] == page["publisher"]["@id"]


def test_nobody_is_named_where_only_the_number_is_public(client):
    initiative = make_initiative(known="count", reported_count=12, reported_by="Giornale")
    initiative.participations.create(municipality=make_municipality())

    assert "member" not in json_ld(client, initiative.get_absolute_url())["WebPage"]["mainEntity"]


@pytest.mark.slow
def test_every_path_that_readers_see_is_told(client):
    furnish(1)
    checked = []
    for pattern in public_patterns():
        response = client.get(address_of(pattern), follow=True)
        if not response.headers["Content-Type"].startswith("text/html"):
            continue
        page = html.fromstring(response.text)
        seen = page.xpath('//nav[@data-element="breadcrumb"]//li')
        if not seen:
            continue
        steps = json_ld(client, response.request["PATH_INFO"])["BreadcrumbList"]["itemListElement"]
        links = [step.find("a") for step in seen]
        assert [step["name"] for step in steps] == [step.text_content().removesuffix("/").strip() for step in seen]
        assert [step["position"] for step in steps] == list(range(1, len(seen) + 1))
        assert [step.get("item") for step in steps] == [
            None if link is None else f"http://testserver{link.get('href')}" for link in links
        ]
        checked.append(pattern.name)
    lists = {"news", "avvisi:index", "iniziative:index", "scadenze:index", "calendario:index", "topics:index"}
    assert lists | {"municipalities:index", "municipality", "search", "glossary", "site_map"} <= set(checked)
