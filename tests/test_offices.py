"""Offices: hours and what is told of now, phones, people in their roles, and the pages that lead to them."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from areaomogenea.accounts.entries import Entry
from areaomogenea.desk.reminders import reminders_for
from areaomogenea.identity.models import Identity
from areaomogenea.offices.holidays import easter, holidays
from areaomogenea.offices.hours_line import read_hours, written_hours
from areaomogenea.offices.models import Holder, Office, Opening
from areaomogenea.offices.opening import Shut, Span, status
from areaomogenea.offices.vcard import vcard
from areaomogenea.prose.phones import check_phone, international, normalised_phone, phone_address
from areaomogenea.publishing.shared import keeper_of
from areaomogenea.topics.models import Topic
from initiatives.models import Initiative

from .factories import make_editor, make_initiative, make_municipality, make_office, make_topic, rome
from .test_structured import json_ld

ADD = "/admin/offices/office/add/"
WEEK = read_hours("lun–ven 9–12:30; mar anche 14–16:30")


# Hours as a clerk writes them


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("lun–ven 9–12:30", "lun–ven 9–12:30"),
        ("lun–ven 9–12:30; mar anche 14–16:30", "lun, mer–ven 9–12:30; mar 9–12:30 e 14–16:30"),
        ("da lunedì a venerdì dalle 9 alle 12.30", "lun–ven 9–12:30"),
        ("Mercoledì, giovedi e dom. 9/12", "mer–gio, dom 9–12"),
        ("lun, mer e ven ore 9-12, 14-16", "lun, mer, ven 9–12 e 14–16"),
        ("feriali 8:30-13\nsab. 9-12", "lun–ven 8:30–13; sab 9–12"),
        ("tutti i giorni 0–23:59", "lun–dom 0–23:59"),
        ("lun 9-12 mar 10-12 dom chiuso", "lun 9–12; mar 10–12"),
        ("lun 9–12; lun 9–12", "lun 9–12"),
        ("", ""),
    ],
)
def test_line_of_hours_is_read_and_written(typed, written):
    assert written_hours(read_hours(typed)) == written
    assert read_hours(written) == read_hours(typed)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("9–12", "Di quali giorni sono le 09:00? Scrivi per esempio «lun–ven 9–12:30; mar anche 14–16:30»."),
        ("lun 9", "Fino a che ora, dalle 09:00? Scrivi per esempio «9–12:30»."),
        ("lun 9, 12", "Fino a che ora, dalle 09:00? Scrivi per esempio «9–12:30»."),
        ("lun–ven", "Manca l’orario di «ven». Scrivi per esempio «lun–ven 9–12:30; mar anche 14–16:30»."),
        ("ven–lun 9–12", "«ven–lun»: il secondo giorno viene prima del primo."),
        ("lun-mer-ven 9–12", "Un trattino va fra due giorni: scrivi «lun–mer» oppure «lun, mer, ven»."),
        ("lun 25–26", "«25» non è un’ora."),
        ("lun 9–24", "Per la mezzanotte scrivi 23:59: un orario non passa da un giorno all’altro."),
        (
            "lun 22–2",
            (
                "«22:00–02:00» finisce prima di cominciare. Un orario non passa la mezzanotte: "
                "se serve, scrivi due giorni, «lun 22–23:59; mar 0–2»."
            ),
        ),
        ("mar 9–12:30 e 12–16", "Di martedì due orari si sovrappongono: 9–12:30 e 12–16."),
        (
            "lun mattina",
            "«mattina» non è né un giorno né un’ora. Scrivi per esempio «lun–ven 9–12:30; mar anche 14–16:30».",
        ),
    ],
)
def test_line_that_says_no_hours_is_refused_in_words(typed, message):
    with pytest.raises(ValidationError) as refused:
        read_hours(typed)

    assert refused.value.messages == [message]


# What is told of now


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("at", "is_open", "text"),
    [
        (rome(2027, 1, 11, 8, 59), False, "Riapre oggi alle 9"),
        (rome(2027, 1, 11, 9), True, "Risponde adesso, fino alle 12:30"),
        (rome(2027, 1, 11, 12, 29, 59), True, "Risponde adesso, fino alle 12:30"),
        (rome(2027, 1, 11, 12, 30), False, "Riapre domani alle 9"),
        (rome(2027, 1, 12, 13), False, "Riapre oggi alle 14"),
        (rome(2027, 1, 15, 18), False, "Riapre lunedì 18 alle 9"),
        (rome(2027, 1, 6, 10), False, "Chiuso per festa: riapre domani alle 9"),  # Epiphany
        (rome(2027, 3, 26, 20), False, "Riapre martedì 30 alle 9"),  # over Easter
        (rome(2027, 3, 29, 10), False, "Chiuso per festa: riapre domani alle 9"),
        (rome(2027, 8, 9, 10), False, "Chiuso per ferie: riapre lunedì 30 agosto alle 9"),
        (rome(2026, 10, 24, 12), False, "Riapre lunedì 26 alle 9"),  # over the night of 25 hours
        (rome(2027, 3, 28, 4), False, "Riapre martedì 30 alle 9"),  # after the night of 23
    ],
)
def test_status_says_until_when_or_when_again(at, is_open, text):
    august = Shut(date(2027, 8, 2), date(2027, 8, 29), "ferie")

    assert status(WEEK, [august], at) == (is_open, text)


@pytest.mark.any_database
def test_status_of_who_never_opens_again_and_of_unknown_hours():
    for_ever = Shut(date(2027, 1, 1), date(2099, 1, 1), "lavori")

    assert status(WEEK, [for_ever], rome(2027, 1, 11, 10)).text == "Chiuso per lavori: non ha una data in cui riapre"
    assert status([], [], rome(2027, 1, 11, 10)).text == ""


@pytest.mark.any_database
@pytest.mark.parametrize("day", [(2026, 10, 25), (2027, 3, 28)])
def test_hours_of_a_night_when_clocks_change_are_those_of_the_clock(day):
    night = [Span(6, time(1), time(4))]

    assert [status(night, [], rome(*day, hour)).is_open for hour in (0, 1, 3, 4)] == [
        False,
        *([day[1] != 3] * 2),
        False,
    ]


@pytest.mark.any_database
def test_easter_and_holidays_are_those_of_the_calendar():
    known = {1961: (4, 2), 2000: (4, 23), 2008: (3, 23), 2019: (4, 21), 2024: (3, 31), 2026: (4, 5), 2038: (4, 25)}

    assert {year: (easter(year).month, easter(year).day) for year in known} == known
    assert date(2025, 10, 4) not in holidays(2025)
    assert date(2026, 10, 4) in holidays(2026)  # L. 151/2025
    assert len(holidays(2027)) == 13


# Telephone numbers


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("typed", "written", "dialled"),
    [
        ("0373 123456", "0373 123456", "tel:+390373123456"),
        ("+39 0373/123.456", "0373 123 456", "tel:+390373123456"),
        ("0039-0373-123456 interno 3", "0373 123456 int. 3", "tel:+390373123456;ext=3"),
        ("(0373) 12 34 56, int. 12", "0373 12 34 56 int. 12", "tel:+390373123456;ext=12"),
        ("333 1234567", "333 1234567", "tel:+393331234567"),
        ("800 123 456", "800 123 456", "tel:+39800123456"),
        ("112", "112", "tel:112"),
        ("116117", "116117", "tel:116117"),
        ("+41 91 123 45 67", "+41 91 123 45 67", "tel:+41911234567"),
    ],
)
def test_phone_is_written_in_one_way_and_dialled_in_another(typed, written, dialled):
    check_phone(typed)

    assert normalised_phone(typed) == written
    assert normalised_phone(written) == written
    assert phone_address(written) == dialled


@pytest.mark.any_database
@pytest.mark.parametrize(
    "typed", ["chiedi al Comune", "12345", "0373", "0000000000", "999999999999999", "a@b.it", "99"]
)
def test_phone_that_is_none_is_refused(typed):
    with pytest.raises(ValidationError):
        check_phone(typed)


@pytest.mark.any_database
def test_international_number_of_a_foreign_code_stays():
    assert international("0041 91 1234567") == "+41911234567"


@pytest.mark.django_db
def test_phone_of_the_body_is_dialled_from_every_page(client):
    who = Identity.objects.create(pk=1, phone="0373/123.456")
    assert '<a href="tel:+390373123456">0373 123 456</a>' in client.get("/privacy/").text

    Identity.objects.filter(pk=who.pk).update(phone="chiedi al Comune")
    page = client.get("/privacy/").text
    assert "Telefono chiedi al Comune" in page
    assert "tel:" not in page


# Rows


@pytest.mark.django_db
def test_words_of_offices():
    topic, crema = make_topic(), make_municipality(name="Crema")
    today = timezone.localdate()
    one = make_office([topic], checked_on=today)
    of_crema = make_office(municipality=crema, phone="", website="https://example.org", checked_on=today)
    old = make_office([topic], until=today - timedelta(days=1))
    nowhere = make_office(phone="", pec="ufficio@pec.example.org")
    late = make_office(checked_on=today - timedelta(days=200))
    main = make_office(is_general=True, checked_on=today)

    offices = Office.objects.all()
    assert {*offices.current()} == {one, of_crema, nowhere, late, main}
    assert {*offices.on(topic)} == {one, old}
    assert [*offices.about(crema)] == [of_crema]
    assert [*offices.general()] == [main]
    assert nowhere not in offices.reachable()
    assert {row for row in offices if row.is_reachable} == {*offices.reachable()}
    assert [*offices.to_check()] == [nowhere, late]
    assert {row for row in offices.current() if row.is_to_check} == {*offices.to_check()}
    assert {row for row in offices if row.is_current()} == {*offices.current()}


@pytest.mark.django_db
def test_row_read_with_all_says_what_a_bare_row_says(django_assert_num_queries):
    topic = make_topic()
    office = make_office([topic], week="lun–ven 9–12:30", municipality=make_municipality(name="Crema"))
    office.closures.create(first=date(2027, 8, 10), last=date(2027, 8, 14), why="ferie")
    office.holders.create(name="Ada Neri", role=Holder.Role.HEAD, phone="0373 123456", since=date(2020, 1, 1))
    bare = Office.objects.get()

    with django_assert_num_queries(1):
        whole = Office.objects.with_all().get()
        shown = [whole.spans, whole.closures_known, whole.people, whole.hours, whole.body_name]

    assert shown == [bare.spans, bare.closures_known, bare.people, bare.hours, "Comune di Crema"]
    assert whole.topic_labels == [{"name": topic.name, "slug": topic.slug, "acronym": ""}]
    assert [(row.days, row.hours) for row in whole.hours] == [
        ("da lunedì a venerdì", "9–12:30"),
        ("sabato e domenica", ""),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"body": "", "municipality": None},
        {"since": date(2027, 2, 1), "until": date(2027, 1, 1)},
    ],
)
def test_office_that_cannot_be_is_refused_by_the_table(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Office.objects.create(**{"name": "Ufficio", "body": "Ente"} | fields)


@pytest.mark.django_db
def test_only_one_office_is_the_general_one():
    make_office(is_general=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_office(is_general=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("opens", "closes", "weekday"), [(time(12), time(9), 0), (time(9), time(9), 0), (time(9), time(10), 7)]
)
def test_hours_that_cannot_be_are_refused_by_the_table(opens, closes, weekday):
    office = make_office(week="")

    with pytest.raises(IntegrityError), transaction.atomic():
        office.openings.create(weekday=weekday, opens=opens, closes=closes)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite takes one writer at a time")
def test_what_overlaps_is_refused_by_postgresql():
    office, other = make_office(week="lun 9–12"), make_office(week="lun 9–12")
    office.openings.create(weekday=0, opens=time(12), closes=time(13))
    office.holders.create(name="Ada Neri", role="president", until=date(2026, 12, 31))
    office.holders.create(name="Ugo Bianchi", role="president", since=date(2027, 1, 1))
    other.holders.create(name="Ugo Bianchi", role="president")
    office.holders.create(name="Ida Rossi", role="head")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError), transaction.atomic():
        office.openings.create(weekday=0, opens=time(11, 59), closes=time(12, 30))
    with pytest.raises(IntegrityError), transaction.atomic():
        office.holders.create(name="Eva Verdi", role="president", since=date(2026, 12, 31), until=date(2026, 12, 31))


@pytest.mark.django_db
def test_new_hours_leave_those_that_stay():
    office = make_office(week="lun–mar 9–12")
    kept = office.openings.get(weekday=0)

    office.set_openings(read_hours("lun 9–12; mer 15–17"))

    assert written_hours([row.span for row in Opening.objects.all()]) == "lun 9–12; mer 15–17"
    assert Opening.objects.get(weekday=0) == kept


# Pages


@pytest.mark.django_db
def test_contacts_list_each_office_under_its_body(client):
    crema = make_municipality(name="Crema")
    make_office(name="Sportello energia", body="Consorzio.IT")
    make_office(name="Anagrafe", municipality=crema, phone="0373 894111")
    make_office(name="Chiuso per sempre", until=date(2020, 1, 1))

    page = client.get("/contatti/").text

    assert (
        page.index(">Consorzio.IT</h2>")
        < page.index("Sportello energia</a></h3>")
        < page.index(">Comune di Crema</h2>")
    )
    assert 'href="tel:+390373894111"' in page
    assert "Chiuso per sempre" not in page


@pytest.mark.django_db
def test_contacts_without_offices_lead_to_the_comuni(client):
    page = client.get("/contatti/").text

    assert "Nessun ufficio, per ora" in page
    assert 'href="/comuni/"' in page


@pytest.mark.django_db
def test_topic_leads_to_its_office_or_says_that_it_has_none(client):
    topic, other = make_topic(), make_topic()
    make_office([topic], name="Sportello energia")
    make_office(name="Sede", is_general=True)

    page, bare = client.get(topic.get_absolute_url()).text, client.get(other.get_absolute_url()).text

    assert "Sportello energia</a>" in page
    assert "Puoi chiedere a" not in page
    assert "Non\n    c’è ancora un ufficio indicato. Puoi chiedere a:" in bare
    assert "Sede</a>" in bare


@pytest.mark.django_db
def test_office_that_nobody_reaches_leads_to_the_general_one(client):
    topic = make_topic()
    make_office([topic], name="Senza contatti", phone="")
    make_office(name="Sede", is_general=True)

    page = client.get(topic.get_absolute_url()).text

    assert "Telefono, e-mail e indirizzo non sono ancora noti." in page
    assert "Non sai come raggiungerlo? Puoi chiedere a:" in page
    assert "Sede</a>" in client.get("/contatti/senza-contatti/").text


@pytest.mark.django_db
def test_comune_shows_its_offices_or_says_that_they_are_not_known(client):
    crema, dovera = (
        make_municipality(name="Crema"),
        make_municipality(name="Dovera", website="https://example.org/dovera"),
    )
    make_office(name="Anagrafe", municipality=crema)
    make_office(name="Sede", is_general=True)

    own, bare = client.get(crema.get_absolute_url()).text, client.get(dovera.get_absolute_url()).text

    assert "Anagrafe</a>" in own
    assert "Gli uffici di Dovera, con telefono e orari, non sono ancora qui." in bare
    assert 'href="https://example.org/dovera"' in bare
    assert "Sede</a>" in bare


@pytest.mark.django_db
def test_former_address_of_an_office_leads_to_it(client):
    office = make_office(name="Sportello energia")
    office.slug = "energia"
    office.save()

    assert client.get("/contatti/sportello-energia/")["Location"] == "/contatti/energia/"
    assert client.get("/contatti/sportello-energia.vcf")["Location"] == "/contatti/energia.vcf"
    assert client.get("/contatti/altro/").status_code == 404


@pytest.mark.django_db
def test_office_that_ended_keeps_its_address_and_says_so(client):
    office = make_office(until=date(2026, 5, 31))

    page = client.get(office.get_absolute_url()).text

    assert "Ha risposto fino al" in page
    assert "office-status" not in page


@pytest.mark.django_db
@time_machine.travel(rome(2027, 1, 11, 10), tick=False)
def test_office_tells_engines_when_it_is_open(client):
    office = make_office(name="Sportello", week="lun–mar 9–12", address="Via Roma 1, Crema", phone="0373 123456 int. 3")
    office.closures.create(first=date(2027, 8, 10), last=date(2027, 8, 14), why="ferie")
    office.closures.create(first=date(2026, 8, 10), last=date(2026, 8, 14), why="ferie")

    said_of_it = json_ld(client, office.get_absolute_url())["GovernmentOffice"]

    assert said_of_it["openingHoursSpecification"][0] == {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": ["https://schema.org/Monday", "https://schema.org/Tuesday"],
        "opens": "09:00",
        "closes": "12:00",
    }
    assert [one["validFrom"] for one in said_of_it["specialOpeningHoursSpecification"]] == ["2027-08-10"]
    assert said_of_it["contactPoint"]["telephone"] == "+390373123456"
    assert said_of_it["parentOrganization"]["name"] == "Consorzio.IT"


@pytest.mark.django_db
def test_card_escapes_what_cards_divide_by_and_folds_by_bytes(client):
    purpose = (
        "Riceve domande, moduli; e già così\nè più di una riga perché l’età, la città e la povertà pesano due byte."
    )
    office = make_office(name="Città, società; e altro", body="Ente \\ Società", purpose=purpose, week="lun 9–12")

    response = client.get(f"/contatti/{office.slug}.vcf")

    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    lines = response.content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCARD"
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1])  # no letter is cut
    whole = response.content.decode().replace("\r\n ", "")
    assert "\r\nORG:Ente \\\\ Società;Città\\, società\\; e altro\r\n" in whole
    assert '\r\nTEL;VALUE=uri;TYPE="voice,work":tel:+390373123456\r\n' in whole
    assert "e già così\\nè più" in whole
    assert "\\nOrari: lun 9–12\r\n" in whole
    assert vcard(Office.objects.get()) == response.content.decode()


# The desk


def typed(**overrides):
    fields = {"name": "Sportello", "body": "Consorzio.IT", "position": 0, "phone": "0373 123456", "week": "lun 9–12"}
    tables = ("closures", "holders", "former_slugs")
    counts = {f"{table}-{name}": 0 for table in tables for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return fields | counts | overrides


def people(*rows):
    """The fields of new holders: (name, role, since, until)."""
    names = ("name", "role", "since", "until")
    fields = {
        f"holders-{n}-{name}": value for n, row in enumerate(rows) for name, value in zip(names, row, strict=True)
    }
    return fields | {"holders-TOTAL_FORMS": len(rows)}


@pytest.fixture
def approver(client):
    user = make_editor(role="Responsabile")
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_clerk_types_the_week_in_a_line(client, approver):
    response = client.post(ADD, typed(week="lun–ven 9–12:30; mar anche 14–16:30"))

    office = Office.objects.get()
    assert response.status_code == 302
    assert office.spans == WEEK
    form = client.get(f"/admin/offices/office/{office.pk}/change/").context["adminform"].form
    assert form["week"].value() == "lun, mer–ven 9–12:30; mar 9–12:30 e 14–16:30"
    assert Entry.objects.get(model="offices.office").particulars.after["openings"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "name", "message"),
    [
        ({"week": "lun 12–9"}, "week", "«12:00–09:00» finisce prima di cominciare."),
        ({"week": "lun 9–12 e 11–13"}, "week", "Di lunedì due orari si sovrappongono: 9–12 e 11–13."),
        ({"answers_always": "on"}, "week", "Risponde sempre, oppure a queste ore? Togli la spunta, o l’orario."),
        ({"phone": "boh"}, "phone", "«boh» non è un numero di telefono."),
        ({"body": ""}, "__all__", "Di chi è? Scrivi l’ente, oppure scegli il Comune: uno dei due."),
        (
            {"since": "02/01/2027", "until": "01/01/2027"},
            "__all__",
            "Finisce prima di cominciare: controlla le due date.",
        ),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(client, approver, fields, name, message):
    response = client.post(ADD, typed(**fields))

    assert response.context["adminform"].form.errors[name][0].startswith(message)
    assert not Office.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            ("Ada", "president", "", ""),
            ("Ugo", "president", "", ""),
            "Ada è già presidente: i due periodi si sovrappongono.",
        ),
        (
            ("Ada", "president", "", "31/12/2026"),
            ("Ugo", "president", "31/12/2026", ""),
            "Ada è già presidente fino al 31/12/2026: i due periodi si sovrappongono.",
        ),
        (("Ada", "member", "", ""), ("Ada", "member", "", ""), "Ada è già componente: i due periodi si sovrappongono."),
    ],
)
def test_two_who_cannot_be_at_once_are_refused_at_the_second(client, approver, first, second, message):
    response = client.post(ADD, typed(**people(first, second)))

    formset = response.context["inline_admin_formsets"][1].formset
    assert formset.errors[1] == {"since": [message]}
    assert not Office.objects.exists()


@pytest.mark.django_db
def test_one_president_follows_another_in_one_save(client, approver):
    client.post(ADD, typed(**people(("Ada", "president", "", ""))))
    office, ada = Office.objects.get(), Holder.objects.get()
    follows = people(("Ada", "president", "", "31/12/2026"), ("Ugo", "president", "01/01/2027", ""))

    follows |= {"holders-0-id": ada.pk, "holders-0-office": office.pk, "holders-INITIAL_FORMS": 1}
    response = client.post(f"/admin/offices/office/{office.pk}/change/", typed(slug=office.slug, **follows))

    assert response.status_code == 302
    with time_machine.travel(rome(2027, 1, 1, 0), tick=False):
        assert [one["name"] for one in office.people] == ["Ugo"]
        assert [one.name for one in Holder.objects.current()] == ["Ugo"]


@pytest.mark.django_db
def test_office_that_nobody_reaches_is_saved_with_a_warning(client, approver):
    page = client.post(ADD, typed(phone="", pec="ufficio@pec.example.org"), follow=True)

    assert "warning" in [message.level_tag for message in page.context["messages"]]
    assert Office.objects.get().is_reachable is False


@pytest.mark.django_db
def test_checked_today_is_one_click_and_stands_in_the_ledger(client, approver):
    office = make_office(checked_on=timezone.localdate() - timedelta(days=300))
    assert [row.key for row in reminders_for(approver)[0].rows] == [office.pk]
    assert office.name in client.get("/admin/").text

    client.post(
        "/admin/offices/office/", {"action": "checked_today", "_selected_action": [office.pk], "index": 0}, follow=True
    )

    office.refresh_from_db()
    entry = Entry.objects.get(model="offices.office", key=office.pk)
    assert office.checked_on == timezone.localdate()
    assert (entry.by, entry.particulars.comment) == (approver, "Verificato")
    assert reminders_for(approver) == []
    assert office.check_off(approver) is False


@pytest.mark.django_db
def test_checked_today_in_the_form_saves_what_was_corrected(client, approver):
    office = make_office(week="lun 9–12")
    fields = typed(slug=office.slug, name=office.name, phone="0373 654321", _checked="Verificato oggi")

    client.post(f"/admin/offices/office/{office.pk}/change/", fields)

    office.refresh_from_db()
    assert (office.phone, office.checked_on) == ("0373 654321", timezone.localdate())


@pytest.mark.django_db
def test_who_writes_sees_offices_and_changes_none(client):
    client.force_login(user := make_editor(role="Redattore"))
    office = make_office(checked_on=None)

    page = client.get(f"/admin/offices/office/{office.pk}/change/")

    assert page.status_code == 200
    assert "Verificato oggi" not in page.text
    assert client.post(f"/admin/offices/office/{office.pk}/change/", typed()).status_code == 403
    assert reminders_for(user) == []


# Columns that became rows

BEFORE = [("topics", "0001_initial"), ("initiatives", "0001_initial"), ("offices", "0002_no_overlaps")]
AFTER = [("topics", "0002_without_contact_columns"), ("initiatives", "0004_without_contact_columns")]
COLUMNS = ("contact_office", "contact_text", "contact_email", "contact_phone")


def migrate(*targets):
    """The models as they are then."""
    executor = MigrationExecutor(connection)
    executor.migrate([*targets])
    return MigrationExecutor(connection).loader.project_state([*targets]).apps


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_contacts_of_topics_initiatives_and_groups_become_offices_and_come_back():
    try:
        apps = migrate(*BEFORE)
        topics, groups = (
            apps.get_model("topics", "Topic").objects,
            apps.get_model("initiatives", "InitiativeGroup").objects,
        )
        initiatives = apps.get_model("initiatives", "Initiative").objects
        shared = {"contact_office": "Consorzio.IT", "contact_text": "Al mattino", "contact_phone": "0373/123456"}
        for slug, columns in {
            "cer": shared,
            "cuc": {},
            "suap": {"contact_office": "SUAP", "contact_phone": "boh"},
        }.items():
            topics.create(name=slug, slug=slug, short="x", summary="x", explanation="x", **columns)
        one = initiatives.create(kind="iniziative", title="CER", slug="cer", summary="x", body="x", **shared)
        groups.create(initiative=one, name="Gerundo", contact_email="cer@example.org")
        groups.create(initiative=one, name="Senza")

        migrate(*AFTER)

        shown = {row.name: (row.phone, row.email, row.guidance) for row in Office.objects.all()}
        assert shown == {
            "Consorzio.IT": ("0373 123456", "", "Al mattino"),
            "SUAP": ("", "", "Telefono: boh"),
            "Ufficio": ("", "cer@example.org", ""),
        }
        assert {topic.slug: [str(row) for row in topic.offices.all()] for topic in Topic.objects.all()} == {
            "cer": ["Consorzio.IT"],
            "cuc": [],
            "suap": ["SUAP"],
        }
        assert str(Initiative.objects.get().office) == "Consorzio.IT"
        assert [group.office and group.office.email for group in Initiative.objects.get().groups.all()] == [
            "cer@example.org",
            None,
        ]

        back = migrate(*BEFORE)

        assert [*back.get_model("topics", "Topic").objects.filter(slug="cer").values_list(*COLUMNS)] == [
            ("Consorzio.IT", "Al mattino", "", "0373 123456")
        ]
        rows = back.get_model("initiatives", "InitiativeGroup").objects.order_by("name")
        assert [*rows.values_list("contact_text", "contact_email")] == [("", "cer@example.org"), ("", "")]
        assert not back.get_model("offices", "Office").objects.exists()
    finally:
        migrate(*AFTER)


@pytest.mark.django_db
def test_version_from_before_offices_is_brought_back_without_its_columns():
    office = make_office()
    initiative = make_initiative(title="Adesso", office=office)
    initiative.groups.create(name="Gerundo", office=office)
    initiative.keep_first_version()
    first = initiative.revisions.get()
    columns = dict.fromkeys(COLUMNS, "Un tempo")
    first.content = {name: value for name, value in first.content.items() if name != "office"} | columns
    first.content["title"] = "Una volta"
    first.content["groups"] = [
        {name: value for name, value in row.items() if name != "office"} | columns for row in first.content["groups"]
    ]
    first.save()

    assert initiative.restore(first, None)

    stored = Initiative.objects.get()
    assert (stored.title, stored.office) == ("Una volta", office)
    assert [group.name for group in stored.groups.all()] == ["Gerundo"]


@pytest.mark.django_db
def test_version_of_a_topic_from_before_offices_is_brought_back():
    topic = keeper_of(make_topic(name="Energia"))
    topic.keep_first_version()
    first = topic.revisions.get()
    first.content |= {"name": "Energie", "contact_office": "Un tempo", "contact_phone": "boh"}
    first.save()

    assert topic.restore(first, None)

    assert Topic.objects.get().name == "Energie"


@pytest.mark.django_db
def test_initiative_shows_its_office_on_its_page_in_its_sheets_and_to_programs(client):
    office = make_office(name="Sportello energia", email="energia@example.org", guidance="Al mattino")
    initiative = make_initiative(office=office)
    bare = make_initiative()
    make_office(name="Sede", is_general=True)

    page = client.get(initiative.get_absolute_url()).text
    contacts = client.get(f"/api/v1/iniziative/{initiative.pk}").json()["contatti"]

    assert "Sportello energia</a>" in page
    assert initiative.get_absolute_url() in client.get(office.get_absolute_url()).text
    assert 'href="tel:+390373123456"' in page
    assert contacts == {
        "ufficio": "Sportello energia",
        "come": "Al mattino",
        "email": "energia@example.org",
        "telefono": "0373 123456",
    }
    assert set(client.get(f"/api/v1/iniziative/{bare.pk}").json()["contatti"].values()) == {""}
    assert "Sede</a>" in client.get(bare.get_absolute_url()).text
    text = client.get(f"{initiative.get_absolute_url().rstrip('/')}.txt").text
    assert "Sportello energia" in text
    assert "0373 123456" in text


@pytest.mark.django_db
def test_office_that_a_page_leads_to_is_not_deleted():
    office = make_office()
    make_initiative(office=office)

    with pytest.raises(ProtectedError):
        office.delete()


# What is kept of pages


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="nothing is kept without a snapshot")
def test_page_kept_says_at_every_moment_what_is_true_of_its_offices(settings):
    """Hours turn with a minute, and no page outlives the minute in which it was drawn."""
    settings.RESPONSE_CACHE_MB = 4
    client, texts = Client(), []
    with time_machine.travel(rome(2027, 1, 11, 8), tick=False) as clock:
        office = make_office([topic := make_topic()], week="lun 9–12:30; mar 9–12")
        moments = [(11, 8, 59, 59), (11, 9, 0, 0), (11, 12, 29, 59), (11, 12, 30, 0), (11, 23, 59, 59), (12, 0, 0, 0)]
        for day, *hour in moments:
            clock.move_to(rome(2027, 1, day, *hour))
            for address in (office.get_absolute_url(), topic.get_absolute_url(), "/contatti/"):
                drawn = Client(headers={"Cookie": "a=b"}).get(address).content
                assert [client.get(address).content for _ in range(2)] == [drawn, drawn]
            texts.append(office.opening_status().text)

    assert texts == [
        "Riapre oggi alle 9",
        "Risponde adesso, fino alle 12:30",
        "Risponde adesso, fino alle 12:30",
        "Riapre domani alle 9",
        "Riapre domani alle 9",
        "Riapre oggi alle 9",
    ]
