"""The read API: what clients that did not write it read, and what becomes of every wrong turn."""

import json
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
import schemathesis
import time_machine
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from openapi_spec_validator import validate
from schemathesis import GenerationMode

from areaomogenea.distribution import resources
from areaomogenea.distribution.feeds import identifier
from areaomogenea.distribution.fields import SHORT, Field, Resource
from areaomogenea.distribution.opendata.datasets import DATASETS
from areaomogenea.publishing.revisions import Revision
from areaomogenea.wsgi import application

from .factories import (
    make_attachment,
    make_communique,
    make_deadline,
    make_editor,
    make_initiative,
    make_municipality,
    make_picture,
    make_topic,
)

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent
PROBLEM = "application/problem+json"
LISTS = ["novita", "iniziative", "scadenze", "argomenti", "comuni"]


@pytest.fixture
def ask(client):
    """ask("novita?tipo=avvisi") gives the answer, read; a problem is a failure."""

    def ask(address, **headers):
        response = client.get(f"/api/v1/{address}", headers=headers)
        assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json"), response.text
        return response.json()

    return ask


@pytest.fixture
def refused(client):
    """refused("novita?limite=0") gives (status, problem)."""

    def refused(address, method="get", **headers):
        response = getattr(client, method)(f"/api/v1/{address}", headers=headers)
        assert response.headers["Content-Type"] == PROBLEM, response.text
        problem = json.loads(response.content)
        assert problem["status"] == response.status_code
        return response.status_code, problem

    return refused


def titles(page):
    return [row["titolo"] for row in page["dati"]]


def make_withdrawn(**fields):
    """Readers saw it for an hour, then it was withdrawn."""
    communique = make_communique(**fields)
    communique.withdraw(make_editor(), "Era sbagliato.")
    return communique


def all_pages(ask, address):
    while address:
        page = ask(address)
        yield page
        address = page["successiva"] and page["successiva"].split("/api/v1/")[1]


def test_communique_is_told_with_all_that_its_page_says(ask):
    energy, crema = make_topic(slug="cer", name="Energia"), make_municipality(name="Crema", istat_code="019035")
    fields = {"title": "Bando & premi", "body": '<p>Un <a href="/cer/">testo</a>.</p><p>E poi.</p>', "kind": "avvisi"}
    source = {"source_name": "Il giornale", "source_licence": "CC BY"}
    communique = make_communique([energy], [crema], picture=make_picture(), subtitle="Sotto", **fields, **source)
    make_attachment(communique, name="L’atto")
    communique.correct(make_editor(), "La data era sbagliata.")

    data = ask(f"novita/{communique.pk}")

    assert data["id"] == identifier(communique)
    assert (data["tipo"], data["titolo"], data["sottotitolo"]) == ("avvisi", "Bando & premi", "Sotto")
    assert data["testo"] == "Un testo.\nE poi."
    assert 'href="http://testserver/cer/"' in data["testo_html"]
    assert data["argomenti"] == [{"slug": "cer", "nome": "Energia"}]
    assert data["comuni"] == [{"codice_istat": "019035", "nome": "Crema", "nell_area": True}]
    assert data["fonte"] == {"nome": "Il giornale", "indirizzo": None, "licenza": "CC BY"}
    assert [document["nome"] for document in data["allegati"]] == ["L’atto"]
    assert [correction["che_cosa"] for correction in data["correzioni"]] == ["La data era sbagliata."]
    assert data["immagine"]["indirizzo"].startswith("http://testserver/file/")
    assert data["pagina"] == f"http://testserver{communique.get_absolute_url()}"
    assert data["api"] == f"http://testserver/api/v1/novita/{communique.pk}"
    assert parse_datetime(data["pubblicato_il"]).utcoffset() is not None
    assert parse_datetime(data["pubblicato_il"]) == communique.publish_at


def test_initiative_is_told_with_who_takes_part(ask):
    initiative = make_initiative(lead="Consorzio.IT", partners="Regione\nProvincia")
    group = initiative.groups.create(name="CER Nord")
    crema, other = make_municipality(name="Crema"), make_municipality(name="Lodi", in_area=False)
    initiative.participations.create(municipality=crema, group=group, since=date(2024, 11, 28))
    initiative.participations.create(municipality=other, state="invited")
    initiative.milestones.create(title="Costituita", on=date(2024, 11, 28), precision="month", is_done=True)
    initiative.amounts.create(what="Impianti", euros="1200.50", funder="Regione", standing="granted")

    (data,) = ask("iniziative")["dati"]

    assert (data["stato"], data["con"], data["quanti_comuni"]) == ("attiva", ["Regione", "Provincia"], 1)
    assert [(one["comune"]["nome"], one["dal"], one["gruppo"]) for one in data["partecipazioni"]] == [
        ("Crema", "2024-11-28", "CER Nord")
    ]
    assert [(step["che_cosa"], step["quando"]) for step in data["tappe"]] == [("Costituita", "2024-11")]
    assert [(sum_["euro"], sum_["a_che_punto"]) for sum_ in data["importi"]] == [(1200.5, "assegnato")]


def test_deadlines_come_soonest_first_and_lead_to_who_announces_them(ask):
    initiative, communique = make_initiative(), make_communique()
    for publication, days in ((communique, 9), (initiative, 3), (communique, -3)):
        closes_at = timezone.now() + timedelta(days=days)
        make_deadline(publication, title=f"Fra {days} giorni", closes_at=closes_at, for_businesses=days == 3)

    assert titles(ask("scadenze")) == ["Fra 3 giorni", "Fra 9 giorni"]
    assert titles(ask("scadenze?quando=passate")) == ["Fra -3 giorni"]
    assert titles(ask("scadenze?per=imprese")) == ["Fra 3 giorni"]
    data = ask("scadenze?per=imprese")["dati"][0]
    assert (data["stato"], data["per"]) == ("aperta", ["cittadini", "imprese"])
    assert data["pubblicazione"]["api"] == f"http://testserver/api/v1/iniziative/{initiative.pk}"


def test_topics_and_comuni_are_told_by_their_codes(ask):
    make_topic(slug="cer", name="Energia")
    border = {"type": "Polygon", "coordinates": [[[9.6, 45.3], [9.7, 45.3], [9.7, 45.4], [9.6, 45.3]]]}
    make_municipality(name="Crema", istat_code="019035", border=border)
    make_municipality(name="Lodi", istat_code="098031", in_area=False)

    assert [topic["slug"] for topic in ask("argomenti")["dati"]] == ["cer"]
    assert "spiegazione" in ask("argomenti/cer")["spiegazione_html"]
    assert [place["codice_istat"] for place in ask("comuni")["dati"]] == ["019035"]
    assert ask("comuni/019035")["confine"] == border
    assert ask("comuni/098031")["nell_area"] is False


def test_search_finds_titles_first_over_its_pages(ask):
    for number in range(3):
        make_communique(title=f"Altro {number}", body="<p>Il ponte nuovo.</p>")
    make_initiative(title="Il ponte", publish_at=timezone.now() - timedelta(days=9))
    make_communique(title="Nulla")

    found_titles = [title for page in all_pages(ask, "cerca?q=ponti&limite=1") for title in titles(page)]

    assert found_titles == ["Il ponte", "Altro 2", "Altro 1", "Altro 0"]
    assert ask("cerca?q=di%20che%20%00")["dati"] == []


def test_selection_narrows(ask):
    energy, crema = make_topic(slug="cer"), make_municipality(istat_code="019035")
    initiative = make_initiative()
    matching = make_communique([energy], [crema], kind="avvisi", title="Voluto")
    matching.linked.add(initiative)
    make_communique([], [make_municipality()], kind="notizie", title="Altro")

    for query in ("tipo=avvisi", "argomento=cer", "comune=019035", f"iniziativa={initiative.pk}"):
        assert titles(ask(f"novita?{query}")) == ["Voluto"], query


@pytest.mark.parametrize("name", ["019035", "19035", "crema", "Crema", "CREMA", "cremma", "Crèma%20"])
def test_comune_is_known_by_any_of_its_names(ask, name):
    crema = make_municipality(name="Crema", slug="cremma", istat_code="019035")
    crema.slug = "crema"
    crema.save()
    make_communique([], [crema], title="Voluto")
    make_communique([], [make_municipality()], title="Altro")

    assert titles(ask(f"novita?comune={name}")) == ["Voluto"]
    assert ask(f"comuni/{name}")["codice_istat"] == "019035"


@pytest.mark.parametrize("name", ["cer", "CER", "Comunit%C3%A0%20energetiche", "energia"])
def test_topic_is_known_by_any_of_its_names(ask, name):
    energy = make_topic(slug="energia", name="Comunità energetiche", acronym="CER")
    energy.slug = "cer"
    energy.save()
    make_communique([energy], title="Voluto")
    make_communique([make_topic()], title="Altro")

    assert titles(ask(f"novita?argomento={name}")) == ["Voluto"]
    assert ask(f"argomenti/{name}")["slug"] == "cer"


def test_pages_keep_their_place_when_news_arrives(ask):
    hours = [timezone.now().replace(microsecond=0) - timedelta(hours=n // 2 + 1) for n in range(5)]
    for number, at in enumerate(hours):
        make_communique(title=f"{number}", publish_at=at)
    pages = all_pages(ask, "novita?limite=2")
    first = titles(next(pages))
    make_communique(title="Nuovo", publish_at=timezone.now() - timedelta(seconds=1))

    seen = first + [title for page in pages for title in titles(page)]

    assert sorted(seen) == ["0", "1", "2", "3", "4"]


def test_agenda_is_paged_too(ask):
    publication = make_communique()
    same = timezone.now() + timedelta(days=2)
    for number in range(3):
        make_deadline(publication, title=f"{number}", closes_at=same)

    assert [title for page in all_pages(ask, "scadenze?limite=1") for title in titles(page)] == ["0", "1", "2"]


def test_fields_are_those_asked_for(ask):
    communique = make_communique()

    assert set(ask("novita?campi=titolo,pagina")["dati"][0]) == {"id", "titolo", "pagina"}
    assert ask("novita?campi=testo")["dati"][0]["testo"].startswith("Testo")
    assert not {"testo", "testo_html"} & set(ask("novita")["dati"][0])
    assert "testo" in ask(f"novita/{communique.pk}")


def test_mirror_learns_of_changes_and_removals_without_a_word_of_theirs(ask):
    begun = timezone.now() - timedelta(minutes=5)
    old = timezone.now() - timedelta(days=9)
    same, changed = make_communique(title="Uguale", publish_at=old), make_communique(title="Prima", publish_at=old)
    gone = make_communique(title="Segreto", publish_at=old)
    Revision.objects.all().update(at=old)
    changed.title = "Dopo"
    changed.save()
    changed.record(make_editor(), Revision.Action.SAVED)
    gone.withdraw(make_editor(), "Perché segreto")

    page = ask("novita?" + f"modificati_da={begun:%Y-%m-%dT%H:%M:%SZ}")

    assert titles(page) == ["Dopo"]
    assert same.title not in titles(page)
    assert [removed["id"] for removed in page["ritirati"]] == [identifier(gone)]
    assert set(page["ritirati"][0]) == {"id", "ritirata_il"}
    assert "egreto" not in json.dumps(page)
    assert sorted(titles(ask("novita"))) == ["Dopo", "Uguale"]
    assert ask("novita")["ritirati"] == []


def test_mirror_learns_of_what_is_put_off(ask):
    hour = timezone.now() + timedelta(days=1)
    put_off = make_communique(title="Segreto")
    make_deadline(put_off, title="Termine segreto")
    put_off.publish_at = hour
    put_off.save()
    query = f"modificati_da={timezone.now() - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"

    for page, gone in (
        (ask(f"novita?{query}"), identifier(put_off)),
        (ask(f"scadenze?quando=tutte&{query}"), put_off.deadlines.get().uid.urn),
    ):
        assert (page["dati"], [removed["id"] for removed in page["ritirati"]]) == ([], [gone])
        assert datetime.fromisoformat(page["ritirati"][0]["ritirata_il"]) <= timezone.now()
        assert "egreto" not in json.dumps(page)


@pytest.mark.parametrize("came_out", ["by hand", "by the clock"])
def test_withdrawal_under_a_clock_that_went_back_reaches_who_keeps_a_copy(ask, came_out):
    start = timezone.now().replace(microsecond=0)
    communique = make_communique(status="draft", publish_at=start + timedelta(minutes=1))
    with time_machine.travel(start, tick=False):
        communique.publish_now(by=None) if came_out == "by hand" else communique.publish(by=None)
    with time_machine.travel(start + timedelta(minutes=30), tick=False):
        call_command("tick")
        seen = ask("novita?modificati_da=2020-01-01T00:00:00Z")
    with time_machine.travel(start - timedelta(minutes=90), tick=False):
        communique.refresh_from_db()
        communique.withdraw(by=None, comment="Dati personali")
    with time_machine.travel(start + timedelta(minutes=40), tick=False):
        since = (start + timedelta(minutes=30)).astimezone(UTC)
        page = ask(f"novita?modificati_da={since:%Y-%m-%dT%H:%M:%SZ}")

    assert [one["numero"] for one in seen["dati"]] == [communique.pk]
    assert [one["id"] for one in page["ritirati"]] == [seen["dati"][0]["id"]]


def test_what_nobody_ever_saw_leaves_no_trace_when_it_is_withdrawn(ask):
    scheduled = make_communique(publish_at=timezone.now() + timedelta(days=1))
    scheduled.withdraw(make_editor(), "Mai uscito")
    make_communique(status="withdrawn", came_out_at=None)

    assert ask("novita?modificati_da=2020-01-01T00:00:00Z") == {
        "licenza": "https://creativecommons.org/licenses/by/4.0/",
        "dati": [],
        "ritirati": [],
        "successiva": None,
    }


def test_withdrawal_whose_hour_nobody_wrote_down_breaks_no_copy(ask):
    gone = make_communique(status="withdrawn")

    copy = ask("novita?modificati_da=2020-01-01T00:00:00Z")

    assert copy["ritirati"] == [{"id": identifier(gone), "ritirata_il": None}]


def test_mirror_learns_of_deadlines_that_went_with_their_page(ask):
    gone, staying = make_communique(), make_communique()
    for publication in (gone, staying):
        make_deadline(publication, title="Termine")
    gone.withdraw(make_editor(), "")
    since = timezone.now() - timedelta(minutes=5)

    page = ask(f"scadenze?quando=tutte&modificati_da={since:%Y-%m-%dT%H:%M:%SZ}")

    assert titles(page) == ["Termine"]
    assert [removed["id"] for removed in page["ritirati"]] == [gone.deadlines.get().uid.urn]


def test_withdrawn_row_is_gone_and_hidden_ones_never_were(refused):
    assert refused(f"novita/{make_withdrawn().pk}")[0] == 410
    assert refused(f"novita/{make_communique(status='draft').pk}")[0] == 404
    assert refused(f"novita/{make_initiative().pk}")[0] == 404
    assert refused(f"iniziative/{make_communique().pk}")[0] == 404


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("novita?sconosciuto=1", "sconosciuto"),
        ("novita?limite=1000000000", "limite"),
        (f"novita?limite={'9' * 5000}", "limite"),
        ("novita?limite=0", "limite"),
        ("novita?limite=due", "limite"),
        ("novita?limite=1_0", "limite"),
        ("novita?limite=", "limite"),
        ("novita?tipo=iniziative", "tipo"),
        (f"novita?comune={'x' * 121}", "comune"),
        ("novita?comune=%00", "comune"),
        ("novita?argomento=a%0Ab", "argomento"),
        ("novita?iniziativa=%00", "iniziativa"),
        ("novita?quanti=0", "limite"),
        ("novita?limite=1&quanti=2", "limite"),
        ("novita?modificati_da=ieri", "modificati_da"),
        ("novita?modificati_da=2026-03-01", "modificati_da"),
        ("novita?modificati_da=2026-02-30T00:00:00Z", "modificati_da"),
        ("novita?modificati_da=1700000000", "modificati_da"),
        ("novita?campi=titolo,password", "campi"),
        ("novita?campi=", "campi"),
        ("novita?cursore=x", "cursore"),
        ("novita?limite=1&limite=2", "limite"),
        ("novita/1?limite=1", "limite"),
        ("novita/uno", "numero"),
        ("novita/99999999999999999999", "numero"),
        (f"comuni/{'x' * 121}", "codice_istat"),
        ("comuni?cursore=x", "cursore"),
        ("cerca", "q"),
        ("cerca?q=", "q"),
        (f"cerca?q={'x' * 201}", "q"),
        ("scadenze?quando=mai", "quando"),
        ("status?x=1", "x"),
    ],
)
def test_what_cannot_be_understood_is_told_by_its_name(refused, address, name):
    status, problem = refused(address)

    assert status == 422
    assert [error["parametro"] for error in problem["errori"]] == [name]
    assert problem["errori"][0]["motivo"].endswith(".")


@pytest.mark.parametrize(
    "address",
    [
        "comuni/999999",
        "novita?comune=999999",
        "novita?argomento=x",
        "novita?iniziativa=7",
        "novita?iniziativa=1e3",
        "argomenti/x",
        "novita/7",
        "x",
    ],
)
def test_what_does_not_exist_is_not_found(refused, address):
    assert refused(address)[0] == 404


def test_forged_cursor_opens_no_page(ask, refused):
    for _ in range(2):
        make_communique()
    following = ask("novita?limite=1")["successiva"]
    cursor = following.split("cursore=")[1]
    value, signature = cursor.split(".")

    assert refused(f"novita?cursore={value}x.{signature}")[0] == 404
    assert refused(f"novita?cursore={value}.{signature[:-1]}")[0] == 404
    assert refused(f"iniziative?cursore={cursor}")[0] == 404
    assert refused(f"cerca?q=x&cursore={cursor}")[0] == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_nothing_can_be_written(client, refused, method):
    assert refused("novita", method)[0] == 405
    assert getattr(client, method)("/api/v1/novita").headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", ["novita", "comuni/019035", "x", "status"])
@pytest.mark.parametrize(
    "accept",
    ["text/plain", "application/xml;q=1", "a/b; x*=foo''bar", "application/json;q=0", "<script>", "x" * 20_000, "\x00"],
)
def test_hostile_or_other_formats_are_refused_in_ours(refused, address, accept):
    assert refused(address, accept=accept)[0] == 406


BROWSERS = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("non-esiste", 404, "gli indirizzi sono nella documentazione"),
        ("novita/9999", 404, "Non c’è"),
        ("novita?limite=0", 422, "<code>limite</code>: scrivi un numero da 1 in su."),
        ("novita?limite=%00", 422, "<code>limite</code>: scrivi un numero intero."),
    ],
)
def test_browser_reads_a_problem_as_a_page_and_a_program_as_a_problem(client, refused, address, status, words):
    page = client.get(f"/api/v1/{address}", headers={"Accept": BROWSERS})

    assert (page.status_code, page["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert words in page.text
    assert page["Cache-Control"] == "no-store"
    for accept in ("*/*", "application/json", "application/problem+json, text/html;q=0.5"):
        assert refused(address, accept=accept)[0] == status


def test_problem_of_either_form_is_not_kept_for_the_other(client):
    for accept in (BROWSERS, "*/*"):
        assert "Accept" in client.get("/api/v1/x", headers={"Accept": accept})["Vary"]


def test_page_of_a_spent_limit_says_when_to_come_back(client, settings):
    settings.API_REQUESTS_PER_MINUTE = 0

    page = client.get("/api/v1/novita", headers={"Accept": BROWSERS})

    assert (page.status_code, page["Content-Type"]) == (429, "text/html; charset=utf-8")
    assert page["Retry-After"]
    assert page["X-RateLimit-Limit"] == "0"


def test_own_failure_is_a_page_too(client, monkeypatch):
    monkeypatch.setattr("areaomogenea.distribution.api.views.answer", lambda body: body["no"])

    page = client.get("/api/v1/novita", headers={"Accept": BROWSERS})

    assert page.status_code == 500
    assert "ed è colpa nostra" in page.text


def test_browser_that_asks_for_what_is_there_gets_json(ask):
    assert ask("novita", accept=BROWSERS)["dati"] == []


@pytest.mark.parametrize("accept", ["*/*", "", "application/*", "text/html, */*;q=0.1", "application/problem+json"])
def test_json_is_what_everybody_gets(ask, accept):
    assert ask("novita", accept=accept)["dati"] == []


def test_too_many_parameters_are_a_bad_request(refused):
    assert refused("novita?" + "&".join(f"a{n}=1" for n in range(1100)))[0] == 400


def test_own_failure_is_a_problem_that_tells_nothing(refused, monkeypatch):
    make_communique(title="Segreto")
    monkeypatch.setattr(resources.NEWS, "readers", [("titolo", lambda row: 1 / 0)])

    status, problem = refused("novita")

    assert status == 500
    assert "division" not in json.dumps(problem)
    assert "Segreto" not in json.dumps(problem)


@pytest.mark.parametrize(
    "origin", ["https://www.comune.crema.cr.it", "null", "https://evil.example\r\nX: y", "<script>"]
)
def test_any_site_may_read_and_its_name_is_not_told_back(client, origin):
    for address in ("novita", "x", "novita?x=1", "openapi.json"):
        response = client.get(f"/api/v1/{address}", headers={"origin": origin})

        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert "X-RateLimit-Remaining" in response.headers["Access-Control-Expose-Headers"]
        assert not response.cookies


def test_browser_that_asks_first_is_let_in(client):
    response = client.options("/api/v1/novita", headers={"origin": "https://x.it"})

    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_who_has_it_already_gets_no_second_copy(client):
    make_communique()
    for address in ("novita", "novita?limite=1", "comuni", "openapi.json"):
        first = client.get(f"/api/v1/{address}")
        again = client.get(f"/api/v1/{address}", headers={"if_none_match": first.headers["ETag"]})

        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["Access-Control-Allow-Origin"] == "*"
    old = client.get("/api/v1/novita").headers["ETag"]
    make_communique()
    assert client.get("/api/v1/novita", headers={"if_none_match": old}).status_code == 200


def test_head_tells_the_same_headers(client):
    response = client.head("/api/v1/novita")

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["Content-Type"] == "application/json"


def test_status_tells_that_it_works_and_does_not_count(client):
    response = client.get("/api/v1/status")

    assert json.loads(response.content)["status"] == response.status_code == 200
    assert response.headers["Content-Type"] == PROBLEM
    assert "X-RateLimit-Limit" not in response.headers


def test_who_asks_too_much_waits_and_others_do_not(client, refused, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    left = [client.get("/api/v1/comuni").headers["X-RateLimit-Remaining"] for _ in range(2)]

    response = client.get("/api/v1/comuni")

    assert left == ["1", "0"]
    assert refused("novita")[0] == 429
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert response.headers["Retry-After"] == response.headers["X-RateLimit-Reset"]
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get("/api/v1/comuni", REMOTE_ADDR="198.51.100.7").status_code == 200
    assert client.get("/api/v1/status").status_code == 200


def test_proxy_tells_who_asks_and_nobody_hides_behind_a_made_up_address(client, settings):
    settings.API_REQUESTS_PER_MINUTE, settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1, 1
    made_up = [{"X-Forwarded-For": f"10.0.0.{n}, 198.51.100.1"} for n in range(2)]

    assert [client.get("/api/v1/comuni", headers=headers).status_code for headers in made_up] == [200, 429]
    assert client.get("/api/v1/comuni", headers={"X-Forwarded-For": "198.51.100.2"}).status_code == 200


def test_addresses_of_one_ipv6_network_count_as_one(client, settings):
    settings.API_REQUESTS_PER_MINUTE = 1

    assert client.get("/api/v1/comuni", REMOTE_ADDR="2001:db8:1:2::1").status_code == 200
    assert client.get("/api/v1/comuni", REMOTE_ADDR="2001:db8:1:2:ffff::9").status_code == 429
    assert client.get("/api/v1/comuni", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_counter_that_does_not_answer_refuses_nobody(client, settings):
    settings.CACHES = settings.CACHES | {
        "counters": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    }

    assert client.get("/api/v1/comuni").status_code == 200


def test_field_is_declared_once_for_document_answers_and_open_data():
    """Its place in files is the last: who reads them by position finds what was there before."""
    loud = Field("forte", SHORT, "Il titolo, gridato.", lambda row: row.title.upper(), "EVVIVA")
    news, row = Resource("Novita", *resources.NEWS.fields.values(), loud), make_communique(title="Evviva")
    known = [column.name for column in DATASETS["novita"].columns]

    assert news.json_schema["properties"]["forte"]["examples"] == ["EVVIVA"]
    assert news.serialize(row, {"forte"}) == {"id": identifier(row), "forte": "EVVIVA"}
    assert [column.name for column in news.columns(" ".join(known))] == [*known, "forte"]
    assert news.columns()[-1].read(row) == "EVVIVA"


def test_document_is_valid_and_says_what_the_guideline_wants(ask):
    document = ask("openapi.json")

    validate(document)
    assert document["openapi"] == "3.1.0"
    assert document["info"]["x-summary"]
    assert [server["url"] for server in document["servers"]] == ["https://testserver/api/v1"]
    assert "/status" in document["paths"]
    for operation in (methods["get"] for methods in document["paths"].values()):
        for status, response in operation["responses"].items():
            if status != "200":
                assert response["$ref"] == f"#/components/responses/Problema{status}"


def test_spectral_finds_nothing(client, tmp_path):
    """Stoplight's linter, with its own rules for OpenAPI."""
    (tmp_path / "openapi.json").write_bytes(client.get("/api/v1/openapi.json").content)
    (tmp_path / "rules.yaml").write_text('extends: ["spectral:oas"]\n')
    spectral = [node(), ROOT / "node_modules/@stoplight/spectral-cli/dist/index.js", "lint", "--fail-severity", "hint"]

    process = subprocess.run(
        [*spectral, "--ruleset", tmp_path / "rules.yaml", tmp_path / "openapi.json"], capture_output=True, text=True
    )

    assert process.returncode == 0, process.stdout + process.stderr


def node():
    return shutil.which("node") or pytest.fail("Node is not here: bin/prepare test installs it.")


def test_documentation_tells_every_door_and_loads_nothing_from_elsewhere(client):
    page = client.get("/api/v1/")

    assert page.status_code == 200
    for path in client.get("/api/v1/openapi.json").json()["paths"]:
        assert f"/api/v1{path}" in page.text
    assert "curl" in page.text
    assert 'src="http' not in page.text


@pytest.fixture
def described(settings):
    """The API as its own document describes it, with something behind every door."""
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    energy, crema = make_topic(slug="cer"), make_municipality(istat_code="019035")
    initiative = make_initiative([energy], [crema], picture=make_picture())
    initiative.participations.create(municipality=crema, group=initiative.groups.create(name="CER"))
    initiative.milestones.create(title="Tappa")
    initiative.amounts.create(what="Spesa", euros=5, funder="Regione")
    initiative.questions.create(question="Come?", answer="Così.")
    communique = make_communique([energy], [crema], source_name="Il giornale", body="<p>Energia</p>")
    make_attachment(communique)
    communique.correct(make_editor(), "Era sbagliato.")
    for publication in (initiative, make_withdrawn()):
        make_deadline(publication)
    # As Django's own client does: the end of a request must not close the connection that the test is in.
    ends = [request_started, request_finished]
    for end in ends:
        end.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for end in ends:
        end.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_stranger_who_tries_everything_finds_nothing(described, mode):
    """Schemathesis: requests that the document allows, or forbids; each answer is held against it."""
    how = hypothesis.settings(
        max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck)
    )
    for operation in (result.ok() for result in described.get_all_operations()):
        if mode.is_negative and operation.path == "/status":
            continue  # nothing in it can be wrong

        @how
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def explore(case):
            case.call_and_validate(headers={"Accept-Encoding": "identity"})

        explore()
