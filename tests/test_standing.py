"""How one Comune stands in an initiative: a line that answers, and what it means, whatever is known of the others."""

from datetime import date

import pytest

from areaomogenea.prose.html import plain
from initiatives.models import Initiative

from .factories import make_communique, make_initiative, make_municipality, make_office

pytestmark = pytest.mark.django_db
COUNTED = {"known": Initiative.Known.COUNT, "reported_count": 30, "reported_by": "La Provincia"}


@pytest.fixture
def crema():
    return make_municipality(slug="crema", name="Crema")


def words_for(client, initiative, slug="crema"):
    page = client.get(f"/iniziative/{initiative.slug}/comune/?comune={slug}").text
    return " ".join(plain(page.partition("<main")[2]).split())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "joined", "since": date(2024, 11, 28)}, "Crema partecipa dal 28 novembre 2024."),
        ({"state": "invited"}, "Crema è invitato. Può aderire, e nessuna fonte dice che l’abbia già fatto."),
        ({"state": "declined"}, "Crema ha detto di no. Finché il Comune non cambia idea, l’iniziativa lì non vale."),
        ({"state": "withdrawn"}, "Crema si è ritirato. Ne faceva parte, e adesso non più."),
    ],
)
def test_answer_is_the_row_of_the_comune(client, crema, fields, words):
    initiative = make_initiative()
    initiative.participations.create(municipality=crema, **fields)

    assert words in words_for(client, initiative)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ("list", "Crema non è fra i Comuni che partecipano."),
        ("partial", "Nessuna fonte nomina Crema. L’elenco è incompleto: può partecipare lo stesso."),
        ("count", "Non si sa se Crema partecipa. La fonte dice quanti"),
    ],
)
def test_without_a_row_the_answer_says_what_is_known(client, crema, known, words):
    initiative = make_initiative(**(COUNTED if known == "count" else {"known": known}))

    assert words in words_for(client, initiative)


def test_what_is_not_public_is_told_of_nobody(client, crema):
    initiative = make_initiative(**COUNTED)
    initiative.participations.create(municipality=crema)

    assert "Non si sa se Crema partecipa." in words_for(client, initiative)


def test_answer_names_the_community_the_source_and_the_next_step(client, crema):
    source = make_communique(title="La nascita")
    initiative = make_initiative(office=make_office(name="Sportello energia"))
    group = initiative.groups.create(name="Oglio-Serio", president="Anna Rossi")
    initiative.participations.create(municipality=crema, group=group, source=source)
    initiative.milestones.create(title="La prima assemblea")

    page = words_for(client, initiative)

    assert [
        name
        for name in ("Oglio-Serio", "Anna Rossi", "La nascita", "La prima assemblea", "Sportello energia")
        if name not in page
    ] == []


def test_source_that_readers_do_not_see_is_not_named(client, crema):
    initiative = make_initiative()
    initiative.participations.create(municipality=crema, source=make_communique(title="In segreto", status="draft"))

    assert "In segreto" not in words_for(client, initiative)


def test_comune_that_is_none_is_told_at_its_field(client, crema):
    response = client.get(f"/iniziative/{make_initiative().slug}/comune/?comune=atlantide")

    assert "Questo Comune non è fra i 48 dell’Area" in response.text


def test_initiative_asks_for_the_comune_only_where_comuni_take_part(client, crema):
    without, with_one = make_initiative(), make_initiative()
    with_one.participations.create(municipality=crema)

    assert [
        f"/iniziative/{one.slug}/comune/" in client.get(one.get_absolute_url()).text for one in (without, with_one)
    ] == [False, True]


def test_draft_answers_nobody(client, crema):
    assert client.get(f"/iniziative/{make_initiative(status='draft').slug}/comune/?comune=crema").status_code == 404
