"""Spreadsheets: what leaves comes back the same; what comes in is a draft, by the rules of the form, or is refused."""

import csv
from datetime import datetime, timedelta
from io import BytesIO, StringIO

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from areaomogenea.desk import spreadsheet_rows
from areaomogenea.desk.pagination import MOST_COUNTED
from areaomogenea.search.engines import index_publication
from news.models import Communique

from .factories import make_communique, make_editor, make_municipality, make_topic

pytestmark = pytest.mark.django_db
LIST = "/admin/news/communique/"
IMPORT = f"{LIST}importa/"


@pytest.fixture
def editor(client):
    user = make_editor(role="Redattore")
    client.force_login(user)
    return user


def exported(client, extension="csv", query=""):
    return client.get(f"{LIST}esporta.{extension}{query}").content


def table_of(content):
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet(*rows, name="foglio.csv"):
    """A CSV file of these rows, each a dict."""
    out = StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return ContentFile(out.getvalue().encode(), name)


def book(*rows):
    out, made = BytesIO(), Workbook()
    for row in rows:
        made.active.append(row)
    made.save(out)
    return ContentFile(out.getvalue(), "foglio.xlsx")


def tried(client, file):
    """The page that tells what would happen."""
    return client.post(IMPORT, {"sheet": file}).text


def confirmed(client, file):
    """What the same page answers once its own button is pressed."""
    page = client.post(IMPORT, {"sheet": file})
    assert "table" in page.context, page.text
    typed = page.context["table"].replace("\r\n", "\n").replace("\n", "\r\n")  # as browsers send it
    return client.post(IMPORT, {"table": typed, "read": page.context["read"], "confirm": "1"}, follow=True)


HOSTILE = {
    "title": "=SOMMA(A1:A9)",
    "subtitle": "'=già con l’apostrofo",
    "summary": '+39 0373; «virgolette», "doppie"',
    "office": "@ufficio",
    "number": "-1",
    "body": "<p>Prima riga;\n«seconda»</p>\n<p>Terza</p>",
}


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_what_leaves_comes_back_the_same(client, editor, extension):
    topics, places = [make_topic(), make_topic()], [make_municipality(), make_municipality()]
    draft = make_communique(topics, places, status="draft", pinned=True, **HOSTILE)
    make_communique(topics, publish_at=timezone.now().replace(microsecond=0) - timedelta(days=1))
    make_communique(status="draft", publish_at=None, body="")
    before = [row.content() for row in Communique.objects.order_by("pk")]

    content = exported(client, extension)
    page = tried(client, ContentFile(content, f"foglio.{extension}"))

    assert "Nulla: le 3 righe del foglio sono uguali" in page
    assert [row.content() for row in Communique.objects.order_by("pk")] == before
    assert draft.revisions.count() == 0


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_draft_made_from_its_own_export_has_the_same_content(client, editor, extension):
    draft = make_communique([make_topic()], [make_municipality()], status="draft", **HOSTILE)
    content = exported(client, extension)
    expected = draft.content()
    draft.delete()
    headers, rows = spreadsheet_rows.read(ContentFile(content, "x"))
    rows[0][headers.index("codice")] = ""

    confirmed(client, ContentFile(spreadsheet_rows.write_csv([headers, *rows]), "foglio.csv"))

    assert Communique.objects.get().content() == expected


def test_no_letter_that_nobody_sees_hides_a_formula_or_goes_out():
    rows = [["codice", "titolo"], ["1", "\u200b=1+1"], ["2", "Il \u202eponte"]]
    sheet = load_workbook(BytesIO(spreadsheet_rows.write_xlsx(rows))).active

    assert spreadsheet_rows.write_csv(rows).decode("utf-8-sig").splitlines() == [
        "codice;titolo",
        "1;'=1+1",
        "2;Il ponte",
    ]
    assert [[cell.value for cell in row] for row in sheet][1:] == [["1", "'=1+1"], ["2", "Il ponte"]]


def test_no_cell_is_a_formula(client, editor):
    make_communique(status="draft", **HOSTILE)

    _, cells = csv.reader(StringIO(exported(client).decode("utf-8-sig"), newline=""), delimiter=";")
    book = load_workbook(BytesIO(exported(client, "xlsx")))

    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value} == {"s"}


def test_export_keeps_to_the_filters_and_to_all_pages(client, editor):
    topic = make_topic()
    for number in range(60):
        make_communique([topic], status="draft", title=f"Bozza {number}")
    make_communique(title="Pubblicata")

    rows = table_of(exported(client, query=f"?stato=draft&argomento={topic.slug}&p=2"))

    assert len(rows) == 60
    assert {row["stato"] for row in rows} == {"Bozza"}
    assert rows[0]["argomenti"] == topic.slug


def test_export_of_a_search_has_more_than_the_list_counts(client, editor):
    for number in range(MOST_COUNTED + 2):
        one = Communique(kind="notizie", title=f"Ponte {number}", slug=f"ponte-{number}", publish_at=timezone.now())
        one.save_base(raw=False)  # as bare as it may be: they are many
        index_publication(one, "")

    page = client.get(f"{LIST}?q=ponti").text

    assert "Più di 1.000 risultati" in page
    assert "restringi l’elenco" in page
    assert len(table_of(exported(client, query="?q=ponti"))) == MOST_COUNTED + 2


def test_list_leads_to_its_spreadsheets_with_its_filters(client, editor):
    page = client.get(f"{LIST}?stato=draft").text

    assert f'href="{LIST}esporta.xlsx?stato=draft"' in page
    assert f'href="{IMPORT}"' in page


def test_export_with_a_filter_that_is_none_is_refused_as_in_the_list(client, editor):
    answers = [client.get(f"{LIST}{path}?nessuno=1", follow=True) for path in ("", "esporta.csv")]

    assert [(answer.status_code, answer.redirect_chain) for answer in answers] == [(400, [])] * 2


def test_text_too_long_for_a_cell_is_told(client, editor):
    make_communique(status="draft", body=f"<p>{'a' * 40_000}</p>")

    page = client.get(f"{LIST}esporta.xlsx", follow=True).text

    assert "troppo lungo per XLSX: esporta in CSV" in page
    assert "a" * 40_000 in exported(client).decode()


@pytest.mark.parametrize("rows", [2, 12])
def test_cost_of_an_export_does_not_grow(client, editor, rows, django_assert_max_num_queries):
    for _ in range(rows):
        make_communique([make_topic()], [make_municipality()])

    with django_assert_max_num_queries(18):
        exported(client)


def test_new_rows_become_drafts_of_who_brings_them(client, editor):
    topic, crema = (
        make_topic(slug="cer", name="Comunità energetiche"),
        make_municipality(name="Crema", istat_code="019035"),
    )
    row = {
        "tipo": "Avviso",
        "titolo": "Bando aperto",
        "in breve": "Fino a venerdì.",
        "testo": "<p>Testo <script>alert(1)</script><b onclick='x'>forte</b></p>",
        "argomenti": "comunità energetiche",
        "Comuni interessati": "19035",
        "in evidenza": "Sì",
        "ora di pubblicazione": "01/12/2026 9:30",
        "stato": "Approvata",
    }

    page = confirmed(client, sheet(row))

    assert "Bozze nuove: 1. Bozze cambiate: 0." in page.text
    made = Communique.objects.get()
    assert (made.status, made.author, made.kind, made.slug, made.pinned) == (
        "draft",
        editor,
        "avvisi",
        "bando-aperto",
        True,
    )
    assert (list(made.topics.all()), list(made.municipalities.all())) == ([topic], [crema])
    assert timezone.localtime(made.publish_at).replace(tzinfo=None) == datetime(2026, 12, 1, 9, 30)  # noqa: DTZ001
    assert "script" not in made.body
    assert "onclick" not in made.body
    assert made.revisions.get().by == editor


def test_confirming_changes_the_rows_that_were_shown(client, editor):
    published = make_communique(body="<p>Una</p>\n<p>Due</p>")
    draft = make_communique(status="draft", title="Prima")
    headers, rows = spreadsheet_rows.read(ContentFile(exported(client), "x"))
    for row in rows:
        if row[0] == str(draft.pk):
            row[headers.index("titolo")] = "Dopo"

    page = confirmed(client, ContentFile(spreadsheet_rows.write_csv([headers, *rows]), "foglio.csv"))

    assert "Bozze nuove: 0. Bozze cambiate: 1." in page.text
    draft.refresh_from_db()
    published.refresh_from_db()
    assert (draft.title, published.version) == ("Dopo", 0)


def test_draft_that_others_changed_after_the_trial_is_asked_again(client, editor):
    draft = make_communique(status="draft", title="Prima", summary="Di prima.")
    draft.record(by=None, action="saved")
    tried_page = client.post(IMPORT, {"sheet": sheet({"codice": draft.pk, "in breve": "Del foglio."})})
    draft.summary = "Di un’altra persona."
    draft.save()
    draft.record(by=make_editor(first_name="Elena"), action="saved")
    sent = {name: tried_page.context[name] for name in ("table", "read")} | {"confirm": "1"}

    page = client.post(IMPORT, sent)

    draft.refresh_from_db()
    assert (draft.summary, draft.version) == ("Di un’altra persona.", 2)
    assert "Altri l’hanno cambiata dopo la prova." in page.text
    assert "da Elena" in page.text
    assert "<ins>" in page.text
    client.post(IMPORT, sent | {"read": page.context["read"]})
    draft.refresh_from_db()
    assert draft.summary == "Del foglio."


@pytest.mark.parametrize("read", ["", "x", "2", "2:x", "2:" + "9" * 30, "²:1"])
def test_version_that_was_never_shown_is_none(client, editor, read):
    draft = make_communique(status="draft", title="Prima")

    page = client.post(IMPORT, {"table": f"codice;titolo\n{draft.pk};Dopo", "read": read, "confirm": "1"})

    assert "Altri l’hanno cambiata dopo la prova." in page.text
    draft.refresh_from_db()
    assert draft.title == "Prima"


def test_trying_a_sheet_locks_nothing(client, editor):
    with CaptureQueriesContext(connection) as queries:
        page = tried(client, sheet({"titolo": "Nuova", "tipo": "Avviso"}))

    written = [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
    assert "Bozza nuova" in page
    assert [sql for sql in written if "publishing_publication" in sql] == []


def test_trying_writes_nothing_and_says_what_would_change(client, editor):
    draft = make_communique(status="draft", title="Prima", summary="Resta.")

    page = tried(client, sheet({"codice": draft.pk, "titolo": "Dopo"}, {"codice": "", "titolo": "Nuova"}))

    assert "Bozza che cambia" in page
    assert "Bozza nuova" in page
    draft.refresh_from_db()
    assert (draft.title, Communique.objects.count(), draft.revisions.count()) == ("Prima", 1, 0)


def test_a_column_that_is_absent_stays_as_it_is(client, editor):
    draft = make_communique([make_topic()], status="draft", summary="Resta.")

    confirmed(client, sheet({"codice": draft.pk, "titolo": "Dopo"}))

    draft.refresh_from_db()
    assert (draft.title, draft.summary, draft.topics.count()) == ("Dopo", "Resta.", 1)


@pytest.mark.parametrize("status", ["review", "approved", "withdrawn"])
def test_what_is_no_draft_is_not_changed(client, editor, status):
    row = make_communique(status=status, title="Prima")

    page = tried(client, sheet({"codice": row.pk, "titolo": "Dopo"}))

    assert "da un foglio si cambiano solo le bozze" in page
    row.refresh_from_db()
    assert (row.title, row.status) == ("Prima", status)


def test_rows_in_scope_only_and_no_trick_at_the_second_step(client):
    crema, elsewhere = make_municipality(), make_municipality()
    user = make_editor(role="Redattore comunale")
    user.assignments.create(municipality=crema)
    client.force_login(user)
    theirs = make_communique(places=[elsewhere], status="draft", title="Loro")
    steal = spreadsheet_rows.write_csv([["codice", "titolo"], [str(theirs.pk), "Mia"]]).decode("utf-8-sig")

    foreign = tried(client, sheet({"codice": theirs.pk, "titolo": "Mia"}))
    forced = client.post(IMPORT, {"table": steal, "confirm": "1"}).text
    outside = tried(client, sheet({"titolo": "Nuova", "Comuni interessati": elsewhere.istat_code}))
    nowhere = tried(client, sheet({"titolo": "Nuova"}))
    confirmed(client, sheet({"titolo": "Nuova", "Comuni interessati": crema.name}))

    assert "colonna «codice»: Fra le pubblicazioni che puoi cambiare nessuna ha questo codice." in foreign
    assert "nessuna ha questo codice" in forced
    assert "colonna «Comuni interessati»" in outside
    assert "colonna «Comuni interessati»" in nowhere
    theirs.refresh_from_db()
    assert theirs.title == "Loro"
    assert [row["titolo"] for row in table_of(exported(client))] == ["Nuova"]


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"titolo": ""}, "titolo", "obbligatorio"),
        ({"titolo": "x" * 201}, "titolo", "200 caratteri"),
        ({"tipo": "romanzo"}, "tipo", "romanzo"),
        ({"argomenti": "energia, nulla"}, "argomenti", "«nulla» non c’è fra argomenti."),
        ({"Comuni interessati": "Atlantide"}, "Comuni interessati", "«Atlantide» non c’è fra Comuni."),
        ({"in evidenza": "forse"}, "in evidenza", "Scrivi «sì» o «no»."),
        ({"ora di pubblicazione": "domani"}, "ora di pubblicazione", "Scrivi la data come 2026-11-24 15:30."),
        ({"ora di pubblicazione": "31/02/2026 10:00"}, "ora di pubblicazione", "Scrivi la data come"),
        ({"indirizzo": "con spazi"}, "indirizzo", "senza accento"),
        ({"indirizzo della fonte": "javascript:alert(1)"}, "indirizzo della fonte", "URL"),
        ({"codice": "999999"}, "codice", "nessuna ha questo codice"),
        ({"codice": "x"}, "codice", "nessuna ha questo codice"),
        ({"codice": "9" * 40}, "codice", "nessuna ha questo codice"),
    ],
)
def test_a_bad_cell_is_told_by_row_and_column_and_nothing_is_written(client, editor, cells, column, message):
    make_topic(slug="energia")
    good = {"codice": "", "titolo": "Buona", "tipo": "notizie"}

    page = tried(client, sheet(*({**dict.fromkeys(good | cells, ""), **row} for row in (good, good | cells))))

    assert "Riga 3" in page
    assert f"colonna «{column}»" in page
    assert message in page
    assert not Communique.objects.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Il file è vuoto."),
        (b"titolo;testo\n", "Il file non ha righe"),
        ("titolo;testo\nCittà;x\n".encode("cp1252"), "salva il file come «CSV UTF-8»"),
        (b"nome;cognome\na;b\n", "Non conosco queste colonne: «nome», «cognome»."),
        (b"titolo;titolo\na;b\n", "Questa colonna c’è due volte: «titolo»."),
        (b"in breve\na\n", "Manca la colonna «titolo»"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "Questo file non è un foglio: scegli un CSV o un XLSX."),
        (b"titolo\na\x00b\n", "Riga 2"),
        (b"titolo;testo\na;b;c\n", "Ha più celle delle colonne"),
        (b'titolo\n"mai chiuse', "non è un CSV ben fatto"),
        (b"PK\x03\x04 rotto", "Questo file non è un foglio XLSX leggibile: aprilo"),
        (b"titolo\n" + b"x\n" * 501, "Il file ha più di 500 righe"),
        (b"titolo\n" + b"x" * 10 * 1024 * 1024, "Il file pesa 10,1 MB e il massimo è 5"),
    ],
    ids="empty headless cp1252 columns twice untitled picture nul ragged quotes zip rows heavy".split(),
)
def test_a_bad_file_is_told_in_words(client, editor, content, message):
    page = client.post(IMPORT, {"sheet": ContentFile(content, "foglio.csv")})

    assert page.status_code == 200
    assert message in page.text
    assert not Communique.objects.exists()


def test_a_zip_that_swells_is_refused(client, editor):
    from zipfile import ZIP_DEFLATED, ZipFile

    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive, archive.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(101):
            part.write(bytes(1024 * 1024))

    assert "Il foglio è troppo grande" in tried(client, ContentFile(out.getvalue(), "foglio.xlsx"))


def test_cells_of_a_spreadsheet_are_read_as_they_look(client, editor):
    make_municipality(istat_code="019035", name="Crema")

    confirmed(
        client,
        book(
            ["titolo", "numero", "Comuni interessati", "ora di pubblicazione"],
            ["Dal foglio", 12.0, 19035, datetime(2026, 12, 1, 9, 30)],  # noqa: DTZ001
        ),
    )

    made = Communique.objects.get()
    assert (made.number, made.municipalities.get().name) == ("12", "Crema")
    assert timezone.localtime(made.publish_at).hour == 9


def test_who_may_not_write_neither_imports_nor_exports(client):
    client.force_login(make_editor())

    assert client.get(IMPORT).status_code == 403
    assert client.get(f"{LIST}esporta.csv").status_code == 403


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_nobody_takes_a_list_without_logging_in(client, extension):
    assert client.get(f"{LIST}esporta.{extension}").url.startswith("/admin/login/")
