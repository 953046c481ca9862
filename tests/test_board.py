"""The board of participation: a column at once, one Comune alone, pasted names, sheets; nothing typed is lost."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from areaomogenea.municipalities.models import Municipality
from initiatives.board.matching import NameReader
from initiatives.board.standings import Board
from initiatives.models import Initiative, InitiativeGroup, Milestone, Participation

from .factories import make_communique, make_editor, make_initiative, make_municipality

pytestmark = pytest.mark.django_db
LIST = "/admin/initiatives/initiative/"


@pytest.fixture
def editor(client):
    user = make_editor(role="Redattore")
    client.force_login(user)
    return user


@pytest.fixture(scope="module")
def area(lasting):
    with lasting():
        call_command("load_municipalities", verbosity=0)
        yield


@pytest.fixture
def initiative():
    return make_initiative(title="Le comunità energetiche", status="draft")


def board(initiative, *rest):
    return f"{LIST}{initiative.pk}/comuni/{''.join(f'{part}/' for part in rest)}"


def places(*names):
    return [make_municipality(name=name, slug=name.lower().replace(" ", "-")) for name in names]


def join(initiative, place, **fields):
    return Participation.objects.create(initiative=initiative, municipality=place, **fields)


def apply(client, initiative, *chosen, follow=True, **typed):
    typed = {"state": "joined", "seen_version": initiative.version, "chosen": [place.pk for place in chosen]} | typed
    return client.post(board(initiative), typed, follow=follow)


def states(initiative):
    return {str(one.municipality): one.state for one in initiative.participations.all()}


def errors(response, field):
    return " ".join(response.context["form"].errors.get(field, []))


# A column at once


def test_all_that_are_checked_change_together_as_one_version(client, editor, initiative):
    crema, _, izano = places("Crema", "Dovera", "Izano")
    source = make_communique(title="Chi ha detto sì")
    join(initiative, izano, state="invited")

    page = apply(client, initiative, crema, izano, since="2024-11-28", source="Chi ha detto sì").text

    assert "2 Comuni: salvato." in page
    rows = initiative.participations.values_list("municipality__name", "state", "since", "source")
    assert list(rows) == [(name, "joined", date(2024, 11, 28), source.pk) for name in ("Crema", "Izano")]
    first, saved = initiative.revisions.order_by("pk")
    assert [row["municipality"] for row in first.content["participations"]] == [izano.pk]
    assert (saved.by, saved.comment, len(saved.content["participations"])) == (editor, "Partecipa: Crema, Izano", 2)


def test_every_step_of_a_comune_stays_readable(client, editor, initiative):
    (crema,) = places("Crema")
    apply(client, initiative, crema, state="invited", since="2024-01-10")
    initiative.refresh_from_db()
    apply(client, initiative, crema, state="joined", since="2024-11-28")

    page = client.get(board(initiative, "crema")).text

    assert page.index("10 gennaio 2024") < page.index("28 novembre 2024")
    assert [step.state for step in Participation.objects.get().steps.all()] == ["invited", "joined"]


def test_blank_fields_leave_what_there_is_unless_the_state_changes(client, editor, initiative):
    (crema,) = places("Crema")
    group = InitiativeGroup.objects.create(initiative=initiative, name="Serio")
    join(initiative, crema, since=date(2024, 5, 1))

    apply(client, initiative, crema, state="", group=group.pk)
    unchanged = Participation.objects.get()
    initiative.refresh_from_db()
    apply(client, initiative, crema, state="withdrawn")
    left = Participation.objects.get()

    assert (unchanged.state, unchanged.since, unchanged.group) == ("joined", date(2024, 5, 1), group)
    assert (left.state, left.since, left.group) == ("withdrawn", None, group)


def test_comune_leaves_the_list(client, editor, initiative):
    crema, dovera = places("Crema", "Dovera")
    join(initiative, crema), join(initiative, dovera)

    apply(client, initiative, crema, state="out")

    assert states(initiative) == {"Dovera": "joined"}


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"since": "2019-01-01"}, "since", "la sua prima tappa è «Il bando», 7 ottobre 2022"),
        ({"since": "0202-01-01"}, "since", "è troppo lontano: controlla l’anno"),
        ({"since": "2199-01-01"}, "since", "è troppo lontano: controlla l’anno"),
        ({"since": "ieri"}, "since", "Scrivi la data come 24/11/2026."),
        ({"state": "boh"}, "state", "boh"),
        ({"state": ""}, "state", "Scegli uno stato per chi non è ancora nell’elenco."),
        ({"source": "Mai scritto"}, "source", "Nessun comunicato si chiama così."),
        ({"source": "Due uguali"}, "source", "copia l’indirizzo di quello giusto"),
        ({"source": "x" * 600}, "source", "500"),
        ({"group": "99999"}, "group", "99999"),
        ({"chosen": []}, "__all__", "Scegli almeno un Comune"),
        ({"chosen": ["x", "9" * 30, "-1"]}, "__all__", "Scegli almeno un Comune"),
        ({"seen_version": "x"}, "seen_version", ""),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_lost(client, editor, initiative, typed, field, message):
    (crema,) = places("Crema")
    Milestone.objects.create(initiative=initiative, title="Il bando", on=date(2022, 10, 7))
    InitiativeGroup.objects.create(initiative=initiative, name="Serio")
    InitiativeGroup.objects.create(initiative=make_initiative(), name="Di un’altra", pk=99999)
    make_communique(title="Due uguali"), make_communique(title="Due uguali")

    response = apply(client, initiative, crema, **typed)

    assert message in errors(response, field)
    assert response.context["form"].errors
    assert states(initiative) == {}
    assert initiative.revisions.count() == 0
    assert typed.get("source", "") in response.text
    if "chosen" not in typed:
        assert f'value="{crema.pk}" checked' in response.text


def test_fault_of_many_is_told_once_with_their_names(client, editor, initiative):
    Milestone.objects.create(initiative=initiative, title="Il bando", on=date(2022, 1, 1), precision="year")

    response = apply(client, initiative, *places("Crema", "Dovera"), since="2021-12-31")

    assert response.context["form"].errors["since"] == [
        "L’iniziativa comincia dopo: la sua prima tappa è «Il bando», 2022. Vale per: Crema, Dovera."
    ]


def test_invited_may_be_before_it_begins_and_joined_some_months_ahead(client, editor, initiative):
    crema, dovera = places("Crema", "Dovera")
    Milestone.objects.create(initiative=initiative, title="Il bando", on=date(2022, 10, 7))
    soon = timezone.localdate() + timedelta(days=40)

    apply(client, initiative, crema, state="invited", since="2022-01-01")
    initiative.refresh_from_db()
    apply(client, initiative, dovera, since=soon.isoformat())

    assert states(initiative) == {"Crema": "invited", "Dovera": "joined"}


def test_what_changes_nothing_is_told_and_makes_no_version(client, editor, initiative):
    (crema,) = places("Crema")
    join(initiative, crema)

    response = apply(client, initiative, crema)

    assert "Così non cambia nulla" in errors(response, "state")
    assert initiative.revisions.count() == 0


def test_database_refuses_a_comune_twice(initiative):
    (crema,) = places("Crema")
    join(initiative, crema)

    with pytest.raises(IntegrityError), transaction.atomic():
        join(initiative, crema)


@pytest.mark.parametrize("query", ["?nome=cre", "?nome=CREMA", "?stato=joined", "?stato=joined&nome=cr"])
def test_filters_work_by_address_and_choose_what_they_show(client, editor, initiative, query):
    crema, dovera = places("Crema", "Dovera")
    join(initiative, crema)

    page = client.get(f"{board(initiative)}{query}&scelti=tutti").text

    assert f'value="{crema.pk}" checked' in page
    assert f'value="{dovera.pk}" checked' not in page
    assert 'data-names="dovera" hidden' in page


@pytest.mark.parametrize("query", ["?stato=x", f"?nome={'x' * 80}", "?scelti=x"])
def test_absurd_filters_answer_with_a_page(client, editor, initiative, query):
    assert client.get(f"{board(initiative)}{query}").status_code == 200


@pytest.mark.parametrize("title", ["L’accordo è firmato", "L'accordo è firmato", "/novita/laccordo/", "laccordo"])
def test_source_is_found_by_title_or_address(client, editor, initiative, title):
    source = make_communique(title="L’accordo è firmato", slug="laccordo")
    address = {
        "/novita/laccordo/": source.get_absolute_url(),
        "laccordo": f"https://testserver{source.get_absolute_url()}",
    }

    apply(client, initiative, *places("Crema"), source=address.get(title, title))

    assert Participation.objects.get().source_id == source.pk


def test_source_is_no_draft_of_others(client, initiative):
    crema = make_municipality()
    local = make_editor(role="Redattore comunale")
    local.assignments.create(municipality=crema)
    initiative.municipalities.add(crema)
    make_communique(title="Segreto", status="draft")
    client.force_login(local)

    response = apply(client, initiative, crema, source="Segr")

    assert "Nessun comunicato si chiama così. Copia" in errors(response, "source")
    assert "Segreto" not in response.text


# One alone


def test_one_comune_is_written_alone_and_leads_to_the_next(client, editor, initiative):
    places("Crema", "Dovera")
    typed = {"state": "declined", "since": "05/11/2024", "seen_version": 0, "following": "1"}

    response = client.post(board(initiative, "crema"), typed)

    assert response["Location"] == board(initiative, "dovera")
    assert Participation.objects.get().since == date(2024, 11, 5)


def test_page_of_one_shows_what_there_is(client, editor, initiative):
    (crema,) = places("Crema")
    source = make_communique(title="La firma")
    join(initiative, crema, state="withdrawn", since=date(2024, 5, 1), source=source)

    page = client.get(board(initiative, "crema")).text

    assert 'value="withdrawn" id="id_state_3" required checked' in page
    assert 'value="2024-05-01"' in page
    assert 'value="La firma"' in page


# Two at once, and those who only propose


def test_board_that_was_read_before_somebody_saved_saves_nothing(editor, initiative):
    crema, dovera = places("Crema", "Dovera")
    mine, other = Board(initiative, editor), Board(Initiative.objects.get(), editor)

    assert other.save({crema: Participation(initiative=initiative, municipality=crema)})
    assert not mine.save({dovera: Participation(initiative=initiative, municipality=dovera)})
    assert states(initiative) == {"Crema": "joined"}


def test_what_was_already_so_is_told(client, editor, initiative):
    crema, dovera = places("Crema", "Dovera")
    join(initiative, crema)

    assert "Un Comune: salvato. Un altro era già così." in apply(client, initiative, crema, dovera).text


def test_what_others_changed_meanwhile_is_told_once(client, editor, initiative):
    crema, dovera = places("Crema", "Dovera")
    apply(client, initiative, crema, state="declined")

    late = apply(client, initiative, crema, dovera, since="2024-11-28", source="")
    again = apply(client, initiative, crema, dovera, seen_version=late.context["form"]["seen_version"].value())

    assert "Intanto altri hanno cambiato Crema (ora: ha detto di no)" in errors(late, "__all__")
    assert 'value="2024-11-28"' in late.text
    assert "2 Comuni: salvato." in again.text


def test_what_others_changed_elsewhere_stays(client, editor, initiative):
    crema, dovera = places("Crema", "Dovera")
    apply(client, initiative, crema, state="declined")

    apply(client, initiative, dovera)

    assert states(initiative) == {"Crema": "declined", "Dovera": "joined"}


def test_what_others_did_to_other_comuni_stays_and_is_told(client, editor, initiative):
    crema, dovera = places("Crema", "Dovera")
    seen = initiative.record(by=None, action="saved").version
    join(initiative, dovera)
    initiative.record(by=None, action="saved")

    page = apply(client, initiative, crema, seen_version=seen).text

    assert states(initiative) == {"Crema": "joined", "Dovera": "joined"}
    assert "Intanto altri avevano cambiato: Dovera (partecipa). Le loro modifiche sono rimaste." in page


def test_live_initiative_changes_only_when_somebody_approves(client, editor):
    live = make_initiative()
    crema, dovera = places("Crema", "Dovera")
    join(live, dovera)

    page = apply(client, live, crema).text
    page += apply(client, live, dovera, state="withdrawn").text

    assert states(live) == {"Dovera": "joined"}
    assert page.count("proposto</em>") == 1 + 2
    assert live.accept(make_editor(role="Responsabile"))
    assert states(live) == {"Crema": "joined", "Dovera": "withdrawn"}


def test_proposal_of_words_waits_with_that_of_rows(client, editor):
    live = make_initiative()
    live.keep_first_version()
    live.propose(editor, live.content() | {"title": "Un titolo proposto"})

    apply(client, live, *places("Crema"))
    live.accept(make_editor(role="Responsabile"))

    live.refresh_from_db()
    assert (live.title, states(live)) == ("Un titolo proposto", {"Crema": "joined"})


def test_who_approves_changes_what_is_live(client):
    client.force_login(make_editor(role="Responsabile"))
    live = make_initiative()

    apply(client, live, *places("Crema"))

    assert states(live) == {"Crema": "joined"}


@pytest.mark.parametrize("rest", ["", "crema/", "incolla/", "importa/", "esporta.csv", "esporta.xlsx"])
def test_board_out_of_scope_is_not_found(client, initiative, rest):
    places("Crema")
    client.force_login(make_editor(role="Redattore comunale"))

    assert client.get(f"{board(initiative)}{rest}").status_code == 404
    assert client.post(f"{board(initiative)}{rest}", {"state": "joined"}).status_code == 404


def test_who_may_only_look_has_no_board(client, initiative):
    looker = make_editor()
    codenames = ["view_initiative", "write_for_area"]
    looker.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(looker)

    assert client.get(board(initiative)).status_code == 404


@pytest.mark.parametrize("rest", ["atlantide/", "esporta.pdf"])
def test_what_is_not_there_is_not_found(client, editor, initiative, rest):
    assert client.get(f"{board(initiative)}{rest}").status_code == 404


def test_form_and_list_lead_to_the_board(client, editor, initiative):
    join(initiative, make_municipality())

    assert f'href="{board(initiative)}"' in client.get(f"{LIST}{initiative.pk}/change/").text
    assert f'<a href="{board(initiative)}">Un Comune</a>' in client.get(LIST).text


@pytest.mark.parametrize("joined", [1, 40])
def test_cost_of_the_board_does_not_grow(client, editor, area, initiative, joined, django_assert_num_queries):
    source = make_communique()
    group = InitiativeGroup.objects.create(initiative=initiative, name="Serio")
    for place in Municipality.objects.of_area()[:joined]:
        join(initiative, place, source=source, group=group)
    client.get(board(initiative))

    with django_assert_num_queries(17):
        client.get(board(initiative))


# Pasted names


def read(text):
    reading = NameReader(Municipality.objects.gazetteer()).read(text)
    certain = [place.name for place, _ in reading.certain]
    doubts = {name.passage: [place.name for place in name.municipalities] for name in reading.doubts}
    return certain, doubts, reading.unknown


@pytest.mark.any_database
@pytest.mark.parametrize(
    "text",
    [
        "Crema, Dovera, Rivolta d’Adda",
        "Crema\nDovera\nRivolta d'Adda",
        "CREMA; DOVERA; RIVOLTA D'ADDA.",
        "1. Crema\n2. Dovera\n3. Rivolta d Adda",
        "1) Crema\n 2) Dovera\n3 - Rivolta d'Adda;",
        "• Crema\n• Dovera\n• Rivolta d'Adda",
        "- Comune di Crema\n- Comune di Dovera (CR)\n- comune di Rivolta d'Adda",
        "Comuni di Crema, Dovera e Rivolta d'Adda",
        "Crema Dovera Rivolta d'Adda",
        "1\tCrema\t34.148\n2\tDovera\t3.871\n3\tRivolta d'Adda\t8.185\n",
        "Crema/Dovera/Rivolta d'Adda",
        "Crema – Dovera – Rivolta d'Adda",
        "crema,,dovera,\r\n\r\n,rivolta   d'adda",
    ],
)
def test_list_is_read_however_it_is_written(area, text):
    assert read(text) == (["Crema", "Dovera", "Rivolta d'Adda"], {}, [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bagnolo Cr.", "Bagnolo Cremasco"),
        ("Casale Cremasco – Vidolasco", "Casale Cremasco-Vidolasco"),
        ("CASALE CREMASCO VIDOLASCO", "Casale Cremasco-Vidolasco"),
        ("Credera-Rubbiano", "Credera Rubbiano"),
        ("Cumignano S/N", "Cumignano sul Naviglio"),
        ("Sesto ed Uniti", "Sesto ed Uniti"),
        ("Spino", "Spino d'Adda"),
    ],
)
def test_spellings_of_the_press_are_certain(area, text, name):
    assert read(text) == ([name], {}, [])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ripalta", ["Ripalta Arpina", "Ripalta Cremasca", "Ripalta Guerina"]),
        ("CASALETTO", ["Casaletto Ceredano", "Casaletto Vaprio", "Casaletto di Sopra"]),
        ("Monte", ["Monte Cremasco"]),
        ("Offanego", ["Offanengo"]),
        ("Casaletto Ceredana", ["Casaletto Ceredano"]),
        ("Sesto", ["Sesto ed Uniti"]),
    ],
)
def test_what_may_mean_several_or_is_misspelt_is_a_doubt(area, text, names):
    certain, doubts, unknown = read(text)

    assert (certain, unknown) == ([], [])
    assert list(doubts) == [text]
    assert set(names) <= set(*doubts.values())


def test_unknown_words_and_repeated_names_are_told(area):
    reading = NameReader(Municipality.objects.gazetteer()).read("Crema, Milano, CREMA, Provincia di Cremona, Milano")

    assert reading.unknown == ["Milano", "Provincia di Cremona"]
    assert [(place.name, number) for place, number in reading.repeated] == [("Crema", 2)]


def test_sentence_gives_its_names(area):
    text = "Hanno aderito ieri sera in assemblea plenaria i sindaci presenti di Crema e di Offanengo"

    assert read(text)[0] == ["Crema", "Offanengo"]


@pytest.mark.parametrize("text", ["", "12\n34", "•\n•", "😀", "\x00", "((((", "Crem@online", "=1+1"])
def test_absurd_lists_give_no_name(area, text):
    assert read(text)[:2] == ([], {})


def pasted(client, initiative, names, **typed):
    return client.post(board(initiative, "incolla"), {"names": names, "read": "1"} | typed, follow=True)


def confirmed(client, initiative, names, *chosen, **typed):
    typed = {"read_names": names, "apply": "1", "state": "joined", "seen_version": initiative.version} | typed
    chosen = [Municipality.objects.get(name=name).pk for name in chosen]
    return client.post(board(initiative, "incolla"), {"names": names, "chosen": chosen} | typed, follow=True)


def test_pasted_names_are_shown_before_anything_is_done(client, editor, area, initiative):
    page = pasted(client, initiative, "Crema, Ripalta, Atlantide").text

    crema = Municipality.objects.get(name="Crema")
    assert f'value="{crema.pk}" checked' in page
    assert page.index("Un dubbio: quale Comune è?") < page.index("Ripalta Guerina") < page.index("Nessuno di questi")
    assert "<li>«Atlantide»</li>" in page
    assert ">\nCrema, Ripalta, Atlantide</textarea>" in page
    assert states(initiative) == {}


def test_confirmed_names_change_with_the_answers(client, editor, area, initiative):
    guerina = Municipality.objects.get(name="Ripalta Guerina")

    confirmed(client, initiative, "Crema, Ripalta, Dovera, Monte", "Crema", doubt_0=guerina.pk, doubt_1="nessuno")

    assert states(initiative) == {"Crema": "joined", "Ripalta Guerina": "joined"}


def test_doubt_without_an_answer_is_asked_again(client, editor, area, initiative):
    response = confirmed(client, initiative, "Crema, Ripalta", "Crema", since="2024-11-28")

    assert "Scegli che Comune è «Ripalta»" in errors(response, "doubt_0")
    assert 'value="2024-11-28"' in response.text
    assert states(initiative) == {}


def test_answer_of_another_doubt_is_refused(client, editor, area, initiative):
    milan = make_municipality(name="Milano")

    response = confirmed(client, initiative, "Crema, Ripalta", "Crema", doubt_0=milan.pk)

    assert errors(response, "doubt_0")
    assert states(initiative) == {}


def test_list_that_changed_after_it_was_read_is_read_again(client, editor, area, initiative):
    response = confirmed(client, initiative, "Crema, Dovera", "Crema", read_names="Crema")

    assert "ecco come lo leggo ora" in errors(response, "__all__")
    assert states(initiative) == {}


@pytest.mark.any_database
@pytest.mark.parametrize("names", ["", "x" * 30_000, "\x00"])
def test_absurd_paste_is_told_at_its_field(client, editor, area, initiative, names):
    assert errors(pasted(client, initiative, names), "names")


# Sheets


def exported(client, initiative, extension="csv"):
    return client.get(f"{board(initiative)}esporta.{extension}").content


def sheet(*rows, headers=("codice ISTAT", "Comune", "stato", "dal", "gruppo", "fonte")):
    out = StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([headers, *rows])
    return ContentFile(out.getvalue().encode(), "foglio.csv")


def tried(client, initiative, file):
    return client.post(board(initiative, "importa"), {"sheet": file})


def imported(client, initiative, file):
    page = tried(client, initiative, file)
    assert "table" in page.context, page.text
    typed = {"table": page.context["table"], "confirm": "1", "seen_version": initiative.version}
    return client.post(board(initiative, "importa"), typed, follow=True)


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_what_leaves_comes_back_the_same(client, editor, area, initiative, extension):
    group = InitiativeGroup.objects.create(initiative=initiative, name="=Serio")
    source = make_communique()
    crema, dovera = Municipality.objects.filter(name__in=["Crema", "Dovera"])
    join(initiative, crema, since=date(2024, 11, 28), group=group, source=source)
    join(initiative, dovera, state="withdrawn")

    page = tried(client, initiative, ContentFile(exported(client, initiative, extension), f"x.{extension}")).text

    assert "Nulla: le righe del foglio sono uguali" in page


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_exported_sheet_fills_another_initiative(client, editor, area, initiative, extension):
    for place in Municipality.objects.of_area()[:5]:
        join(initiative, place, since=date(2024, 11, 28))
    other = make_initiative(status="draft")

    imported(client, other, ContentFile(exported(client, initiative, extension), "x"))

    assert states(other) == states(initiative)
    assert other.revisions.count() == 2


def test_no_cell_is_a_formula(client, editor, area, initiative):
    group = InitiativeGroup.objects.create(initiative=initiative, name="=SOMMA(A1)")
    join(initiative, Municipality.objects.first(), group=group)

    book = load_workbook(BytesIO(exported(client, initiative, "xlsx")))

    assert {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value} == {"s"}
    assert "'=SOMMA(A1)" in exported(client, initiative).decode()


def test_sheet_is_tried_first_and_names_are_understood(client, editor, area, initiative):
    crema = Municipality.objects.get(name="Crema")
    join(initiative, crema)
    file = sheet(
        ["19035", "", "Si è ritirato", "05/11/2024", "", ""], ["", "comune di DOVERA", "partecipa", "", "", ""]
    )

    trial = tried(client, initiative, file)
    before = states(initiative)
    file.seek(0)
    imported(client, initiative, file)

    assert "<td>partecipa</td><td>si è ritirato</td><td>stato, dal</td>" in trial.text
    assert before == {"Crema": "joined"}
    assert states(initiative) == {"Crema": "withdrawn", "Dovera": "joined"}


def test_row_without_a_state_leaves_the_list(client, editor, area, initiative):
    join(initiative, Municipality.objects.get(name="Crema"))

    imported(client, initiative, sheet(["", "Crema", "", "", "", ""]))

    assert states(initiative) == {}


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["", "Atlantide", "Partecipa", "", "", ""], "Riga 3 (Atlantide), colonna «Comune»: Non conosciamo"),
        (["", "Ripalta", "Partecipa", "", "", ""], "«Ripalta» potrebbe essere Ripalta Arpina o Ripalta Cremasca o"),
        (["999999", "", "Partecipa", "", "", ""], "Nessun Comune che conosciamo ha il codice ISTAT 999999"),
        (["019035", "Dovera", "Partecipa", "", "", ""], "Il codice 019035 è di Crema, non di Dovera."),
        (["", "IZANO", "Partecipa", "", "", ""], "Izano c’è già alla riga 2"),
        (["", "Crema", "Forse", "", "", ""], "«Forse» non è uno stato."),
        (["", "Crema", "", "2024-11-28", "", ""], "Scrivi lo stato, o svuota tutta la riga"),
        (["", "Crema", "Partecipa", "ieri", "", ""], "colonna «dal»: Scrivi la data come 2026-11-24."),
        (["", "Crema", "Partecipa", "2019-01-01", "", ""], "la sua prima tappa è «Il bando»"),
        (["", "Crema", "Partecipa", "", "Adda", ""], "non ha un gruppo «Adda». I suoi gruppi: «Serio»."),
        (["", "Crema", "Partecipa", "", "", "Mai scritto"], "colonna «fonte»: Nessun comunicato si chiama così"),
        (["", "", "Partecipa", "", "", ""], "Manca il Comune"),
        (["", "Crema", "Partecipa", "", "", "", "in più"], "Ha più celle delle colonne"),
    ],
)
def test_fault_is_told_at_its_row_and_nothing_changes(client, editor, area, initiative, row, message):
    Milestone.objects.create(initiative=initiative, title="Il bando", on=date(2022, 10, 7))
    InitiativeGroup.objects.create(initiative=initiative, name="Serio")
    file = sheet(["", "Izano", "Partecipa", "", "", ""], row)

    page = tried(client, initiative, file).text
    file.seek(0)
    imported(client, initiative, file)

    assert message in page
    assert "Una riga da correggere: non è cambiato nulla" in page
    assert states(initiative) == {}


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("headers", "message"),
    [
        (("Comune", "stato", "colore"), "Non conosco queste colonne: «colore»."),
        (("Comune", "dal"), "Servono le colonne «stato» e «codice ISTAT» (o «Comune»)."),
        (("dal", "stato"), "Servono le colonne"),
        (("Comune", "stato", "stato"), "Questa colonna c’è due volte: «stato»."),
    ],
)
def test_wrong_columns_are_told(client, editor, area, initiative, headers, message):
    assert message in tried(client, initiative, sheet(["Crema", "Partecipa", ""], headers=headers)).text


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"PK\x03\x04rotto", b"Comune;stato", b'a;"b'])
def test_broken_file_is_told_at_its_field(client, editor, initiative, content):
    response = tried(client, initiative, ContentFile(content, "foglio.csv"))

    assert response.status_code == 200
    assert errors(response, "sheet")


def test_book_with_numbers_and_days_is_read(client, editor, area, initiative):
    out, made = BytesIO(), Workbook()
    made.active.append(["codice ISTAT", "stato", "dal"])
    made.active.append([19035, "Partecipa", date(2024, 11, 28)])
    made.save(out)

    imported(client, initiative, ContentFile(out.getvalue(), "foglio.xlsx"))

    assert Participation.objects.get().since == date(2024, 11, 28)


def test_sheet_that_was_tried_on_an_older_version_is_shown_again(client, editor, area, initiative):
    page = tried(client, initiative, sheet(["", "Crema", "Partecipa", "", "", ""]))
    apply(client, initiative, Municipality.objects.get(name="Dovera"))

    typed = {"table": page.context["table"], "confirm": "1", "seen_version": 0}
    again = client.post(board(initiative, "importa"), typed)

    assert "rileggi che cosa succederà" in again.text
    assert states(initiative) == {"Dovera": "joined"}
    assert Initiative.objects.get().version == 1


@pytest.mark.parametrize("seen", ["", "999999"])
@pytest.mark.usefixtures("area")
def test_board_that_tells_no_version_that_was_shown_is_asked_again(client, seen):
    crema, live = Municipality.objects.get(name="Crema"), make_initiative()
    client.force_login(make_editor(role="Responsabile"))
    live.change_relations(None, participations=[{"municipality": crema.pk, "state": "declined"}])

    page = apply(client, live, crema, seen_version=seen)

    assert "Intanto altri hanno cambiato Crema" in page.text
    assert states(live) == {"Crema": "declined"}
