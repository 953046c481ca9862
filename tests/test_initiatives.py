"""Initiatives: what their page says, what it never makes up, what the tables refuse."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from initiatives.models import Initiative, InitiativeGroup, Milestone, Participation
from initiatives.money import money_of

from .factories import make_communique, make_editor, make_initiative, make_municipality, make_topic, rome

pytestmark = pytest.mark.django_db


def page_of(client, initiative):
    return client.get(initiative.get_absolute_url()).text


# Who takes part


def test_number_of_comuni_is_counted_from_the_table(client):
    initiative = make_initiative()
    for _ in range(3):
        initiative.participations.create(municipality=make_municipality())
    initiative.participations.create(municipality=make_municipality(), state="declined")
    initiative.participations.create(municipality=make_municipality(in_area=False))

    page = page_of(client, initiative)

    assert "3 Comuni su 48" in page
    assert "e 1 fuori dall’Area" in page


def test_where_only_the_number_is_known_no_list_is_made_up(client):
    initiative = make_initiative(known="count", reported_count=36, reported_by="Il comunicato del 19 ottobre")

    page = page_of(client, initiative)

    assert "36 Comuni" in page
    assert "l’elenco non è pubblico" in page


def test_where_nobody_says_who_takes_part_the_page_says_so(client):
    assert "Non è pubblico" in page_of(client, make_initiative(known="partial"))


def test_count_without_its_number_or_source_is_refused():
    with pytest.raises(ValidationError, match="Scrivi quanti Comuni"):
        Initiative(title="Una", known="count").full_clean()
    with pytest.raises(ValidationError, match="Scrivi la fonte"):
        Initiative(title="Una", known="count", reported_count=3).full_clean()
    with pytest.raises(IntegrityError):
        make_initiative(known="count")


def test_comune_takes_part_once():
    initiative, crema = make_initiative(), make_municipality()
    initiative.participations.create(municipality=crema)

    with pytest.raises(ValidationError, match="Questo Comune c’è già"):
        Participation(initiative=initiative, municipality=crema).full_clean()


def test_participation_before_the_initiative_is_refused():
    initiative = make_initiative()
    initiative.milestones.create(title="Nasce", on=date(2024, 11, 28), is_done=True)
    early = Participation(initiative=initiative, municipality=make_municipality(), since=date(2024, 11, 27))

    with pytest.raises(ValidationError, match="28 novembre 2024"):
        early.full_clean()
    early.state = "invited"
    early.full_clean()


def test_group_of_another_initiative_is_refused():
    group = make_initiative().groups.create(name="Fulcheria")

    with pytest.raises(ValidationError, match="è di un’altra iniziativa"):
        Participation(initiative=make_initiative(), municipality=make_municipality(), group=group).full_clean()


def test_participation_keeps_how_it_came_there():
    initiative, source = make_initiative(), make_communique()
    one = initiative.participations.create(municipality=make_municipality(), state="invited")
    one.state, one.since, one.source = "joined", date(2025, 1, 2), source
    one.save()
    one.save()

    steps = one.steps.values_list("state", "since", "source")

    assert list(steps) == [("invited", None, None), ("joined", date(2025, 1, 2), source.pk)]


def test_group_has_one_name_in_an_initiative():
    group = make_initiative().groups.create(name="Fulcheria")

    with pytest.raises(ValidationError, match="ha già un gruppo"):
        InitiativeGroup(initiative=group.initiative, name="Fulcheria").full_clean()


# Steps and money


def test_days_are_told_as_far_as_they_are_known():
    initiative = make_initiative()
    day = date(2024, 12, 1)
    steps = [initiative.milestones.create(title=kind, on=day, precision=kind) for kind in ("day", "month", "year")]
    steps.append(initiative.milestones.create(title="none"))

    assert [step.when for step in steps] == ["1º dicembre 2024", "dicembre 2024", "2024", ""]
    assert [step.when_machines_read for step in steps] == ["2024-12-01", "2024-12", "2024", ""]


def test_step_without_a_date_comes_last_and_is_only_planned(client):
    initiative = make_initiative()
    initiative.milestones.create(title="Apre la caserma")
    initiative.milestones.create(title="Firmato il contratto", on=date(2024, 7, 1), precision="month", is_done=True)

    page = page_of(client, initiative)

    timeline = page[page.index('class="timeline"') :]
    assert timeline.index("Firmato il contratto") < timeline.index("Apre la caserma")
    assert "luglio 2024" in timeline


def test_step_that_is_done_has_a_date():
    with pytest.raises(ValidationError, match="basta il mese o l’anno"):
        Milestone(initiative=make_initiative(), title="Fatta", is_done=True).full_clean()


def test_source_that_readers_do_not_see_is_not_named(client):
    initiative = make_initiative()
    for status in ("draft", "review", "withdrawn"):
        source = make_communique(status=status, title=f"Segreto {status}")
        initiative.milestones.create(title="Una tappa", source=source)
        initiative.amounts.create(what="Spesa", euros=5, funder="Regione", source=source)
        initiative.linked.add(source)
    late = make_communique(title="Segreto programmato", publish_at=timezone.now() + timedelta(days=1))
    initiative.milestones.create(title="Una tappa", source=late)

    assert "Segreto" not in page_of(client, initiative)


def test_money_is_never_added_across_what_it_is():
    initiative = make_initiative()
    for euros, standing in ((100, "planned"), (30, "granted"), ("70.50", "granted")):
        initiative.amounts.create(what="Lavori", euros=euros, funder="Regione", standing=standing)

    money = money_of(initiative.amounts.all())

    assert [(total.standing, total.euros) for total in money.totals] == [
        ("granted", Decimal("100.50")),
        ("planned", Decimal(100)),
    ]
    assert [bar.length for bar in money.bars] == [100, 70, 30]


def test_rounded_figure_makes_its_total_rounded(client):
    initiative = make_initiative()
    initiative.amounts.create(what="Lavori", euros=2_000_000, funder="Regione", is_about=True)

    assert "circa 2.000.000" in page_of(client, initiative)


# The page among the others


def test_link_is_seen_from_both_sides(client):
    initiative, communique = make_initiative(title="La fibra"), make_communique(title="Si comincia")
    communique.linked.add(initiative)

    assert "Si comincia" in page_of(client, initiative)
    assert "La fibra" in client.get(communique.get_absolute_url()).text


@pytest.mark.parametrize(("number", "shown"), [(12, 12), (13, 12)])
def test_page_shows_the_latest_news_and_leads_to_all(client, number, shown):
    initiative = make_initiative(slug="fibra")
    for place in range(number):
        make_communique(title=f"Passo {place:03}").linked.add(initiative)

    page = page_of(client, initiative)

    assert len(set(re.findall(r"Passo \d{3}", page))) == shown
    assert ('href="/novita/?iniziativa=fibra">Tutte</a>' in page) == (number > shown)
    assert client.get("/novita/?iniziativa=fibra").context["page"].rows[0].title == f"Passo {number - 1:03}"


def test_initiative_is_no_news(client):
    make_initiative(title="La fibra")

    assert "La fibra" not in client.get("/novita/").text


def test_withdrawn_initiative_is_gone_with_its_reason(client):
    initiative = make_initiative()
    initiative.withdraw(by=make_editor(role="Responsabile"), comment="Riunita a un’altra")

    response = client.get(initiative.get_absolute_url())

    assert response.status_code == 410
    assert "Riunita a un’altra" in response.text


def test_former_address_leads_to_the_initiative(client):
    initiative = make_initiative(slug="fibra")
    initiative.slug = "fibra-ottica"
    initiative.save()

    assert client.get("/iniziative/fibra/").headers["Location"] == "/iniziative/fibra-ottica/"


def test_list_is_narrowed_by_stage_topic_and_comune(client):
    energy, crema = make_topic(slug="cer"), make_municipality(slug="crema")
    made = make_initiative(title="Fatta", topics=[energy], stage="completed")
    made.participations.create(municipality=crema)
    make_initiative(title="Altra", known="count", reported_count=40, reported_by="Il giornale")

    for query in ("stato=conclusa", "argomento=cer", "comune=crema"):
        page = client.get(f"/iniziative/?{query}").text
        assert "Fatta" in page, query
        assert "Altra" not in page, query


@pytest.mark.parametrize("query", ["stato=x", "argomento=x", "comune=atlantide"])
def test_unknown_filter_is_told_at_its_field_and_lists_nothing(client, query):
    make_initiative(title="La fibra")

    page = client.get(f"/iniziative/?{query}").text

    assert "scegline uno dall’elenco" in page
    assert "Un filtro non si è capito" in page
    assert "La fibra" not in page


def test_search_finds_questions_and_groups(client):
    initiative = make_initiative(title="Le comunità")
    initiative.groups.create(name="Fulcheria")
    initiative.questions.create(question="Come si aderisce?", answer="<p>Con una bolletta.</p>")
    initiative.record(by=None, action="saved")

    for words in ("fulcheria", "bolletta"):
        assert "Le comunità" in client.get(f"/cerca/?q={words}").text


# Steps that were to be by now


@pytest.mark.parametrize(
    ("on", "precision", "overdue", "words"),
    [
        (date(2026, 3, 3), "day", True, "Prevista per il 3 marzo 2026"),
        (date(2026, 3, 8), "day", True, "Prevista per l’8 marzo 2026"),
        (date(2026, 3, 1), "month", True, "Prevista per marzo 2026"),
        (date(2025, 1, 1), "year", True, "Prevista per il 2025"),
        (date(2026, 11, 30), "day", False, "In programma"),
        (date(2026, 11, 1), "month", False, "In programma"),
        (date(2026, 1, 1), "year", False, "In programma"),
        (None, "day", False, "Prevista"),
    ],
)
@time_machine.travel(rome(2026, 11, 30, 12), tick=False)
def test_step_that_was_to_be_by_now_is_not_said_to_be_ahead(client, on, precision, overdue, words):
    initiative = make_initiative()
    step = initiative.milestones.create(title="La firma", on=on, precision=precision)

    page = re.sub(r"<[^>]*>", "", page_of(client, initiative))
    text = client.get(f"{initiative.get_absolute_url().rstrip('/')}.txt").text

    assert step.is_overdue() == overdue
    assert words in page
    assert words in text
    assert ("In programma" in page) == (words == "In programma")
    assert ("Nulla in programma" in page) == overdue


@time_machine.travel(rome(2026, 11, 30, 12), tick=False)
def test_step_that_is_done_is_not_overdue(client):
    initiative = make_initiative()
    initiative.milestones.create(title="La firma", on=date(2026, 3, 3), is_done=True)

    assert "Prevista per" not in page_of(client, initiative)
    assert ">Fatta<" in page_of(client, initiative)


@time_machine.travel(rome(2026, 11, 30, 12), tick=False)
def test_checks_advise_to_tick_or_to_move_a_step_that_was_to_be(client):
    initiative = make_initiative(status="draft")
    initiative.milestones.create(title="La firma", on=date(2026, 3, 1), precision="month")
    initiative.milestones.create(title="L’avvio", on=date(2027, 3, 1), precision="month")
    client.force_login(make_editor("Redattore"))

    page = client.get(f"/admin/initiatives/initiative/{initiative.pk}/change/").text

    assert "La tappa «La firma» era prevista per marzo 2026, e non è segnata come fatta." in page
    assert "La tappa «L’avvio»" not in page
