"""Tables that are written with an initiative: every version keeps their rows, and all doors know them."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from areaomogenea.prose.diff import text_of
from areaomogenea.publishing.merge import merge
from areaomogenea.publishing.snapshots import relations_of
from initiatives.models import Initiative

from .factories import make_communique, make_editor, make_initiative, make_municipality, make_topic
from .test_desk import form_data
from .test_history import hour_of, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def cer():
    """An initiative with a row in each of its own tables."""
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


def relation_text(initiative, name):
    """The words of a part, as who compares versions reads them."""
    content = initiative.content()
    return next(text_of(part.lines(content)) for part in relations_of(Initiative) if part.name == name)


# Kept


def test_version_keeps_the_rows_of_every_table(cer):
    content = cer.record(by=None, action="saved").content

    assert [len(content[name]) for name in Initiative.versioned_relations] == [0, 1, 1, 1, 1, 1]
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
        ("participations", "Crema: partecipa dal 28 novembre 2024, gruppo Fulcheria, lo dice «Crema aderisce»"),
        ("amounts", "Impianti: circa 60.000,00 euro, previsto, da Regione Lombardia"),
    ],
)
def test_row_says_itself_in_a_line(cer, name, words):
    assert relation_text(cer, name) == words


# Brought back


def test_version_comes_back_with_its_rows(cer):
    revision = cer.record(by=None, action="saved")
    before = cer.content()
    cer.participations.update(state="withdrawn", group=None)
    cer.groups.all().delete()
    cer.milestones.all().delete()
    cer.amounts.create(what="Di troppo", euros=1, funder="Nessuno")
    cer.amounts.filter(what="Impianti").update(euros=5)

    cer.restore(revision, by=None)

    assert cer.content() == before
    assert cer.revisions.first().content == revision.content


def test_coming_back_is_a_step_in_the_history_of_a_comune(cer):
    revision = cer.record(by=None, action="saved")
    crema = cer.participations.get()
    crema.state = "withdrawn"
    crema.save()

    cer.restore(revision, by=None)

    assert [step.state for step in crema.steps.all()] == ["joined", "withdrawn", "joined"]


def test_comune_that_was_taken_out_and_put_in_again_keeps_its_steps(cer):
    revision = cer.record(by=None, action="saved")
    crema = cer.participations.get().municipality
    cer.participations.all().delete()
    again = cer.participations.create(municipality=crema, state="declined")

    cer.restore(revision, by=None)

    again.refresh_from_db()
    assert (again.state, [step.state for step in again.steps.all()]) == ("joined", ["declined", "joined"])


def test_row_of_a_comune_that_is_gone_is_left_out(cer):
    revision = cer.record(by=None, action="saved")
    crema = cer.participations.get().municipality
    cer.participations.all().delete()
    crema.delete()

    cer.restore(revision, by=None)

    assert not cer.participations.exists()


def test_row_whose_source_is_gone_stays_without_it(cer):
    revision = cer.record(by=None, action="saved")
    cer.participations.get().source.delete()
    cer.participations.all().delete()

    cer.restore(revision, by=None)

    assert cer.participations.get().source is None


# Changed by a page of their own


def test_parts_are_changed_in_one_version(cer):
    elena, offanengo = make_editor(), make_municipality(name="Offanengo")
    rows = [*cer.content()["participations"], {"municipality": offanengo.pk, "state": "invited"}]

    revision = cer.change_relations(elena, "Invitata", participations=rows)

    assert (revision.by, revision.comment, revision.version) == (elena, "Invitata", cer.version)
    assert relation_text(cer, "participations").splitlines()[1] == "Offanengo: invitato"
    assert [step.action for step in cer.revisions.order_by("version")] == ["first", "saved"]


def test_changing_nothing_is_no_version(cer):
    assert cer.change_relations(None, participations=cer.content()["participations"]) is None


def test_row_that_does_not_fit_says_why_and_changes_nothing(cer):
    rows = cer.content()["participations"]
    rows[0] |= {"since": "2020-01-01"}

    with pytest.raises(ValidationError, match="Crema: partecipa»: L’iniziativa comincia dopo"):
        cer.change_relations(None, participations=rows)

    assert cer.participations.get().since == date(2024, 11, 28)


def test_readers_are_told_when_a_table_changed(cer):
    assert cer.updated_at is None

    cer.change_relations(None, milestones=[])

    assert Initiative.objects.get(pk=cer.pk).updated_at is not None


def test_proposed_table_waits_beside_what_else_is_proposed(cer):
    cer.record(by=None, action="saved")
    cer.propose(None, cer.content() | {"title": "Energia di tutti"})
    cer.propose(None, {"participations": []})

    cer.accept(by=None)

    assert (cer.title, cer.participations.count(), cer.milestones.count()) == ("Energia di tutti", 0, 1)


# In the form of an initiative

LIST = "/admin/initiatives/initiative/"
ROWS = {
    "milestones": ("title", "on", "precision", "is_done", "source"),
    "groups": (*("name", "position", "on", "precision", "president", "office", "website", "note"),),
    "amounts": (
        *("what", "euros", "is_about", "standing", "funder", "on", "precision", "source", "source_url", "document"),
    ),
    "questions": ("question", "answer", "position"),
}


def change(initiative, page="change"):
    return f"{LIST}{initiative.pk}/{page}/"


def form_of(initiative, **typed):
    """What the browser sends when somebody has the initiative open and types something."""
    data = form_data(
        title=initiative.title,
        slug=initiative.slug,
        summary=initiative.summary,
        body=initiative.body,
        stage=initiative.stage,
        known=initiative.known,
        topics=[topic.pk for topic in initiative.topics.all()],
        coverage=initiative.coverage,
        seen_version=initiative.version,
        read_version=initiative.version,
        **hour_of(initiative),
    )
    for name, fields in ROWS.items():
        rows = getattr(initiative, name).all()
        data |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": len(rows)}
        for number, row in enumerate(rows):
            data |= {f"{name}-{number}-{field}": in_a_box(getattr(row, field)) for field in fields}
            data |= {f"{name}-{number}-id": row.pk, f"{name}-{number}-initiative": initiative.pk}
    return {name: value for name, value in (data | typed).items() if value is not False}


def in_a_box(value):
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else getattr(value, "pk", value)


def one_more(initiative, name, **typed):
    """One row more than there are, typed in the form."""
    number = getattr(initiative, name).count()
    row = {f"{name}-{number}-{field}": value for field, value in typed.items()}
    return {f"{name}-TOTAL_FORMS": number + 1} | row


@pytest.fixture
def draft(cer):
    Initiative.objects.update(status="draft")
    cer.refresh_from_db()
    return cer


def test_rows_are_saved_with_the_page_in_one_version(draft):
    new = one_more(draft, "milestones", title="Primo impianto", on="01/03/2025", precision="month")

    somebody().post(change(draft), form_of(draft, **new, **{"amounts-0-DELETE": "on", "questions-0-question": "Come?"}))

    assert relation_text(draft, "milestones").splitlines()[1] == "Primo impianto: marzo 2025, da fare"
    assert relation_text(draft, "amounts") == ""
    assert relation_text(draft, "questions").startswith("Come?\n")
    assert [step.action for step in draft.revisions.order_by("version")] == ["first", "saved"]


def test_saving_the_rows_as_they_are_is_no_version(draft):
    draft.record(by=None, action="saved")

    somebody().post(change(draft), form_of(draft))

    assert draft.revisions.count() == 1


def test_lines_ended_as_browsers_do_are_no_change(cer):
    Initiative.objects.update(partners="Uno\nDue")
    cer.refresh_from_db()
    cer.record(by=None, action="saved")

    somebody("Responsabile").post(change(cer), form_of(cer, partners="Uno\r\nDue"))

    assert (cer.revisions.count(), Initiative.objects.get(pk=cer.pk).updated_at) == (1, None)


def test_new_initiative_takes_its_rows(cer):
    data = form_of(
        make_initiative([make_topic()], status="draft", title="Modello"),
        slug="",
        publish_at_0="",
        **{
            "publish_at_1": "",
            "title": "Nuova",
            "groups-TOTAL_FORMS": 1,
            "groups-0-name": "Nord",
            "groups-0-position": 0,
            "groups-0-precision": "day",
        },
    )

    page = somebody().post(f"{LIST}add/", data, follow=True).text

    assert "errorlist" not in page
    nuova = Initiative.objects.get(title="Nuova")
    assert [group.name for group in nuova.groups.all()] == ["Nord"]
    assert len(nuova.revisions.get().content["groups"]) == 1


def test_bad_row_is_told_at_its_field_and_nothing_typed_is_lost(draft):
    new = one_more(draft, "milestones", title="Senza data", precision="day", is_done="on")

    page = somebody().post(change(draft), form_of(draft, title="Titolo scritto", **new)).text

    assert "Se è fatta, scrivi quando" in page
    assert "Senza data" in page
    assert "Titolo scritto" in page
    assert draft.milestones.count() == 1


def test_history_names_the_tables_and_tells_rows_in_words(draft):
    elena = somebody()
    new = one_more(draft, "milestones", title="Primo impianto", on="01/03/2025", precision="month")
    elena.post(change(draft), form_of(draft, **new))

    assert "Cambia: tappe" in elena.get(f"{LIST}{draft.pk}/history/").text
    page = elena.get(f"{LIST}{draft.pk}/storia/{draft.revisions.get(action='saved').pk}/").text
    assert "<ins>Primo impianto: marzo 2025, da fare" in page


# Proposed


def proposed(cer, client=None, **typed):
    new = one_more(cer, "milestones", title="Primo impianto", on="01/03/2025", precision="month")
    removed = {"amounts-0-DELETE": "on", "questions-0-question": "Come si entra?"}
    (client or somebody()).post(change(cer), form_of(cer, **new, **removed, **typed))


def test_proposed_rows_wait_and_the_page_stays(cer):
    before = cer.content()

    proposed(cer)

    assert cer.content() == before
    assert cer.pending_proposal.content["amounts"] == []


def test_who_proposes_goes_on_from_the_rows_proposed(cer):
    writer = somebody()
    proposed(cer, writer)

    page = writer.get(change(cer))

    milestones, amounts, questions = (
        next(one.formset for one in page.context["inline_admin_formsets"] if one.formset.prefix == name)
        for name in ("milestones", "amounts", "questions")
    )
    assert [form["title"].value() for form in milestones.forms] == ["Nasce la prima", "Primo impianto"]
    assert amounts.forms[0]["DELETE"].value() is True
    assert questions.forms[0]["question"].value() == "Come si entra?"


def test_proposed_rows_are_read_side_by_side_and_accepted(cer):
    proposed(cer)
    approver = somebody("Responsabile")

    page = approver.get(change(cer, "proposta")).text
    read = {"proposal": cer.pending_proposal.pk, "version": cer.version}
    approver.post(change(cer, "proposta"), read | {"_verb_accept": "1"})

    assert "<ins>Primo impianto: marzo 2025, da fare" in page
    assert "<del>Impianti: circa 60.000,00 euro" in page
    assert relation_text(cer, "milestones").splitlines()[1] == "Primo impianto: marzo 2025, da fare"
    assert (cer.amounts.count(), cer.questions.get().question) == (0, "Come si entra?")


@pytest.mark.parametrize("make", [make_initiative, make_communique])
def test_proposal_that_readers_could_not_be_shown_is_not_accepted(make):
    live = make([make_topic()], title="Il ponte")
    live.record(by=None, action="saved")
    live.propose(None, live.content() | {"topics": [], "title": "Il ponte nuovo"})
    kind = "initiatives/initiative" if make is make_initiative else "news/communique"
    read = {"proposal": live.pending_proposal.pk, "version": live.version}

    page = somebody("Responsabile").post(f"/admin/{kind}/{live.pk}/proposta/", read | {"_verb_accept": "1"}).text

    assert "Manca l’argomento." in page
    assert "<ins> nuovo</ins>" in page
    assert "è modificata" not in page
    live.refresh_from_db()
    assert (live.title, live.topics.count(), live.pending_proposal is None) == ("Il ponte", 1, False)


# Two people


def test_rows_that_only_others_changed_stay_as_they_made_them(draft):
    of_marco = form_of(draft, title="Titolo di Marco")
    somebody().post(change(draft), form_of(draft, **{"milestones-0-title": "Tappa di Elena", "groups-0-DELETE": "on"}))

    page = somebody().post(change(draft), of_marco, follow=True).text

    assert "Intanto altri avevano cambiato: gruppi («Fulcheria»), tappe («Tappa di Elena»). Le loro" in page
    assert "modifiche sono rimaste." in page
    assert (draft.milestones.get().title, draft.groups.count()) == ("Tappa di Elena", 0)
    assert Initiative.objects.get(pk=draft.pk).title == "Titolo di Marco"


def test_row_that_both_changed_is_chosen_and_the_others_stay(draft):
    elena, marco = somebody(first_name="Elena"), somebody()
    key = draft.milestones.get().pk
    of_marco = form_of(draft, **{"milestones-0-title": "Tappa di Marco"})
    of_elena = one_more(draft, "milestones", title="Aggiunta di Elena", precision="day")
    elena.post(change(draft), form_of(draft, **of_elena | {"milestones-0-title": "Tappa di Elena"}))

    page = marco.post(change(draft), of_marco).text

    message = "Anche Elena ha cambiato tappe: «Tappa di Elena», che hai cambiato tu: scegli quale tenere."
    assert message in page
    assert "Intanto altri hanno cambiato: tappe («Aggiunta di Elena»)" in page
    assert 'value="Tappa di Marco"' in page
    assert 'value="Aggiunta di Elena"' in page
    assert lines_of(draft) == ["Tappa di Elena: novembre 2024, fatta", "Aggiunta di Elena: da fare"]

    now = Initiative.objects.get(pk=draft.pk).version
    marco.post(change(draft), of_marco | {f"scelta_milestones_{key}": "mia", "read_version": now})
    assert lines_of(draft) == ["Tappa di Marco: novembre 2024, fatta", "Aggiunta di Elena: da fare"]


def lines_of(initiative):
    return relation_text(initiative, "milestones").splitlines()


def test_new_rows_of_both_stay(draft):
    of_marco = form_of(draft, **one_more(draft, "milestones", title="Di Marco", precision="day"))
    somebody().post(change(draft), form_of(draft, **one_more(draft, "milestones", title="Di Elena", precision="day")))

    page = somebody().post(change(draft), of_marco, follow=True).text

    assert "Intanto altri avevano cambiato: tappe («Di Elena»)." in page
    assert lines_of(draft)[1:] == ["Di Elena: da fare", "Di Marco: da fare"]


def test_same_new_row_of_both_is_one(draft):
    twice = form_of(draft, **one_more(draft, "milestones", title="Primo impianto", precision="day"))

    for _ in range(2):
        somebody().post(change(draft), twice)

    assert lines_of(draft)[1:] == ["Primo impianto: da fare"]


def test_rows_that_each_changed_one_of_both_stay(draft):
    draft.milestones.create(title="Seconda")
    of_marco = form_of(draft, **{"milestones-1-title": "Seconda di Marco"})
    somebody().post(change(draft), form_of(draft, **{"milestones-0-title": "Prima di Elena"}))

    somebody().post(change(draft), of_marco)

    assert [row.title for row in draft.milestones.all()] == ["Prima di Elena", "Seconda di Marco"]


def test_row_that_one_deleted_and_the_other_changed_is_chosen(draft):
    key = draft.milestones.get().pk
    of_marco = form_of(draft, **{"milestones-0-DELETE": "on"})
    somebody(first_name="Elena").post(change(draft), form_of(draft, **{"milestones-0-title": "Tappa di Elena"}))

    page = somebody().post(change(draft), of_marco).text
    assert "Anche Elena ha cambiato tappe: «Tappa di Elena»" in page
    assert draft.milestones.get().title == "Tappa di Elena"

    now = Initiative.objects.get(pk=draft.pk).version
    somebody().post(change(draft), of_marco | {f"scelta_milestones_{key}": "mia", "read_version": now})
    assert not draft.milestones.exists()


def test_comune_that_both_put_in_is_one_row(draft):
    seen, offanengo = draft.record(by=None, action="saved").version, make_municipality(name="Offanengo")
    before = draft.content()["participations"]
    draft.change_relations(None, participations=[*before, {"municipality": offanengo.pk, "state": "joined"}])
    mine = [*before, participation(offanengo, "declined")]

    made = merge(draft, seen, {"participations": mine}, None)

    assert [conflict.label for conflict in made.conflicts] == ["partecipazioni: «Offanengo: partecipa»"]
    answer = {made.conflicts[0].choice: "sua"}
    assert merge(draft, seen, {"participations": mine}, None, answer).content == {
        "participations": draft.content()["participations"]
    }


def participation(place, state):
    return {"pk": None, "municipality": place.pk, "state": state, "since": None, "group": None, "source": None}


def test_key_that_nobody_gave_is_no_key(draft):
    """Somebody who writes a key into the form does not choose that of a row to come."""
    typed = {"milestones-1-id": 4711}

    somebody().post(
        change(draft), form_of(draft, **one_more(draft, "milestones", title="Mia", precision="day"), **typed)
    )

    assert draft.milestones.filter(title="Mia").exists()
    assert not draft.milestones.filter(pk=4711).exists()


def test_accepted_rows_leave_what_others_changed_meanwhile(cer):
    cer.record(by=None, action="saved")
    other = cer.milestones.create(title="Seconda")
    cer.record(by=None, action="saved")
    rows = cer.content()["milestones"]
    cer.propose(None, cer.content() | {"milestones": [rows[0] | {"title": "Proposta"}, rows[1]]})
    cer.change_relations(None, milestones=[rows[0], rows[1] | {"title": "Corretta"}, rows[1] | {"pk": None}])

    cer.accept(by=None)

    assert {row.title for row in cer.milestones.all()} == {"Proposta", "Corretta", "Seconda"}
    assert cer.milestones.get(pk=other.pk).title == "Corretta"


def test_rows_proposed_before_do_not_bring_back_what_others_changed(cer):
    """A second proposal rests on a newer page: the rows of the first go on as the changes that they were."""
    cer.record(by=None, action="saved")
    row = cer.content()["participations"][0]
    offanengo = make_municipality(name="Offanengo")
    cer.propose(None, {"participations": [row, participation(offanengo, "joined")]})
    cer.change_relations(None, participations=[row | {"state": "withdrawn"}])
    cer.propose(None, {"title": "Energia di tutti"})

    cer.accept(by=None)

    assert relation_text(cer, "participations").splitlines()[1:] == ["Offanengo: partecipa"]
    assert cer.participations.get(municipality=row["municipality"]).state == "withdrawn"


def test_rows_of_the_others_are_taken_when_chosen(draft):
    choice = f"scelta_milestones_{draft.milestones.get().pk}"
    of_marco = form_of(draft, **{"milestones-0-title": "Di Marco", "questions-0-question": "Chiesto da Marco?"})
    somebody().post(change(draft), form_of(draft, **{"milestones-0-title": "Di Elena"}))
    now = Initiative.objects.get(pk=draft.pk).version

    somebody().post(change(draft), of_marco | {choice: "sua", "read_version": now})

    assert (draft.milestones.get().title, draft.questions.get().question) == ("Di Elena", "Chiesto da Marco?")


def test_row_typed_in_after_others_deleted_it_is_not_lost(draft):
    key = draft.groups.get().pk
    of_marco = form_of(draft, **{"groups-0-president": "Marta Po"})
    somebody().post(change(draft), form_of(draft, **{"groups-0-DELETE": "on"}))

    page = somebody().post(change(draft), of_marco).text
    now = Initiative.objects.get(pk=draft.pk).version
    somebody().post(change(draft), of_marco | {f"scelta_groups_{key}": "mia", "read_version": now})

    assert 'value="Marta Po"' in page
    assert (draft.groups.get().pk, draft.groups.get().president) == (key, "Marta Po")


def at_once(draft, *typed):
    """What the pages say when as many people save at the same instant, each what they typed."""
    barrier, pages = Barrier(len(typed)), []

    def press(client, data):
        try:
            barrier.wait()
            pages.append(client.post(change(draft), data | {"_save": "1"}, follow=True).text)
        finally:
            connection.close()

    # A test that commits empties the tables after it, groups included: superusers need none.
    threads = [Thread(target=press, args=(somebody(is_superuser=True), form_of(draft, **data))) for data in typed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return pages


needs_connections = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="an SQLite in memory has one connection; the other run of the suite has a PostgreSQL",
)


@needs_connections
@pytest.mark.django_db(transaction=True)
def test_new_rows_of_two_who_save_at_once_both_stay():
    draft = make_initiative([make_topic()], status="draft")
    new = [one_more(draft, "milestones", title=title, precision="day") for title in ("Di Elena", "Di Marco")]

    pages = at_once(draft, *new)

    assert sum("Intanto altri avevano cambiato: tappe («Di " in page for page in pages) == 1
    assert {row.title for row in draft.milestones.all()} == {"Di Elena", "Di Marco"}


@needs_connections
@pytest.mark.django_db(transaction=True)
def test_row_that_two_save_at_once_is_chosen_by_one():
    draft = make_initiative([make_topic()], status="draft")
    draft.milestones.create(title="Prima")

    pages = at_once(draft, *({"milestones-0-title": title} for title in ("Di Elena", "Di Marco")))

    assert sum("scegli quale tenere" in page for page in pages) == 1
    assert draft.milestones.get().title in ("Di Elena", "Di Marco")


# Looked at before it is saved


def test_preview_shows_the_rows_as_typed_and_saves_nothing(draft):
    typed = {"milestones-0-DELETE": "on", "questions-0-question": "Come si entra?"}
    new = one_more(draft, "amounts", what="Studio", euros="12500", funder="GAL", standing="spent", precision="day")

    page = somebody().post(change(draft, "anteprima/pagina"), form_of(draft, **typed, **new)).text

    assert all(word in page for word in ("Come si entra?", "Studio", "Impianti"))
    assert "Nasce la prima" not in page
    assert (draft.milestones.count(), draft.amounts.count(), draft.questions.get().question) == (
        1,
        1,
        "Come si aderisce?",
    )


def test_preview_of_an_initiative_that_was_never_saved(draft):
    new = {"groups-TOTAL_FORMS": 1, "groups-0-name": "Nord", "milestones-TOTAL_FORMS": 1}
    new |= {"milestones-0-title": "Si comincia", "milestones-0-precision": "day", "groups-0-precision": "day"}
    empty = {f"{name}-{count}": 0 for name in ROWS for count in ("TOTAL_FORMS", "INITIAL_FORMS")}

    page = somebody().post(f"{LIST}anteprima/pagina/", form_data(title="Mai salvata", **empty | new))

    assert "Mai salvata" in page.text
    assert "Si comincia" in page.text
    assert Initiative.objects.count() == 1


def test_preview_tells_what_is_wrong_in_a_row(draft):
    new = one_more(draft, "milestones", title="", on="31/02/2026", precision="day")

    frame = somebody().post(change(draft, "anteprima"), form_of(draft, **new)).text

    assert "Tappe: " in frame
