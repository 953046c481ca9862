"""Deadlines at the desk: typed with the page they belong to; once readers know them, moved and called off by verbs."""

from datetime import UTC, datetime

import pytest
import time_machine

from initiatives.models import Deadline

from .factories import make_communique, make_deadline, make_editor, make_initiative, make_topic, rome
from .test_desk import LIST, form_data

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def enter(client, role):
    user = make_editor(role=role)
    client.force_login(user)
    return user


def row_data(deadline=None, **given):
    """The form of a publication that may be live, with one deadline, new or stored."""
    empty = {"kind": "scadenza", "title": "Domande", "audience": ["cittadini"], "closes_day": "31/12/2026"}
    fields = empty | {"id": deadline.pk if deadline else "", "place": "", "url": ""} | given
    counts = {"deadlines-TOTAL_FORMS": 1, "deadlines-INITIAL_FORMS": 1 if deadline else 0}
    hour = {"publish_at_0": "01/11/2026", "publish_at_1": "09:00"}
    topic = {"topics": [make_topic().pk]}
    return form_data(**counts, **hour, **topic, **{f"deadlines-0-{name}": value for name, value in fields.items()})


def errors_of(response):
    (formset,) = [one for one in response.context["inline_admin_formsets"] if one.formset.prefix == "deadlines"]
    return formset.formset.errors[0]


def change(deadline):
    return f"{LIST}{deadline.publication_id}/change/"


def page_of(deadline, verb):
    return f"{LIST}{deadline.publication_id}/scadenze/{deadline.pk}/{verb}/"


def moved_to(deadline, **given):
    return {"seen": deadline.sequence, "closes_day": "31/01/2027", "reason": "Lo chiede la Regione."} | given


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
    ("given", "field", "message"),
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
def test_what_makes_no_sense_is_told_at_its_field_and_nothing_is_lost(client, given, field, message):
    enter(client, "Redattore")

    response = client.post(f"{LIST}add/", row_data(**given))

    assert errors_of(response)[field] == [message]
    assert 'value="Domande"' in response.text
    assert not Deadline.objects.exists()


def test_saving_again_changes_nothing(client):
    enter(client, "Redattore")
    hours = {"opens_at": rome(2026, 12, 1), "closes_at": rome(2026, 12, 31, 23, 59, 59), "is_all_day": True}
    deadline = make_deadline(make_communique(status="draft"), **hours)

    client.post(change(deadline), row_data(deadline, opens_day="01/12/2026", title="Domande"))

    kept = Deadline.objects.get()
    assert (kept.hours, kept.sequence) == (deadline.hours, 0)


def test_hours_of_what_readers_know_do_not_change_in_the_form(client):
    enter(client, "Responsabile")
    deadline = make_deadline(make_communique(), closes_at=rome(2026, 12, 31, 12))

    client.post(change(deadline), row_data(deadline, closes_day="01/06/2027", title="Domande e allegati"))

    kept = Deadline.objects.get()
    assert (kept.title, kept.closes_at) == ("Domande e allegati", rome(2026, 12, 31, 12))


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


def test_who_only_proposes_reads_them_on_a_live_page(client):
    enter(client, "Redattore")
    deadline = make_deadline(make_communique(), title="Il termine")

    page = client.get(change(deadline)).text

    assert "Il termine" in page
    assert "deadlines-0-title" not in page
    assert page_of(deadline, "sposta") not in page
    for verb in ("sposta", "annulla"):
        assert client.post(page_of(deadline, verb), moved_to(deadline)).status_code == 404
    assert Deadline.objects.get().sequence == 0


def test_move_tells_why_and_leads_back(client):
    by = enter(client, "Responsabile")
    deadline = make_deadline(make_communique(), closes_at=rome(2026, 12, 31, 23, 59, 59), is_all_day=True)
    assert page_of(deadline, "sposta") in client.get(change(deadline)).text

    page = client.post(page_of(deadline, "sposta"), moved_to(deadline), follow=True).text

    move = Deadline.objects.get().moves.get()
    assert (move.by, move.closed_at, move.reason) == (by, rome(2026, 12, 31, 23, 59, 59), "Lo chiede la Regione.")
    assert "Prorogata dal 31 dicembre 2026 al 31 gennaio 2027:</strong> Lo chiede la Regione." in page


@pytest.mark.parametrize(
    ("given", "message"),
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
def test_move_that_makes_no_sense_is_told_and_nothing_is_lost(client, given, message):
    enter(client, "Responsabile")
    deadline = make_deadline(make_communique(), closes_at=rome(2026, 12, 31, 23, 59, 59), is_all_day=True)

    page = client.post(page_of(deadline, "sposta"), moved_to(deadline, **given)).text

    assert message in page
    assert given.get("reason", "Lo chiede la Regione.") in page
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


def test_whoever_writes_a_draft_may_move_what_is_in_it(client):
    enter(client, "Redattore")
    deadline = make_deadline(make_communique(status="draft"))

    client.post(page_of(deadline, "sposta"), moved_to(deadline))

    assert Deadline.objects.get().moves.exists()


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
    here = f"/admin/initiatives/initiative/{deadline.publication_id}"

    assert "Il termine dell’iniziativa" in client.get(f"{here}/change/").text
    assert client.get(f"{here}/scadenze/{deadline.pk}/annulla/").status_code == 200
