"""The ledger as an Amministratore reads it: found by person, thing, row and day, and taken away as a file."""

import csv
import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from areaomogenea.accounts import ledger, retention
from areaomogenea.accounts.entries import Entry
from areaomogenea.accounts.ledger import Action
from areaomogenea.desk.ledger_page import PAGE_SIZE, LedgerFilter

from .factories import make_communique, make_editor, make_municipality, make_picture, make_topic, rome

pytestmark = pytest.mark.django_db
PAGE, FILE = "/admin/registro/", "/admin/registro.csv"


@pytest.fixture
def anna(client):
    user = make_editor(role="Amministratore", first_name="Anna", last_name="Bianchi")
    client.force_login(user)
    return user


@pytest.fixture
def story(anna):
    """Three things on three days."""
    ugo = make_editor(role="Redattore", first_name="Ugo", last_name="Verdi")
    with time_machine.travel(rome(2026, 3, 2, 10, 30), tick=False):
        ledger.note(Action.CHANGED, make_topic(name="Acqua"), by=ugo, before={"short": "A"}, after={"short": "B"})
    with time_machine.travel(rome(2026, 3, 3, 11), tick=False):
        ledger.note(Action.WITHDRAWN, make_communique(title="Il ponte"), by=anna, comment="La gara è annullata")
    with time_machine.travel(rome(2026, 3, 4, 23, 59, 59), tick=False):
        ledger.note(Action.ADDED, make_municipality(name="Crema"), after={"province": "CR"})
    return ugo


def shown_rows(client, **params):
    """Which of the three rows the page shows."""
    page = client.get(PAGE, params).text
    return [name for name in ("«Acqua»", "«Il ponte»", "«Crema»") if name in page]


# Who may read it


@pytest.mark.parametrize("path", [PAGE, FILE])
def test_who_came_in_long_ago_proves_again_who_is_there(client, anna, path):
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        client.get("/admin/")
        answer = client.get(path)

    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/accesso/conferma/codice/")


@pytest.mark.parametrize("role", ["Redattore comunale", "Redattore", "Responsabile"])
@pytest.mark.parametrize("path", [PAGE, FILE])
def test_others_do_not_learn_that_it_is_there(client, role, path):
    client.force_login(make_editor(role=role))

    assert client.get(path).status_code == 404
    assert "Registro" not in client.get("/admin/").text
    assert Entry.objects.get(action=Action.DENIED).particulars.comment == f"GET {path}"


def test_desk_leads_an_administrator_there(client, anna):
    communique = make_communique()

    assert f'href="{PAGE}"' in client.get("/admin/").text
    page = client.get(f"/admin/news/communique/{communique.pk}/history/").text
    assert f'href="{PAGE}?riga=publishing.publication:{communique.pk}"' in page
    page = client.get(f"/admin/accounts/user/{anna.pk}/change/").text
    assert f'href="{PAGE}?chi={anna.pk}"' in page
    assert f'href="{PAGE}?riga=accounts.user:{anna.pk}"' in page


# What it says


def test_it_tells_who_what_which_and_the_values_before_and_after(client, story):
    page = client.get(PAGE).text

    assert page.index("Mercoledì 4 marzo 2026") < page.index("Martedì 3 marzo 2026") < page.index("Lunedì 2 marzo 2026")
    assert "Ugo Verdi" in page
    assert "10:30" in page
    assert "<del>A</del>" in page
    assert "<ins>B</ins>" in page
    assert "La gara è annullata" in page


def test_values_are_told_as_editors_say_them(client, anna):
    communique = make_communique(status="review")
    communique.withdraw(anna)
    communique.publish_now(anna)

    page = client.get(PAGE).text

    assert "<dt>Stato</dt>" in page
    assert "<del>In revisione</del>" in page
    assert "<ins>Approvata</ins>" in page


def test_line_whose_words_were_redacted_is_still_there(client, anna):
    topic = make_topic(name="Un nome da togliere")
    ledger.note(Action.CHANGED, topic, before={"short": "Dato"}, after={"short": "Personale"})
    retention.redact_entries(topic, "Non doveva esserci")

    page = client.get(PAGE, {"riga": f"topics.topic:{topic.pk}"}).text

    assert "Un nome da togliere" not in page
    assert "Oscuramento" in page
    assert f"n. {topic.pk}" in page


# Filters


def test_it_is_filtered_by_person_thing_kind_row_and_day(client, anna, story):
    topic = Entry.objects.get(model="topics.topic")

    assert shown_rows(client) == ["«Acqua»", "«Il ponte»", "«Crema»"]
    assert shown_rows(client, chi=story.pk) == ["«Acqua»"]
    assert shown_rows(client, chi="portale") == ["«Crema»"]
    assert shown_rows(client, azione="withdrawn") == ["«Il ponte»"]
    assert shown_rows(client, tipo="municipalities.municipality") == ["«Crema»"]
    assert shown_rows(client, riga=f"topics.topic:{topic.key}") == ["«Acqua»"]
    assert shown_rows(client, dal="2026-03-03", al="2026-03-03") == ["«Il ponte»"]
    assert shown_rows(client, al="2026-03-04") == ["«Acqua»", "«Il ponte»", "«Crema»"]
    assert shown_rows(client, chi=anna.pk, azione="changed") == []


@pytest.mark.parametrize(
    "params",
    [
        {"chi": "999999"},
        {"azione": "volare"},
        {"tipo": "x"},
        {"riga": "x"},
        {"riga": "publishing.publication:9999999999999999999"},
        {"dal": "ieri"},
        {"dal": "0001-01-01"},
        {"al": "9999-12-31"},
        {"prima": "x"},
        {"prima": "9" * 40},
        {"prima": "1.x"},
        {"dopo": "1.2.3"},
        {"dal": "2026-03-04", "al": "2026-03-01"},
    ],
)
def test_what_nobody_offers_is_said_and_never_an_error(client, anna, story, params):
    page = client.get(PAGE, params)

    assert page.status_code == 200
    assert "errornote" in page.text
    assert client.get(FILE, params).status_code == 200


def test_pages_are_cut_by_line_and_lead_both_ways(client, anna):
    for number in range(PAGE_SIZE + 5):
        with time_machine.travel(rome(2026, 3, 2, 10, number), tick=False):
            ledger.note(Action.EXPORTED, comment=f"Foglio {number:02}", by=anna)
    params = {"azione": "exported"}

    first = client.get(PAGE, params).text
    link = first.partition('href="?')[2].partition('"')[0].replace("&amp;", "&")
    second = client.get(f"{PAGE}?{link}").text
    back = second.partition('href="?')[2].partition('"')[0].replace("&amp;", "&")
    again = client.get(f"{PAGE}?{back}").text

    assert ("Foglio 54" in first, "Foglio 05" in first, "Foglio 04" in first) == (True, True, False)
    assert ("Foglio 04" in second, "Foglio 00" in second, "Foglio 05" in second) == (True, True, False)
    assert again.partition("ledger-day")[2].count("Foglio") == PAGE_SIZE


# The file


def rows_of(response):
    return list(csv.reader(StringIO(response.getvalue().decode("utf-8-sig")), delimiter=";"))


def test_file_holds_what_the_filters_let_through_and_is_noted(client, anna, story):
    response = client.get(FILE, {"chi": story.pk})

    header, row = rows_of(response)
    line = dict(zip(header, row, strict=True))
    assert (line["quando"], line["chi"], line["che cosa"]) == ("2026-03-02T10:30:00+01:00", "Ugo Verdi", "Modifica")
    assert (line["riga"], json.loads(line["prima"]), json.loads(line["dopo"])) == (
        "«Acqua»",
        {"short": "A"},
        {"short": "B"},
    )
    assert line["tenuta fino al"] == "2028-03-01"
    noted = Entry.objects.get(action=Action.EXPORTED)
    assert (noted.by, noted.particulars.comment.partition(" ")[0]) == (anna, FILE)


def test_file_runs_no_formula(client, anna):
    ledger.note(Action.CHANGED, comment="=HYPERLINK(1)", model="=x")

    cells = [cell for row in rows_of(client.get(FILE)) for cell in row]

    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith("=")]


# What it costs


@pytest.mark.parametrize("lines", [3, 40])
def test_page_cost_does_not_grow(client, anna, lines, django_assert_num_queries):
    for _ in range(lines):
        ledger.note(Action.CHANGED, make_topic(), by=make_editor(), after={"short": "B"})
    client.get(PAGE)

    with django_assert_num_queries(9):
        client.get(PAGE)


@pytest.fixture(scope="module")
def many(lasting):
    """50,000 lines, nearly all by one person and of one kind."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one plan for each index: the order of an index is the order of the page")
    with lasting(), connection.cursor() as cursor:
        cursor.execute(MANY)
        cursor.execute(WORDS_OF_MANY)
        cursor.execute("ANALYZE accounts_entry; ANALYZE accounts_particulars")
        yield


MANY = """
    INSERT INTO accounts_entry (at, by_id, action, model, key, kept_until)
    SELECT now() - n * interval '7 minutes',
        CASE WHEN n % 100 = 0 THEN 2 WHEN n % 9 = 0 THEN NULL ELSE 1 END,
        CASE WHEN n % 1000 = 0 THEN 'withdrawn' WHEN n % 7 = 0 THEN 'denied' ELSE 'saved' END,
        CASE WHEN n % 500 = 0 THEN 'topics.topic' ELSE 'publishing.publication' END,
        (n % 3000)::text,
        now() + interval '1 year'
    FROM generate_series(1, 50000) n
"""
WORDS_OF_MANY = "INSERT INTO accounts_particulars (entry_id, label, comment) SELECT id, 'x', '' FROM accounts_entry"


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"chi": "1"},
        {"chi": "2"},
        {"chi": "portale"},
        {"azione": "saved"},
        {"azione": "withdrawn"},
        {"azione": "submitted"},
        {"tipo": "publishing.publication"},
        {"tipo": "topics.topic"},
        {"riga": "publishing.publication:7"},
        {"dal": "2026-01-01", "al": "2026-02-01"},
        {"chi": "1", "azione": "withdrawn"},
        {"chi": "2", "tipo": "topics.topic"},
        {"prima": "middle"},
        {"dopo": "middle", "azione": "saved"},
    ],
    ids=str,
)
def test_page_reads_no_more_than_it_shows(params):
    for pk in (1, 2):
        make_editor(pk=pk)
    params = {name: CURSOR if value == "middle" else value for name, value in params.items()}
    form = LedgerFilter(params)
    assert form.is_valid(), form.errors

    rows = form.listed(form.narrow(Entry.objects.with_particulars()))
    plan = json.loads(rows.explain(format="json"))[0]["Plan"]

    nodes = list(nodes_of(plan))
    assert not [node for node in nodes if node["Node Type"] == "Seq Scan" and node["Relation Name"].startswith("acc")]
    assert not [node for node in nodes if node["Node Type"] == "Sort" and node["Plan Rows"] > PAGE_SIZE + 1]


def nodes_of(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes_of(part)


CURSOR = f"{int((rome(2026, 6, 1) - rome(2000, 1, 1)).total_seconds() * 1_000_000)}.25000"


# The history of rows that keep no versions


def test_history_of_a_row_without_versions_is_what_was_noted_of_it(client, anna):
    crema = make_municipality(name="Crema", province="CR")
    with ledger.change(crema):
        crema.province = "LO"
        crema.save()
    ledger.note(Action.CHANGED, make_municipality(name="Dovera"), after={"province": "Altrove"})

    page = client.get(f"/admin/municipalities/municipality/{crema.pk}/history/").text

    assert "Modifica" in page
    assert "<del>CR</del>" in page
    assert "Altrove" not in page


def test_history_of_a_person_is_what_was_noted_of_them(client, anna):
    ugo = make_editor(role="Redattore")
    with ledger.change(ugo):
        ugo.first_name = "Ugo"
        ugo.save()

    page = client.get(f"/admin/accounts/user/{ugo.pk}/history/").text

    assert "<strong>Modifica</strong>" in page


def test_history_of_a_row_tells_editors_not_from_where(client):
    picture = make_picture()
    client.force_login(make_editor(role="Amministratore"))
    client.post(f"/admin/library/picture/{picture.pk}/change/", {"alternative_text": "Un’altra", "credit": "Io"})
    client.force_login(make_editor(role="Redattore"))

    page = client.get(f"/admin/library/picture/{picture.pk}/history/").text

    assert "127.0.0.1" not in page
    assert "admin/registro" not in page


@pytest.mark.parametrize("path", ["/admin/municipalities/municipality/999/history/", "/admin/auth/group/x/history/"])
def test_history_of_no_row_is_not_found(client, anna, path):
    assert client.get(path).status_code in (403, 404)
