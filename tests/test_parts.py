"""Tables that are written with an initiative: every version keeps their rows, and all doors know them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from areaomogenea.editorial.contents import parts_of
from initiatives.models import Initiative

from .factories import make_communique, make_editor, make_initiative, make_municipality, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def cer():
    """An initiative with a row in each of its tables."""
    initiative = make_initiative([make_topic()], title="Comunità energetiche")
    initiative.questions.create(question="Come si aderisce?", answer="<p>Con un modulo.</p>")
    group = initiative.groups.create(name="Fulcheria", president="Anna Riva", website="https://cer.example.org")
    initiative.milestones.create(title="Nasce la prima", on=date(2024, 11, 20), precision="month", is_done=True)
    initiative.participations.create(
        municipality=make_municipality(name="Crema"),
        group=group,
        since=date(2024, 11, 28),
        source=make_communique(title="Crema aderisce"),
    )
    initiative.amounts.create(what="Impianti", euros=60_000, funder="Regione Lombardia", is_about=True)
    return initiative


def told(initiative, name):
    """The words of a part, as who compares versions reads them."""
    content = initiative.content()
    return next(part.told(content) for part in parts_of(Initiative) if part.name == name)


# Kept


def test_version_keeps_the_rows_of_every_table(cer):
    content = cer.record(by=None, action="saved").content

    assert [len(content[name]) for name in Initiative.parts] == [1, 1, 1, 1, 1]
    crema = cer.participations.get()
    assert content["participations"] == [
        {
            "pk": crema.pk,
            "municipality": crema.municipality_id,
            "group": crema.group_id,
            "state": "joined",
            "since": "2024-11-28",
            "source": crema.source_id,
        }
    ]
    assert content["amounts"][0]["euros"] == "60000.00"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("questions", "Come si aderisce?\nCon un modulo."),
        ("groups", "Fulcheria: presidente Anna Riva, https://cer.example.org"),
        ("milestones", "Nasce la prima: novembre 2024, fatta"),
        ("participations", "Crema: partecipa, dal 28 novembre 2024, gruppo Fulcheria, lo dice «Crema aderisce»"),
        ("amounts", "Impianti: circa 60.000,00 euro, previsto, da Regione Lombardia"),
    ],
)
def test_row_says_itself_in_a_line(cer, name, words):
    assert told(cer, name) == words


# Brought back


def test_version_comes_back_with_its_rows(cer):
    kept = cer.record(by=None, action="saved")
    before = cer.content()
    cer.participations.update(state="withdrawn", group=None)
    cer.groups.all().delete()
    cer.milestones.all().delete()
    cer.amounts.create(what="Di troppo", euros=1, funder="Nessuno")
    cer.amounts.filter(what="Impianti").update(euros=5)

    cer.restore(kept, by=None)

    assert cer.content() == before
    assert cer.revisions.first().content == kept.content


def test_coming_back_is_a_step_in_the_history_of_a_comune(cer):
    kept = cer.record(by=None, action="saved")
    crema = cer.participations.get()
    crema.state = "withdrawn"
    crema.save()

    cer.restore(kept, by=None)

    assert [step.state for step in crema.steps.all()] == ["joined", "withdrawn", "joined"]


def test_comune_that_was_taken_out_and_put_in_again_keeps_its_steps(cer):
    kept = cer.record(by=None, action="saved")
    crema = cer.participations.get().municipality
    cer.participations.all().delete()
    again = cer.participations.create(municipality=crema, state="declined")

    cer.restore(kept, by=None)

    again.refresh_from_db()
    assert (again.state, [step.state for step in again.steps.all()]) == ("joined", ["declined", "joined"])


def test_row_of_a_comune_that_is_gone_is_left_out(cer):
    kept = cer.record(by=None, action="saved")
    crema = cer.participations.get().municipality
    cer.participations.all().delete()
    crema.delete()

    cer.restore(kept, by=None)

    assert not cer.participations.exists()


def test_row_whose_source_is_gone_stays_without_it(cer):
    kept = cer.record(by=None, action="saved")
    cer.participations.get().source.delete()
    cer.participations.all().delete()

    cer.restore(kept, by=None)

    assert cer.participations.get().source is None


# Changed by a page of their own


def test_parts_are_changed_in_one_version(cer):
    elena, offanengo = make_editor(), make_municipality(name="Offanengo")
    rows = [*cer.content()["participations"], {"municipality": offanengo.pk, "state": "invited"}]

    revision = cer.change_parts(elena, "Invitata", participations=rows)

    assert (revision.by, revision.comment, revision.version) == (elena, "Invitata", cer.version)
    assert told(cer, "participations").splitlines()[1] == "Offanengo: invitato"
    assert [step.action for step in cer.revisions.order_by("version")] == ["first", "saved"]


def test_changing_nothing_is_no_version(cer):
    assert cer.change_parts(None, participations=cer.content()["participations"]) is None


def test_row_that_does_not_fit_says_why_and_changes_nothing(cer):
    rows = cer.content()["participations"]
    rows[0] |= {"since": "2020-01-01"}

    with pytest.raises(ValidationError, match="Crema: partecipa»: L’iniziativa comincia dopo"):
        cer.change_parts(None, participations=rows)

    assert cer.participations.get().since == date(2024, 11, 28)


def test_readers_are_told_when_a_table_changed(cer):
    assert cer.updated_at is None

    cer.change_parts(None, milestones=[])

    assert Initiative.objects.get(pk=cer.pk).updated_at is not None


def test_proposed_table_waits_beside_what_else_is_proposed(cer):
    cer.record(by=None, action="saved")
    cer.propose(None, cer.content() | {"title": "Energia di tutti"})
    cer.propose(None, {"participations": []})

    cer.accept(by=None)

    assert (cer.title, cer.participations.count(), cer.milestones.count()) == ("Energia di tutti", 0, 1)
