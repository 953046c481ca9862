"""Two at once at the desk: one is first, the other is told; nobody waits for ever, and nothing is lost."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from areaomogenea.desk.models import Submission
from areaomogenea.desk.once import fresh_key
from areaomogenea.publishing.preview_links import PreviewLink
from areaomogenea.publishing.shared import keeper_of
from areaomogenea.publishing.versions import Versioned
from news.models import Communique

from .factories import make_communique, make_topic
from .test_decisions import somebody
from .test_desk import LIST, form_data
from .test_history import change, form_of
from .test_shared import form_of as form_of_topic

pytestmark = pytest.mark.django_db
needs_two_connections = pytest.mark.skipif(
    "connection.vendor == 'sqlite'",
    reason="an SQLite in memory has one connection; the other run of the suite has a PostgreSQL",
)


def together(*jobs):
    """What each answers, or the fault that it ends in, when all begin in the same moment."""
    barrier, answers = Barrier(len(jobs)), [None] * len(jobs)

    def work(number):
        barrier.wait()
        try:
            answers[number] = jobs[number]()
        except Exception as fault:
            answers[number] = fault
        finally:
            connection.close()

    threads = [Thread(target=work, args=[number]) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def page_with_proposal(**changes):
    live = make_communique([make_topic()])
    live.keep_first_version()
    live.propose(by=None, content=live.content() | (changes or {"title": "Proposto"}))
    return live


@needs_two_connections
@pytest.mark.django_db(transaction=True)
def test_of_accepting_and_refusing_at_once_one_is_first():
    for _ in range(5):
        live = page_with_proposal()
        one, other = (Communique.objects.get(pk=live.pk) for _ in range(2))

        done = together(lambda row=one: row.accept(by=None), lambda row=other: row.refuse(by=None, comment="No"))

        assert sorted(done, key=str) == [False, True]


@needs_two_connections
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", [lambda: make_communique([make_topic()]), lambda: keeper_of(make_topic())])
def test_proposals_at_once_leave_one_that_waits(make):
    row = make()
    rows = [type(row).objects.get(pk=row.pk) for _ in range(3)]

    def propose(one):
        one.keep_first_version()
        return one.propose(by=None, content=one.content() | {"summary": "Altro."})

    assert together(*[lambda one=one: propose(one) for one in rows]) == [True] * 3
    assert row.revisions.pending().count() == 1
    assert row.revisions.versions().count() == 1


def test_refusing_is_bound_to_the_page_that_was_read():
    live = page_with_proposal()
    stale = Communique.objects.get(pk=live.pk)
    live.record(by=None, action="saved")

    assert stale.refuse(by=None, comment="No") is False
    assert live.pending_proposal is not None


@pytest.mark.parametrize("verb", ["propose", "accept", "refuse", "restore", "keep_first_version", "record"])
def test_every_change_begins_with_the_lock(verb, monkeypatch):
    live = page_with_proposal()
    row, counts = Communique.objects.get(pk=live.pk), []
    monkeypatch.setattr(Versioned, "_lock", lambda one: counts.append(one.revisions.pending().count()))
    args = {"propose": [live.content()], "refuse": ["No"], "restore": [], "record": ["saved"]}.get(verb, [])
    if verb == "restore":
        row.restore(live.revisions.versions().first(), None)
    else:
        getattr(row, verb)(*([] if verb == "keep_first_version" else [None, *args]))

    assert counts[0] == 1


def test_note_with_a_letter_that_no_table_holds_is_told_and_refuses_nothing():
    live = page_with_proposal()
    typed = {"proposal": live.pending_proposal.pk, "version": live.version, "_verb_refuse": "1"}

    page = somebody().post(f"{LIST}{live.pk}/proposta/", typed | {"comment": "Non\x00va"})

    assert "caratteri null" in page.text
    assert live.pending_proposal is not None


def test_link_of_a_form_that_nobody_remembers_is_told_again():
    draft, writer = make_communique(status="draft"), somebody("Redattore")
    typed = {"reader": "La sindaca", "days": "30", "una_volta": fresh_key()}
    address = f"{LIST}{draft.pk}/link-di-anteprima/"
    first = writer.post(address, typed, follow=True).text.partition('readonly value="')[2].partition('"')[0]
    Submission.objects.all().delete()

    again = writer.post(address, typed, follow=True).text.partition('readonly value="')[2].partition('"')[0]

    assert again == first
    assert PreviewLink.objects.count() == 1


@pytest.mark.parametrize("verb", ["discard", "withdraw"])
def test_link_issued_while_its_page_was_taken_away_is_none(verb):
    row = make_communique(status="draft" if verb == "discard" else "approved")
    stale = Communique.objects.get(pk=row.pk)
    getattr(row, verb)(by=None)

    assert PreviewLink.objects.issue(stale, by=None, reader="La sindaca") is None


def test_link_of_what_was_taken_away_since_opens_nothing(client):
    draft, live = make_communique(status="draft"), make_communique()
    links = [PreviewLink.objects.issue(row, by=None, reader="La sindaca") for row in (draft, live)]
    draft.discard(by=None)
    live.withdraw(by=None)
    PreviewLink.objects.update(revoked_at=None)

    assert [client.get(f"/anteprima/{link.token}/").status_code for link in links] == [404, 404]
    live.refresh_from_db()
    later = PreviewLink.objects.issue(live, by=None, reader="La sindaca")
    assert client.get(f"/anteprima/{later.token}/").status_code == 200


@pytest.mark.parametrize("year", ["abc", "0", "99999", "9" * 30, "²", "-1"])
def test_sheet_of_a_year_that_never_was_has_no_rows(year):
    make_communique(title="Il ponte")

    answer = somebody().get(f"{LIST}esporta.csv", {"anno": year})

    assert "Il ponte" not in answer.content.decode()


def test_reason_is_of_the_last_withdrawal_whatever_the_clock_said(client, time_machine):
    now = timezone.now()
    live = make_communique(publish_at=now - timedelta(days=9))
    time_machine.move_to(now + timedelta(days=3))
    live.withdraw(by=None, comment="Primo motivo")
    live.publish_now(by=None)
    time_machine.move_to(now)
    Communique.objects.filter(pk=live.pk).update(publish_at=now - timedelta(days=9))
    live.refresh_from_db()
    live.withdraw(by=None, comment="Secondo motivo")

    page = client.get(live.get_absolute_url()).text

    assert "Secondo motivo" in page
    assert "Primo motivo" not in page


def people(number):
    # A test that commits empties the tables after it, groups included: superusers need none.
    return [somebody(None, is_superuser=True) for _ in range(number)]


@needs_two_connections
@pytest.mark.django_db(transaction=True)
def test_two_pages_of_one_title_at_once_have_two_addresses():
    typed = form_data(title="Il ponte", slug="", topics=[make_topic().pk])
    desks = people(3)

    together(*[lambda desk=desk: desk.post(f"{LIST}add/", typed) for desk in desks])

    assert sorted(Communique.objects.values_list("slug", flat=True)) == ["il-ponte", "il-ponte-2", "il-ponte-3"]
    assert [row.revisions.count() for row in Communique.objects.all()] == [1, 1, 1]


@needs_two_connections
@pytest.mark.django_db(transaction=True)
def test_of_two_forms_that_take_one_address_one_is_told_at_its_field():
    drafts = [make_communique([make_topic()], status="draft") for _ in range(2)]
    jobs = zip(people(2), drafts, strict=True)

    answers = together(
        *[lambda p=p, d=d: p.post(change(d), form_of(d, slug="ponte", summary=f"Di {d.pk}.")) for p, d in jobs]
    )

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    (page,) = [answer for answer in answers if answer.status_code == 200]
    form = page.context["adminform"].form
    assert "indirizzo" in form.errors["slug"][0]
    assert form["summary"].value() == f"Di {form.instance.pk}."


@needs_two_connections
@pytest.mark.django_db(transaction=True)
def test_one_new_row_imported_twice_at_once_makes_two_pages():
    typed = {"confirm": "1", "table": "titolo\nImportata\n", "read": ""}

    answers = together(*[lambda desk=desk: desk.post(f"{LIST}importa/", typed) for desk in people(2)])

    assert [answer.status_code for answer in answers] == [302, 302]
    assert sorted(Communique.objects.values_list("slug", flat=True)) == ["importata", "importata-2"]


@needs_two_connections
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["accept", "restore"])
@pytest.mark.parametrize("kind", ["topic", "page"])
def test_of_two_rows_that_would_get_one_name_at_once_one_is_told(kind, how):
    rows = [keeper_of(make_topic()) if kind == "topic" else make_communique([make_topic()]) for _ in range(2)]
    area, field = ("/admin/topics/topic/", "name") if kind == "topic" else (LIST, "slug")
    sent = []
    for row in rows:
        row.keep_first_version()
        row.propose(by=None, content=row.content() | {field: "uguale"})
        proposal = row.pending_proposal
        if how == "restore":  # an older version by which it was called so
            row.record(by=None, action="saved")
            old = row.revisions.versions().get(action="saved")
            old.content |= {field: "uguale"}
            old.save()
            row.record(by=None, action="saved")
            sent.append((f"{area}{row.pk}/storia/{old.pk}/", {"version": row.version}))
        else:
            typed = {"proposal": proposal.pk, "version": row.version, "_verb_accept": "1"}
            sent.append((f"{area}{row.pk}/proposta/", typed))

    desks = people(2)
    answers = together(*[lambda d=d, one=one: d.post(*one, follow=True) for d, one in zip(desks, sent, strict=True)])

    assert [answer.status_code for answer in answers] == [200, 200]
    assert type(rows[0]).objects.filter(**{field: "uguale"}).count() == 1


# A proposal on which another one was not begun


def test_second_proposal_keeps_what_the_first_says():
    live = make_communique([make_topic()], title="Il ponte", summary="Riapre.")
    live.keep_first_version()
    older = form_of(live, title="Il ponte nuovo")
    somebody("Redattore").post(change(live), form_of(live, summary="Riapre lunedì."))

    somebody("Redattore").post(change(live), older)

    content = live.pending_proposal.content
    assert (content["title"], content["summary"]) == ("Il ponte nuovo", "Riapre lunedì.")


@pytest.mark.parametrize(("answer", "expected"), [("mia", "Di Marco."), ("sua", "Di Elena.")])
def test_who_proposes_on_the_same_words_reads_the_proposal_that_waits_and_chooses(answer, expected):
    live = make_communique([make_topic()], summary="Riapre.")
    live.keep_first_version()
    elena, marco = somebody("Redattore", first_name="Elena", last_name="Riva"), somebody("Redattore")
    older = form_of(live, summary="Di Marco.")
    elena.post(change(live), form_of(live, summary="Di Elena."))

    page = marco.post(change(live), older)

    form = page.context["adminform"].form
    assert "Intanto Elena Riva ha proposto altro per questo campo" in form.errors["summary"][0]
    assert "Elena." in page.text
    assert form["summary"].value() == "Di Marco."
    assert live.pending_proposal.content["summary"] == "Di Elena."
    marco.post(change(live), older | {"scelta_summary": answer, "read_proposal": form["read_proposal"].value()})
    assert live.pending_proposal.content["summary"] == expected


def test_who_goes_on_from_the_proposal_that_waits_may_say_it_otherwise():
    live = make_communique([make_topic()], summary="Riapre.")
    live.keep_first_version()
    writer = somebody("Redattore")
    writer.post(change(live), form_of(live, summary="Riapre lunedì."))
    shown = writer.get(change(live)).context["adminform"].form["seen_proposal"].value()

    writer.post(change(live), form_of(live, summary="Riapre martedì.", seen_proposal=shown))

    assert live.pending_proposal.content["summary"] == "Riapre martedì."


def test_second_proposal_on_a_topic_keeps_what_the_first_says():
    topic = make_topic(summary="Energia.")
    older = form_of_topic(topic, short="In breve.")
    address = f"/admin/topics/topic/{topic.pk}/change/"
    somebody("Redattore").post(address, form_of_topic(topic, summary="Energia e sole."))

    somebody("Redattore").post(address, older)

    content = keeper_of(topic).pending_proposal.content
    assert (content["summary"], content["short"]) == ("Energia e sole.", "In breve.")


def test_version_is_not_proposed_over_what_somebody_else_proposed():
    live = page_with_proposal()
    first = live.revisions.versions().get()

    page = somebody("Redattore").post(f"{LIST}{live.pk}/storia/{first.pk}/", {"version": live.version}, follow=True)

    assert "prima va decisa quella" in page.text
    assert live.pending_proposal.content["title"] == "Proposto"
