"""The river of news, its filters and the page of a communiqué."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from .factories import make_attachment, make_communique, make_municipality, make_picture, make_topic

pytestmark = pytest.mark.django_db


def test_kind_pages_show_their_kind_only(client):
    make_communique(kind="notizie", title="Una notizia")
    make_communique(kind="avvisi", title="Un avviso")

    page = client.get("/novita/avvisi/").text

    assert "Un avviso" in page
    assert "Una notizia" not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("argomento=cer", "Energia"),
        ("comune=crema", "A Crema"),
        ("tipo=avvisi", "Un avviso"),
        ("anno=2019", "Vecchia"),
    ],
)
def test_filters_live_in_the_address(client, query, expected):
    elsewhere = [make_municipality()]
    make_communique([make_topic(slug="cer")], elsewhere, title="Energia")
    make_communique(places=[make_municipality(slug="crema")], title="A Crema")
    make_communique(places=elsewhere, kind="avvisi", title="Un avviso")
    make_communique(places=elsewhere, publish_at=datetime(2019, 5, 1, tzinfo=UTC), title="Vecchia")

    page = client.get(f"/novita/?{query}").text

    shown = [title for title in ("Energia", "A Crema", "Un avviso", "Vecchia") if f">{title}</a>" in page]
    assert shown == [expected]


@pytest.mark.parametrize(
    ("query", "expected", "words"),
    [
        ("anno=2022&mese=10", ["Fine mese"], "avvisi di ottobre 2022"),
        ("dal=2022-10-31&al=2022-10-31", ["Fine mese"], "dal 31 ottobre 2022 al 31 ottobre 2022"),
        ("dal=01/11/2022", ["Primo del mese", "Oggi"], "dal 1º novembre 2022"),
        ("al=2022-11-01&tipo=avvisi", ["Primo del mese"], "al 1º novembre 2022"),
    ],
)
def test_archive_goes_by_months_and_between_days_of_rome(client, query, expected, words):
    make_communique(publish_at=datetime(2022, 10, 31, 22, 59, tzinfo=UTC), title="Fine mese")
    make_communique(publish_at=datetime(2022, 10, 31, 23, 0, tzinfo=UTC), title="Primo del mese", kind="avvisi")
    make_communique(title="Oggi")

    page = client.get(f"/novita/?{query}").text

    assert [title for title in ("Fine mese", "Primo del mese", "Oggi") if title in page] == expected
    assert words in " ".join(page.split())


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("mese=10", "Scegli anche l’anno."),
        ("anno=2022&mese=13", "Scrivi il mese da 1 a 12."),
        ("dal=ieri", "Scrivi il giorno come 31/12/2022."),
        ("dal=1999-01-01", "Le pubblicazioni cominciano dal 2004."),
        ("dal=2022-10-31&al=2022-10-30", "Viene prima del primo giorno."),
        ("al=9999-12-31", "Scegli un giorno più vicino."),
    ],
)
def test_time_that_is_none_is_told_at_its_field(client, query, message):
    make_communique(title="Una notizia")

    page = client.get(f"/novita/?{query}").text

    assert message in page
    assert "Una notizia" not in page


def test_archive_links_the_years_in_which_something_came_out(client):
    make_communique(publish_at=datetime(2019, 5, 1, tzinfo=UTC), kind="avvisi")
    make_communique(publish_at=datetime(2022, 12, 31, 22, 59, tzinfo=UTC))

    years = re.compile(r"anno=(\d+)\"")

    assert years.findall(client.get("/novita/?scadute=1").text) == ["2022", "2019"]
    assert years.findall(client.get("/novita/avvisi/?scadute=1").text) == ["2019"]


def test_where_nothing_is_current_the_list_shows_what_was(client):
    yesterday = timezone.now() - timedelta(days=1)
    make_communique(publish_at=yesterday - timedelta(days=1), expires_at=yesterday, kind="avvisi", title="Finito")
    make_communique(title="In corso")

    page = client.get("/novita/avvisi/").text

    assert "Adesso non c’è nulla in corso: ecco che cosa c’è stato." in page
    assert "Finito" in page
    assert "Finito" not in client.get("/novita/").text


def test_archive_links_the_months_in_which_something_came_out(client):
    make_communique(publish_at=datetime(2022, 10, 31, 22, 59, tzinfo=UTC), kind="avvisi")
    make_communique(publish_at=datetime(2022, 12, 31, 22, 59, tzinfo=UTC))

    months = re.compile(r"anno=2022&amp;mese=(\d+)")

    assert months.findall(client.get("/novita/?anno=2022").text) == ["10", "12"]
    assert months.findall(client.get("/novita/avvisi/?anno=2022&mese=10").text) == ["10"]
    assert months.findall(client.get("/novita/?anno=2021").text) == []


def test_page_links_keep_the_filters(client):
    topic = make_topic(slug="cer")
    for _ in range(13):
        make_communique([topic])

    assert "?argomento=cer&amp;prima=" in client.get("/novita/?argomento=cer").text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("argomento=boh", "Questo argomento non esiste"),
        ("comune=boh", "Questo Comune non è fra i 48"),
        ("tipo=boh", "Questo tipo non esiste"),
        ("anno=duemila", "quattro cifre"),
        ("anno=99999999999999999999", "quattro cifre"),
        ("anno=1066", "cominciano dal 2004"),
    ],
)
def test_unknown_filter_is_told_at_its_field_and_lists_nothing(client, query, message):
    make_communique(title="Di un altro Comune")

    response = client.get(f"/novita/?{query}")

    assert response.status_code == 200
    assert message in response.text
    assert "Un filtro non si è capito" in response.text
    assert "Di un altro Comune" not in response.text
    assert "Abbonati" not in response.text


@pytest.mark.parametrize("query", ["prima=boh", "dopo=20240101T000000Z.99999999999999999999"])
def test_bad_place_in_the_river_is_told_and_leads_to_its_start(client, query):
    make_communique(title="Resta visibile")

    response = client.get(f"/novita/?{query}")

    assert response.status_code == 200
    assert "riparti dalla prima" in response.text
    assert "Resta visibile" in response.text


def test_empty_river_says_so_and_shows_the_way_out(client):
    page = client.get("/novita/?anno=2020").text

    assert "Qui non c’è nulla, per ora" in page


def test_communique_shows_all_that_it_knows(client):
    topic, crema = make_topic(name="Comunità energetiche"), make_municipality(name="Crema", slug="crema")
    communique = make_communique(
        [topic],
        [crema],
        kind="notizie",
        title="Nasce la comunità",
        subtitle="Un sottotitolo",
        summary="In breve.",
        body="<h2>Primo</h2><p>Testo.</p><h2>Secondo</h2><p>Altro.</p>",
        publish_at=datetime(2022, 11, 15, 9, tzinfo=UTC),
        office="Ufficio energia",
        number="7/2022",
        source_name="Un giornale",
        source_url="https://example.org/articolo",
        source_licence="Per gentile concessione",
        picture=make_picture(alternative_text="Pannelli sul tetto", credit="Foto dell’archivio"),
    )
    make_attachment(communique, name="Lo statuto", description="Il testo approvato")

    page = client.get(communique.get_absolute_url()).text

    for shown in (
        "Nasce la comunità", "Un sottotitolo", "In breve.", "15 novembre 2022", "Comunità energetiche",
        "/comuni/crema/", "Ufficio energia", "7/2022", "Tratto da", "https://example.org/articolo",
        "Per gentile concessione",
        "Pannelli sul tetto", "Foto dell’archivio", "Lo statuto", "Il testo approvato", "PDF", '<a href="#secondo">',
    ):  # fmt: skip
        assert shown in page


def test_sections_of_a_text_share_no_id_with_the_page(client):
    communique = make_communique([make_topic()], office="Un ufficio", source_name="Un giornale", picture=make_picture())
    make_attachment(communique)
    names = ids_on(client.get(communique.get_absolute_url()).text)
    communique.body = "".join(f"<h2>{name}</h2><p>Testo.</p>" for name in names)
    communique.save()

    ids = ids_on(client.get(communique.get_absolute_url()).text)

    assert len(ids) == len(set(ids)) > len(names)


def ids_on(page):
    return re.findall(r' id="([^"]+)"', page)


@pytest.mark.parametrize(
    ("night", "element"),
    [
        (datetime(2023, 2, 28, 23, tzinfo=UTC), '<time datetime="2023-03-01">1º marzo 2023</time>'),
        (datetime(2023, 3, 10, 23, tzinfo=UTC), '<time datetime="2023-03-11">11 marzo 2023</time>'),
    ],
)
def test_days_are_those_of_rome_in_words(client, night, element):
    assert element in client.get(make_communique(publish_at=night).get_absolute_url()).text


def test_last_change_is_shown_only_when_there_was_one(client):
    communique = make_communique()
    assert "Aggiornato il" not in client.get(communique.get_absolute_url()).text

    communique.summary = "Corretto."
    communique.save()

    assert "Aggiornato il" in client.get(communique.get_absolute_url()).text


def test_withdrawn_page_is_gone_and_tells_nothing(client):
    communique = make_communique(title="Titolo ritirato", status="withdrawn")

    response = client.get(communique.get_absolute_url())

    assert response.status_code == 410
    assert "Questa pagina è stata ritirata" in response.text
    assert "Titolo ritirato" not in response.text


def test_address_of_another_kind_is_not_found(client):
    communique = make_communique(kind="notizie", slug="uno")

    assert client.get("/novita/avvisi/uno/").status_code == 404
    assert client.get(communique.get_absolute_url()).status_code == 200


def test_pages_may_be_shared_for_seconds_and_set_no_cookie(client):
    response = client.get(make_communique().get_absolute_url())

    assert "s-maxage=5" in response["Cache-Control"]
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_machines_read_the_day_of_the_document(client):
    page = make_communique([make_topic()], dated=date(2022, 11, 3))
    make_communique(title="Senza data")

    def dates_of(address, rows):
        response = client.get(address)
        return [row["data_del_documento"] for row in json.loads(b"".join(response))[rows]]

    items = client.get("/feed/feed.json").json()["items"]
    assert dates_of("/api/v1/novita", "dati") == [None, "2022-11-03"]
    assert dates_of("/dati/novita.json", "righe") == [None, "2022-11-03"]
    assert [item["_area_omogenea"]["dated"] for item in items] == [None, "2022-11-03"]
    for feed in ("rss", "atom"):
        assert client.get(f"/feed/{feed}.xml").text.count("<dcterms:created>2022-11-03</dcterms:created>") == 1
    assert '"dateCreated": "2022-11-03"' in client.get(page.get_absolute_url()).text
    assert "data_del_documento" in client.get("/dati/novita/").text


@pytest.mark.parametrize(("dated", "is_told"), [(date(2022, 11, 3), True), (date(2022, 11, 15), False), (None, False)])
def test_day_of_the_document_is_told_where_it_came_out_on_another(client, dated, is_told):
    hour = datetime(2022, 11, 14, 23, 30, tzinfo=UTC)  # in Rome the day after
    communique = make_communique([make_topic()], publish_at=hour, dated=dated)

    page = client.get(communique.get_absolute_url()).text

    assert ("Documento del" in page) is is_told
    assert ('<time datetime="2022-11-03">3 novembre 2022</time>' in page) is is_told
    assert ('"dateCreated":"2022-11-03"' in page.replace(": ", ":")) is is_told
