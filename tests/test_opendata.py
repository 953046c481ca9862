"""Open data: files that strangers’ programs can read, and that say what is published, no more and no less."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO

import clevercsv
import pytest
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from shapely.geometry import shape
from shapely.geometry.polygon import orient

from areaomogenea.distribution.opendata.datasets import DATASETS
from areaomogenea.distribution.opendata.writers import PIECE
from areaomogenea.municipalities.models import Municipality
from initiatives.models import Participation

from .factories import (
    make_attachment,
    make_communique,
    make_deadline,
    make_initiative,
    make_municipality,
    make_picture,
    make_topic,
    rome,
)

pytestmark = pytest.mark.django_db
FILES = [f"{one}.{form}" for one in DATASETS.values() for form in one.formats]
SQUARE = {"type": "Polygon", "coordinates": [[[9.6, 45.3], [9.7, 45.3], [9.7, 45.4], [9.6, 45.3]]]}
THEN = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def fetch(client):
    """fetch("novita.csv") gives the bytes of a file."""

    def fetch(name, **headers):
        response = client.get(f"/dati/{name}", headers=headers)
        assert response.status_code == 200, b"".join(response)
        return b"".join(response)

    return fetch


@pytest.fixture
def rows(fetch):
    """rows("novita") gives what a reader of CSV finds, a dict for each row."""
    return lambda name: list(csv.DictReader(StringIO(fetch(f"{name}.csv").decode(), newline=""), strict=True))


@pytest.fixture
def furnished():
    """One of each thing, with all that it may have."""
    energy, crema = make_topic(slug="cer"), make_municipality(name="Crema", istat_code="019035", border=SQUARE)
    communique = make_communique(
        [energy],
        [crema, make_municipality(name="Offanengo", istat_code="019062")],
        kind="avvisi",
        title='Bando, «premi» & "virgolette"',
        body="<p>Prima riga.</p><p>Seconda riga.</p>",
        publish_at=THEN,
        picture=make_picture(),
        source_name="Il giornale",
        source_url="https://example.org/articolo",
    )
    make_attachment(communique)
    initiative = make_initiative([energy], [crema], title="Fibra", publish_at=THEN)
    group = initiative.groups.create(name="Nord")
    initiative.participations.create(municipality=crema, group=group, since=date(2024, 11, 28), source=communique)
    make_deadline(communique, title="Domande", closes_at=rome(2026, 3, 31, 12), for_businesses=True, place="Crema")
    return communique


# Each format, read by somebody else


def test_csv_is_read_as_it_was_meant(rows, furnished):
    (row,) = rows("novita")

    assert row["titolo"] == 'Bando, «premi» & "virgolette"'
    assert row["testo"] == "Prima riga.\nSeconda riga."
    assert row["pubblicato_il"] == "2026-03-01T10:00:00+01:00"
    assert (row["comuni"], row["comuni_istat"], row["argomenti"]) == ("Crema|Offanengo", "019035|019062", "cer")
    assert (row["fonte"], row["fonte_indirizzo"]) == ("Il giornale", "https://example.org/articolo")
    assert row["pagina"] == f"http://testserver{furnished.get_absolute_url()}"


@pytest.mark.parametrize("name", DATASETS)
def test_a_stranger_finds_the_dialect_of_the_csv_alone(fetch, furnished, name):
    text = fetch(f"{name}.csv").decode()

    table = list(clevercsv.reader(StringIO(text, newline=""), clevercsv.Sniffer().sniff(text)))

    assert table == list(csv.reader(StringIO(text, newline=""), strict=True))
    assert {len(row) for row in table} == {len(DATASETS[name].columns)}


@pytest.mark.parametrize("name", DATASETS)
def test_csv_keeps_to_its_rfc(client, furnished, name):
    response = client.get(f"/dati/{name}.csv")
    content = b"".join(response)

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert content.partition(b"\r\n")[0].decode() == ",".join(column.name for column in DATASETS[name].columns)
    assert content.endswith(b"\r\n")


@pytest.mark.parametrize("title", ["=1+1", "+39 0373", "-5 gradi", "@tutti", "＝SOMMA(1)", "'=già coperto"])
def test_csv_runs_no_formula(rows, title):
    make_communique(title=title)

    assert rows("novita")[0]["titolo"] == f"'{title}"


@pytest.mark.parametrize("name", DATASETS)
def test_json_says_the_same_with_types(fetch, rows, furnished, name):
    data = json.loads(fetch(f"{name}.json"))

    assert data["licenza"] == "https://creativecommons.org/licenses/by/4.0/"
    assert datetime.fromisoformat(data["aggiornato"]) <= timezone.now()
    assert [list(row) for row in data["righe"]] == [list(row) for row in rows(name)]
    assert [[as_csv(value) for value in row.values()] for row in data["righe"]] == [
        list(row.values()) for row in rows(name)
    ]


def as_csv(value):
    if isinstance(value, list):
        return "|".join(value)
    return "" if value is None else json.dumps(value) if isinstance(value, bool) else str(value)


def test_json_has_lists_and_nothing_where_nothing_is_known(fetch, furnished):
    (news,) = json.loads(fetch("novita.json"))["righe"]
    (due,) = json.loads(fetch("scadenze.json"))["righe"]

    assert news["comuni_istat"] == ["019035", "019062"]
    assert (due["apre_il"], due["collegamento"], due["tutto_il_giorno"]) == (None, None, False)
    assert due["per"] == ["cittadini", "imprese"]


def sheets(content):
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_xlsx_holds_real_dates_and_texts(fetch, furnished):
    head, row = sheets(fetch("novita.xlsx"))["novita"]
    values = dict(zip(head, row, strict=True))

    assert values["pubblicato_il"] == datetime(2026, 3, 1, 10)  # noqa: DTZ001 (a sheet knows no offset)
    assert values["comuni_istat"] == "019035|019062"
    (head, row) = sheets(fetch("partecipazioni.xlsx"))["partecipazioni"]
    values = dict(zip(head, row, strict=True))
    assert (values["dal"], values["comune_istat"], values["nell_area"]) == (date(2024, 11, 28), "019035", True)


@pytest.mark.parametrize("number", [0, 2])
def test_xlsx_filters_by_its_head(fetch, number):
    for _ in range(number):
        make_communique()

    sheet = load_workbook(BytesIO(fetch("novita.xlsx")))["novita"]

    assert sheet.auto_filter.ref == f"A1:T{number + 1}"
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("name", DATASETS)
def test_xlsx_explains_its_columns(fetch, furnished, name):
    legend = sheets(fetch(f"{name}.xlsx"))["Leggimi"]

    values = {row[0]: row[1:] for row in legend}
    assert values["licenza"][0] == "https://creativecommons.org/licenses/by/4.0/"
    assert [values[column.name][1] for column in DATASETS[name].columns] == [one.what for one in DATASETS[name].columns]


@pytest.mark.parametrize(
    ("title", "read"),
    [("=1+1", "=1+1"), ("suona\x07\ufffe\uffff", "suona"), ("+39 0373", "+39 0373"), ("#N/A", "#N/A")],
)
def test_xlsx_takes_any_text_as_a_text(fetch, title, read):
    make_communique(title=title)

    head, row = sheets(fetch("novita.xlsx"))["novita"]

    assert dict(zip(head, row, strict=True))["titolo"] == read


def test_xlsx_says_that_a_text_is_too_long_for_it(fetch):
    make_communique(body=f"<p>{'parola ' * 6_000}</p>")

    head, row = sheets(fetch("novita.xlsx"))["novita"]

    text = dict(zip(head, row, strict=True))["testo"]
    assert (len(text), text[-1]) == (32_767, "…")


def test_borders_of_the_48_are_valid_and_turn_as_they_must(fetch):
    call_command("load_municipalities", verbosity=0, stdout=StringIO())

    collection = json.loads(fetch("comuni.geojson"))

    assert (collection["type"], len(collection["features"])) == ("FeatureCollection", 48)
    assert "crs" not in collection
    for feature in collection["features"]:
        border = shape(feature["geometry"])
        assert border.is_valid
        west, south, east, north = border.bounds
        assert 9 < west < east < 10
        assert 45 < south < north < 46
        for polygon in getattr(border, "geoms", [border]):
            assert polygon.equals_exact(orient(polygon), 0), feature["properties"]["nome"]


def test_participations_can_be_drawn(fetch, furnished):
    (feature,) = json.loads(fetch("partecipazioni.geojson"))["features"]

    assert shape(feature["geometry"]).equals(shape(SQUARE))
    assert feature["properties"]["iniziativa"] == "Fibra"


def test_comune_without_a_border_is_a_feature_all_the_same(fetch):
    make_initiative().participations.create(municipality=make_municipality(in_area=False))

    (feature,) = json.loads(fetch("partecipazioni.geojson"))["features"]

    assert feature["geometry"] is None


# What is in them


def test_participation_says_where_it_is_told(rows, furnished):
    (row,) = rows("partecipazioni")

    assert (row["comune"], row["come"], row["dal"], row["gruppo"]) == ("Crema", "partecipa", "2024-11-28", "Nord")
    assert row["fonte"] == f"http://testserver{furnished.get_absolute_url()}"


def test_source_that_was_withdrawn_is_not_named(rows, furnished):
    furnished.withdraw(by=None)

    assert rows("partecipazioni")[0]["fonte"] == ""


@pytest.mark.parametrize("state", Participation.State.values)
def test_every_state_has_its_word(rows, state):
    make_initiative().participations.create(municipality=make_municipality(), state=state)

    assert rows("partecipazioni")[0]["come"]


def test_initiative_of_which_only_the_number_is_public_names_no_comune(rows):
    counted = make_initiative(known="count", reported_count=12, reported_by="La Provincia")
    counted.participations.create(municipality=make_municipality())

    assert rows("partecipazioni") == []


def test_called_off_and_past_deadlines_stay(rows, furnished):
    make_deadline(furnished, title="Assemblea", kind="incontro", opens_at=rome(2026, 4, 1, 21)).call_off(None, "Neve.")

    called_off = rows("scadenze")[1]

    assert (called_off["titolo"], called_off["perche_annullata"]) == ("Assemblea", "Neve.")
    assert called_off["annullata_il"]


def test_only_the_48_are_comuni(rows):
    make_municipality(name="Crema")
    make_municipality(name="Lodi", in_area=False)

    assert [row["nome"] for row in rows("comuni")] == ["Crema"]


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_as_many_queries_for_many_pieces(client, django_assert_num_queries, form, monkeypatch):
    make_municipality()
    monkeypatch.setattr("areaomogenea.distribution.opendata.writers.PIECE", 2)
    for _ in range(5):
        make_communique([make_topic()], [make_municipality()])

    with django_assert_num_queries(3):
        b"".join(client.get(f"/dati/novita.{form}"))


def test_rows_are_all_there_across_pieces(rows, monkeypatch):
    monkeypatch.setattr("areaomogenea.distribution.opendata.writers.PIECE", 2)
    titles = [make_communique(publish_at=THEN - timedelta(days=n)).title for n in range(5)]

    assert [row["titolo"] for row in rows("novita")] == titles
    assert PIECE > 100


@pytest.mark.parametrize("file", FILES)
def test_file_of_nothing_is_whole(fetch, file):
    content = fetch(file)

    if file.endswith("json"):
        assert json.loads(content).get("righe", json.loads(content).get("features")) == []
    elif file.endswith("csv"):
        assert len(content.splitlines()) == 1
    else:
        assert len(sheets(content)[file.partition(".")[0]]) == 1


# As they are asked for


@pytest.mark.parametrize("file", FILES)
def test_file_has_a_name_and_is_open_to_any_site(client, file):
    headers = client.get(f"/dati/{file}").headers

    name, _, form = file.partition(".")
    assert headers["Content-Disposition"] == f'attachment; filename="{name}-area-omogenea-cremasca.{form}"'
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cache-Control"] == "public, max-age=0, s-maxage=5, stale-while-revalidate=2, stale-if-error=3600"


@pytest.mark.slow
@pytest.mark.parametrize("file", [*FILES, "catalogo.ttl", "catalogo.jsonld"])
def test_who_has_it_already_is_told_so(client, furnished, later, file):
    later()
    first = client.get(f"/dati/{file}")

    by_tag = client.get(f"/dati/{file}", headers={"If-None-Match": first.headers["ETag"]})
    by_hour = client.get(f"/dati/{file}", headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert (by_tag.status_code, by_hour.status_code) == (304, 304)
    assert by_tag.headers["ETag"] == first.headers["ETag"]


@pytest.fixture
def later(time_machine):
    """later(days=1): what time it is from there on; some seconds, unless told otherwise."""
    time_machine.move_to(timezone.now())
    return lambda **how_much: time_machine.shift(timedelta(**how_much or {"seconds": 5}))


def changes():
    """What may happen to a file, by the dataset that must notice."""
    return {
        "novita: withdrawn": ("novita", lambda one: one.withdraw(by=None)),
        "novita: put off": ("novita", put_off),
        "scadenze: page put off": ("scadenze", put_off),
        "partecipazioni: source put off": ("partecipazioni", put_off),
        "novita: corrected": ("novita", lambda one: one.correct(by=None, comment="Era il 9.")),
        "novita: a topic renamed": ("novita", lambda one: rename(one.topics.get())),
        "novita: another comes out": (
            "novita",
            lambda one: make_communique(status="draft", publish_at=THEN).publish(None),
        ),
        "partecipazioni: source withdrawn": ("partecipazioni", lambda one: one.withdraw(by=None)),
        "partecipazioni: one less": ("partecipazioni", leave),
        "scadenze: moved": ("scadenze", move),
        "scadenze: page withdrawn": ("scadenze", lambda one: one.withdraw(by=None)),
        "comuni: a number": ("comuni", lambda one: one.municipalities.first().save()),
    }


def put_off(communique):
    communique.publish_at = timezone.now() + timedelta(days=9)
    communique.save()


def rename(topic):
    topic.slug = "energia"
    topic.save()


def leave(communique):
    initiative = Participation.objects.get().initiative
    initiative.change_relations(None, participations=[])


def move(communique):
    communique.deadlines.get().move(None, "Proroga", closes_at=timezone.now() + timedelta(days=9))


@pytest.mark.slow
@pytest.mark.parametrize("what", changes())
@pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since"])
def test_nobody_keeps_what_has_changed(client, furnished, later, what, header):
    name, change = changes()[what]
    later()
    headers = client.get(f"/dati/{name}.json").headers
    condition = {header: headers["ETag" if header == "If-None-Match" else "Last-Modified"]}
    assert client.get(f"/dati/{name}.json", headers=condition).status_code == 304
    later()

    change(furnished)

    later()
    assert client.get(f"/dati/{name}.json", headers=condition).status_code == 200


@pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since"])
def test_withdrawal_is_remembered_when_it_is_to_come_out_again(client, furnished, later, header):
    later()
    headers = client.get("/dati/novita.json").headers
    later()

    furnished.withdraw(by=None)
    furnished.publish(by=None, at=timezone.now() + timedelta(days=30))

    later()
    condition = {header: headers["ETag" if header == "If-None-Match" else "Last-Modified"]}
    response = client.get("/dati/novita.json", headers=condition)
    assert (response.status_code, json.loads(b"".join(response))["righe"]) == (200, [])


def test_what_comes_out_by_the_clock_is_a_change(client, furnished, later):
    make_communique(title="Domani", publish_at=timezone.now() + timedelta(days=1))
    later()
    tag = client.get("/dati/novita.json").headers["ETag"]

    later(days=2)

    response = client.get("/dati/novita.json", headers={"If-None-Match": tag})
    assert b"Domani" in b"".join(response)


def test_no_hour_is_told_while_its_second_lasts(client, furnished):
    make_communique(publish_at=timezone.now())

    assert "Last-Modified" not in client.get("/dati/novita.csv").headers


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_head_makes_no_file(client, furnished, django_assert_num_queries, file):
    with django_assert_num_queries(2):
        response = client.head(f"/dati/{file}")

    whole = client.get(f"/dati/{file}")
    assert response.headers["Content-Type"] == whole.headers["Content-Type"]
    assert response.headers["ETag"] == whole.headers["ETag"]
    assert "Content-Length" not in response.headers


@pytest.mark.parametrize("file", [*FILES, "catalogo.ttl", "catalogo.jsonld"])
def test_parameter_that_a_file_does_not_have_is_refused(client, file):
    response = client.get(f"/dati/{file}?comune=crema")

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "«comune»" in response.text


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("novita.geojson", "C’è in: csv, json, xlsx."),
        ("novita.pdf", "C’è in: csv, json, xlsx."),
        ("bilanci.csv", "Ci sono: novita, partecipazioni, scadenze, comuni."),
        ("catalogo.rdf", "Ci sono: novita, partecipazioni, scadenze, comuni."),
    ],
)
def test_what_is_not_there_is_said_in_words(client, file, words):
    response = client.get(f"/dati/{file}")

    assert (response.status_code, response.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert words in response.text


@pytest.mark.parametrize("path", ["bilanci/", "bilanci.csv", "novita.pdf", "%00.csv", "é.csv", "a" * 300])
def test_any_other_address_is_not_found(client, path):
    assert client.get(f"/dati/{path}").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_is_written(client, method):
    assert getattr(client, method)("/dati/novita.csv").status_code == 405


# The pages


def test_index_leads_to_every_file(client, furnished):
    page = client.get("/dati/").text

    assert all(f'href="/dati/{file}"' in page for file in FILES)
    assert all(f'href="/dati/{name}/"' in page for name in DATASETS)


@pytest.mark.parametrize("name", DATASETS)
def test_page_shows_real_rows_and_explains_every_column(client, furnished, rows, name):
    page = client.get(f"/dati/{name}/").text

    for column in DATASETS[name].columns:
        assert f"<code>{column.name}</code>" in page
        assert column.what in page
    assert f">{next(iter(rows(name)[0].values()))[:10]}" in page


@pytest.mark.parametrize("name", ["", *(f"{name}/" for name in DATASETS)])
def test_page_leads_programs_to_the_catalogue(client, furnished, name):
    page = client.get(f"/dati/{name}").text

    assert 'type="text/turtle" title="Catalogo DCAT-AP_IT" href="/dati/catalogo.ttl"' in page
    assert 'type="application/ld+json" title="Catalogo DCAT-AP_IT" href="/dati/catalogo.jsonld"' in page


def test_example_of_the_api_opens(client, furnished):
    for dataset in DATASETS.values():
        assert client.get(f"/api/v1/{dataset.example}").status_code == 200


def test_page_of_an_empty_dataset_shows_no_table(client):
    assert "<table" not in client.get("/dati/comuni/").text
    assert not Municipality.objects.exists()
