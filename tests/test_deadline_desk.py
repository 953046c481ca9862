"""Deadlines at the desk: typed with the page they belong to; once readers know them, moved and called off by verbs."""

import re
from datetime import UTC, date, datetime, time

import pytest
import time_machine

from areaomogenea.deadlines.models import Deadline
from areaomogenea.publishing.models import Publication

from .factories import make_communique, make_deadline, make_editor, make_initiative, make_topic, rome
from .test_desk import LIST, form_data

# Forms and their words; verbs that meet, tests/test_desk_races.py has on both.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def enter(client, role):
    user = make_editor(role=role)
    client.force_login(user)
    return user


def row_data(deadline=None, **overrides):
    """The form of a publication that may be live, with one deadline, new or stored."""
    empty = {"kind": "scadenza", "title": "Domande", "audience": ["cittadini"], "closes_day": "31/12/2026"}
    fields = empty | {"id": deadline.pk if deadline else "", "place": "", "url": ""} | overrides
    counts = {"deadlines-TOTAL_FORMS": 1, "deadlines-INITIAL_FORMS": 1 if deadline else 0}
    hour = {"publish_at_0": "01/11/2026", "publish_at_1": "09:00"}
    also = {"topics": [make_topic().pk]}
    if deadline:
        version = Publication.objects.values_list("version", flat=True).get(pk=deadline.publication_id)
        also |= {"seen_version": version, "read_version": version}
    return form_data(**counts, **hour, **also, **{f"deadlines-0-{name}": value for name, value in fields.items()})


def errors_of(response):
    (formset,) = [one for one in response.context["inline_admin_formsets"] if one.formset.prefix == "deadlines"]
    return formset.formset.errors[0]


def change(deadline):
    return f"{LIST}{deadline.publication_id}/change/"


def page_of(deadline, verb):
    return f"{LIST}{deadline.publication_id}/scadenze/{deadline.pk}/{verb}/"


def moved_to(deadline, **overrides):
    return {"seen": deadline.sequence, "closes_day": "31/01/2027", "reason": "Lo chiede la Regione."} | overrides


def test_day_without_an_hour_is_the_whole_day(client):
    enter(client, "Redattore")

    client.post(f"{LIST}add/", row_data(opens_day="01/12/2026", audience=["cittadini", "imprese"]))

    deadline = Deadline.objects.get()
    assert deadline.hours == (rome(2026, 12, 1), rome(2026, 12, 31, 23, 59, 59), True)
    assert deadline.audiences == ["Cittadini", "Imprese"]


def test_hour_is_kept_when_it_is_typed(client):
    enter(client, "Redattore")

    client.post(f"{LIST}add/", row_data(kind="incontro", closes_day="", opens_day="01/12/2026", opens_hour="18:30"))

    assert Deadline.objects.get().hours == (rome(2026, 12, 1, 18, 30), None, False)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"closes_day": ""}, "closes_day", "Scrivi quando scade."),
        ({"kind": "incontro"}, "opens_day", "Scrivi quando comincia."),
        ({"opens_day": "01/01/2027"}, "closes_day", "Finisce prima di cominciare: controlla le due date."),
        ({"opens_hour": "12:00"}, "opens_day", "Scrivi anche il giorno."),
        ({"closes_day": "31/02/2026"}, "closes_day", "Scrivi il giorno come 31/12/2026."),
        ({"closes_day": "31/12/9999"}, "closes_day", "Scrivi un anno fra il 2004 e il 2100."),
        ({"closes_day": "01/01/0001"}, "closes_day", "Scrivi un anno fra il 2004 e il 2100."),
        ({"closes_hour": "25:00"}, "closes_hour", "Scrivi l’ora come 18:30."),
        ({"audience": []}, "audience", "Di’ per chi è: almeno uno."),
        ({"url": "non un indirizzo"}, "url", "Inserisci un URL valido."),
        (
            {"closes_day": "28/03/2027", "closes_hour": "02:30"},
            "closes_hour",
            "Quella notte cambia l’ora, e questa non vale: scegline un’altra.",
        ),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field_and_nothing_is_lost(client, fields, field, message):
    enter(client, "Redattore")

    response = client.post(f"{LIST}add/", row_data(**fields))

    assert errors_of(response)[field] == [message]
    assert 'value="Domande"' in response.text
    assert not Deadline.objects.exists()


def test_saving_again_changes_nothing(client):
    enter(client, "Redattore")
    hours = {"opens_at": rome(2026, 12, 1), "closes_at": rome(2026, 12, 31, 23, 59, 59), "is_all_day": True}
    deadline = make_deadline(make_communique(status="draft"), **hours)

    client.post(change(deadline), row_data(deadline, opens_day="01/12/2026", title="Domande"))

    stored = Deadline.objects.get()
    assert (stored.hours, stored.sequence) == (deadline.hours, 0)


def test_hours_that_nobody_touched_keep_their_seconds(client):
    enter(client, "Redattore")
    deadline = make_deadline(make_communique(status="draft"), closes_at=rome(2026, 12, 31, 12, 0, 7))

    client.post(change(deadline), row_data(deadline, closes_hour="12:00", title="Domande e allegati"))

    stored = Deadline.objects.get()
    assert (stored.title, stored.closes_at) == ("Domande e allegati", rome(2026, 12, 31, 12, 0, 7))


def test_hours_of_what_readers_know_do_not_change_in_the_form(client):
    enter(client, "Responsabile")
    deadline = make_deadline(make_communique(), closes_at=rome(2026, 12, 31, 12))

    client.post(change(deadline), row_data(deadline, closes_day="01/06/2027", title="Domande e allegati"))

    stored = Deadline.objects.get()
    assert (stored.title, stored.closes_at) == ("Domande e allegati", rome(2026, 12, 31, 12))


def test_what_readers_know_is_not_deleted(client):
    enter(client, "Responsabile")
    deadline = make_deadline(make_communique())

    response = client.post(change(deadline), row_data(deadline, DELETE="on"))

    assert response.status_code == 302
    assert Deadline.objects.exists()


def test_draft_may_drop_what_nobody_has_seen(client):
    enter(client, "Redattore")
    deadline = make_deadline(make_communique(status="draft"))

    client.post(change(deadline), row_data(deadline, DELETE="on"))

    assert not Deadline.objects.exists()


def test_who_only_proposes_has_no_verbs_on_a_live_page(client):
    enter(client, "Redattore")
    deadline = make_deadline(make_communique(), title="Il termine")

    page = client.get(change(deadline)).text

    assert 'value="Il termine"' in page
    assert page_of(deadline, "sposta") not in page
    for verb in ("sposta", "annulla"):
        assert client.post(page_of(deadline, verb), moved_to(deadline)).status_code == 404
    assert Deadline.objects.get().sequence == 0


def test_words_and_rows_are_proposed_and_hours_are_not(client):
    enter(client, "Redattore")
    page = make_communique([make_topic()])
    deadline = make_deadline(page, closes_at=rome(2026, 12, 31, 12))
    second = {"kind": "incontro", "title": "Assemblea", "audience": ["imprese"], "opens_day": "01/12/2026"}
    typed = row_data(deadline, title="Domande e allegati", closes_day="01/06/2027")
    typed |= {"deadlines-TOTAL_FORMS": 2} | {f"deadlines-1-{name}": value for name, value in second.items()}

    client.post(change(deadline), typed)

    assert Deadline.objects.get().title == "Domande"
    page.accept(by=None)
    stored, new = Deadline.objects.order_by("pk")
    assert (stored.title, stored.closes_at, stored.uid) == ("Domande e allegati", rome(2026, 12, 31, 12), deadline.uid)
    assert (new.title, new.opens_at, new.audiences) == ("Assemblea", rome(2026, 12, 1), ["Imprese"])


def test_who_proposes_goes_on_with_the_deadline_proposed(client):
    enter(client, "Redattore")
    page = make_communique([make_topic()])
    where = f"{LIST}{page.pk}/change/"
    client.post(where, row_data(opens_day="01/12/2026", closes_hour="12:00", audience=["cittadini", "imprese"]))

    (row,) = formset_in(client.get(where)).forms

    shown = {name: row[name].value() for name in ("kind", "title", "audience", "opens_day", "closes_hour")}
    assert shown == {
        "kind": "scadenza",
        "title": "Domande",
        "audience": ["cittadini", "imprese"],
        "opens_day": date(2026, 12, 1),
        "closes_hour": time(12),
    }


def formset_in(page):
    return next(one.formset for one in page.context["inline_admin_formsets"] if one.formset.prefix == "deadlines")


def test_move_tells_why_and_leads_back(client):
    by = enter(client, "Responsabile")
    deadline = make_deadline(make_communique(), closes_at=rome(2026, 12, 31, 23, 59, 59), is_all_day=True)
    assert page_of(deadline, "sposta") in client.get(change(deadline)).text

    page = client.post(page_of(deadline, "sposta"), moved_to(deadline), follow=True).text

    move = Deadline.objects.get().moves.get()
    assert (move.by, move.closed_at, move.reason) == (by, rome(2026, 12, 31, 23, 59, 59), "Lo chiede la Regione.")
    assert "Prorogata dal 31 dicembre 2026 al 31 gennaio 2027:</strong> Lo chiede la Regione." in page


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reason": " "}, "Scrivi perché: chi legge deve saperlo."),
        ({"closes_day": "01/11/2026"}, "La nuova data è già passata"),
        ({"closes_day": "31/12/2026"}, "È la data di adesso"),
        ({"opens_day": "01/02/2027"}, "Finisce prima di cominciare"),
        ({"closes_day": ""}, "Scrivi quando scade."),
        ({"seen": 7}, "Nel frattempo qualcuno l’ha cambiata"),
        ({"seen": "x"}, "Nel frattempo qualcuno l’ha cambiata"),
    ],
)
def test_move_that_makes_no_sense_is_told_and_nothing_is_lost(client, fields, message):
    enter(client, "Responsabile")
    deadline = make_deadline(make_communique(), closes_at=rome(2026, 12, 31, 23, 59, 59), is_all_day=True)

    page = client.post(page_of(deadline, "sposta"), moved_to(deadline, **fields)).text

    assert message in page
    assert fields.get("reason", "Lo chiede la Regione.") in page
    assert Deadline.objects.get().sequence == 0


def test_who_was_slower_confirms_on_what_it_is_now(client):
    enter(client, "Responsabile")
    deadline = make_deadline(make_communique(), closes_at=rome(2026, 12, 31, 12))
    typed = moved_to(deadline)
    deadline.move(None, "Altri", closes_at=rome(2027, 3, 1, 12))

    page = client.post(page_of(deadline, "sposta"), typed).text
    assert "adesso è entro il 1º marzo 2027" in page
    assert 'name="seen" value="1"' in page
    client.post(page_of(deadline, "sposta"), typed | {"seen": 1})

    assert Deadline.objects.get().moves.count() == 2


def test_calling_off_tells_why(client):
    enter(client, "Responsabile")
    deadline = make_deadline(make_communique())

    page = client.post(page_of(deadline, "annulla"), {"seen": 0, "reason": "Fondi finiti."}, follow=True).text

    assert Deadline.objects.get().is_called_off
    assert "Annullata:</strong> Fondi finiti." in page
    assert "È già annullata" in client.post(page_of(deadline, "annulla"), {"seen": 1, "reason": "Di nuovo"}).text


def unseen(**fields):
    return [
        make_communique(status="draft", **fields),
        make_communique(status="review", **fields),
        make_communique(publish_at=rome(2027, 1, 1), **fields),
        make_communique(status="withdrawn", publish_at=rome(2027, 1, 1), **fields),
    ]


@pytest.mark.parametrize("number", range(4))
def test_what_readers_never_saw_is_written_without_reasons(client, number):
    """Nobody is told of a term that was put off before anybody knew of it."""
    enter(client, "Responsabile")
    page = unseen()[number]
    deadline = make_deadline(page, closes_at=rome(2027, 1, 31, 23, 59, 59), is_all_day=True)
    hour = {"publish_at_0": "01/01/2027", "publish_at_1": "00:00"} if number > 1 else {}

    form = client.get(change(deadline)).text
    for verb in ("sposta", "annulla"):
        assert page_of(deadline, verb) not in form
        assert client.post(page_of(deadline, verb), moved_to(deadline)).status_code == 404
    client.post(change(deadline), row_data(deadline, closes_day="28/02/2027") | hour)

    stored = Deadline.objects.with_all().get()
    assert (stored.closes_at, stored.story) == (rome(2027, 2, 28, 23, 59, 59), [])
    client.post(change(deadline), row_data(deadline, DELETE="on") | hour)
    assert not Deadline.objects.exists()


def test_what_readers_saw_stays_locked_when_its_page_is_withdrawn(client):
    enter(client, "Responsabile")
    page = make_communique([make_topic()])
    deadline = make_deadline(page, closes_at=rome(2026, 12, 31, 12))
    page.withdraw(by=None, comment="Errata")
    new = make_deadline(page, title="Aggiunta dopo", closes_at=rome(2027, 12, 31, 12))

    form = client.get(change(deadline)).text

    assert page_of(deadline, "sposta") in form
    assert page_of(new, "sposta") not in form  # nobody has seen this one
    client.post(change(deadline), row_data(deadline, closes_day="01/06/2027", DELETE="on"))
    assert Deadline.objects.get(pk=deadline.pk).closes_at == rome(2026, 12, 31, 12)


@pytest.mark.parametrize("verb", ["sposta", "annulla"])
def test_verb_is_a_version_of_the_page(client, verb):
    by = enter(client, "Responsabile")
    page = make_communique([make_topic()])
    deadline = make_deadline(page, closes_at=rome(2026, 12, 31, 23, 59, 59), is_all_day=True)

    client.post(page_of(deadline, verb), moved_to(deadline))

    page.refresh_from_db()
    first, newest = page.revisions.order_by("version")
    words = {"sposta": "Prorogata dal 31 dicembre 2026 al 31 gennaio 2027", "annulla": "Annullata"}[verb]
    assert (newest.version, newest.by) == (page.version, by)
    assert newest.comment == f"«Domande». {words}: Lo chiede la Regione."
    assert {**newest.content, "deadlines": first.content["deadlines"]} == first.content
    assert newest.content == page.content()
    assert page.updated_at == NOW
    step = client.get(f"{LIST}{page.pk}/storia/{newest.pk}/").text
    assert re.search(r"<ins>[^<]*(gennaio 2027|annullata: Lo chiede)", step)


def test_whoever_reads_the_old_hours_is_told_that_a_verb_moved_them(client):
    enter(client, "Responsabile")
    page = make_communique([make_topic()])
    deadline = make_deadline(page, closes_at=rome(2026, 12, 31, 23, 59, 59), is_all_day=True)
    page.record(by=None, action="saved")
    old = row_data(deadline, title="Domande")
    deadline.move(None, "Lo chiede la Regione.", closes_at=rome(2027, 1, 31, 23, 59, 59))

    shown = client.post(change(deadline), old).text

    assert "Mentre leggevi, altri hanno cambiato questa pagina" in shown
    assert "<ins>" in shown
    assert "gennaio 2027" in shown
    assert Deadline.objects.get().closes_at == rome(2027, 1, 31, 23, 59, 59)


# A part of every version


@pytest.mark.parametrize("make", [make_communique, make_initiative])
def test_version_tells_the_deadlines_of_every_kind(make):
    page = make()
    deadline = make_deadline(page, closes_at=rome(2026, 12, 31, 12), place="Crema")

    content = page.record(by=None, action="saved").content

    assert content["deadlines"] == [
        {
            "pk": deadline.pk,
            "kind": "scadenza",
            "title": "Domande",
            "for_citizens": True,
            "for_businesses": False,
            "for_municipalities": False,
            "for_associations": False,
            "opens_at": None,
            "closes_at": "2026-12-31T11:00:00+00:00",
            "is_all_day": False,
            "place": "Crema",
            "url": "",
            "uid": str(deadline.uid),
            "called_off_at": None,
            "called_off_why": "",
        }
    ]


def test_draft_takes_its_deadline_back_from_a_version(client):
    enter(client, "Redattore")
    page = make_communique(status="draft")
    deadline = make_deadline(page, closes_at=rome(2026, 12, 31, 12))
    revision = page.record(by=None, action="saved")
    page.change_relations(None, deadlines=[])
    assert not Deadline.objects.exists()

    client.post(f"{LIST}{page.pk}/storia/{revision.pk}/", {"version": Publication.objects.get().version})

    back = Deadline.objects.get()
    assert (back.pk, back.uid, back.closes_at) == (deadline.pk, deadline.uid, rome(2026, 12, 31, 12))


def test_version_from_before_a_move_does_not_move_it_back():
    """What readers and their calendars know changes by verbs alone, whatever comes back."""
    page = make_communique([make_topic()])
    bare = page.record(by=None, action="saved")
    deadline = make_deadline(page, closes_at=rome(2026, 12, 31, 12))
    old = page.record(by=None, action="saved")
    deadline.move(None, "Proroga", closes_at=rome(2027, 1, 31, 12))
    page.refresh_from_db()

    for version in (old, bare):
        page.restore(version, by=None)
        assert Deadline.objects.get().closes_at == rome(2027, 1, 31, 12)


def test_preview_shows_deadlines_as_typed(client):
    enter(client, "Redattore")
    page = make_communique(status="draft")
    stored = make_deadline(page, title="Domande", closes_at=rome(2026, 12, 31, 12))
    second = {"kind": "incontro", "title": "Assemblea", "audience": ["imprese"], "opens_day": "01/12/2026"}
    typed = row_data(stored, title="Domande e allegati")
    typed |= {"deadlines-TOTAL_FORMS": 2} | {f"deadlines-1-{name}": value for name, value in second.items()}

    shown = client.post(change(stored).replace("change", "anteprima/pagina"), typed)

    assert [row.title for row in shown.context["deadlines"]] == ["Assemblea", "Domande e allegati"]
    assert "Assemblea" in shown.text
    assert Deadline.objects.get().title == "Domande"


@pytest.mark.parametrize("rows", [1, 6])
def test_form_costs_the_same_for_more_deadlines(client, rows, django_assert_max_num_queries):
    enter(client, "Responsabile")
    page = make_communique([make_topic()], status="withdrawn", came_out_at=NOW)
    for number in range(rows):
        make_deadline(page, title=f"Termine {number}")
    client.get(f"{LIST}{page.pk}/change/")

    with django_assert_max_num_queries(36):
        client.get(f"{LIST}{page.pk}/change/")


def test_deadline_of_another_page_or_another_comune_is_not_found(client):
    enter(client, "Redattore comunale")
    deadline = make_deadline(make_communique(status="draft"))
    assert client.get(page_of(deadline, "sposta")).status_code == 404

    enter(client, "Responsabile")
    other = make_communique()
    assert client.get(f"{LIST}{other.pk}/scadenze/{deadline.pk}/sposta/").status_code == 404
    assert client.get(f"{LIST}{deadline.publication_id}/scadenze/{'9' * 20}/sposta/").status_code == 404


def test_initiatives_have_them_too(client):
    enter(client, "Responsabile")
    deadline = make_deadline(make_initiative(), title="Il termine dell’iniziativa")
    path = f"/admin/initiatives/initiative/{deadline.publication_id}"

    assert "Il termine dell’iniziativa" in client.get(f"{path}/change/").text
    assert client.get(f"{path}/scadenze/{deadline.pk}/annulla/").status_code == 200
