"""What is decided is what was read: every verb acts on the version that its page showed, and says what it will do."""

from datetime import timedelta
from threading import Barrier, Thread

import lxml.html
import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from areaomogenea.publishing.models import DAYS_IN_BIN, Publication
from areaomogenea.publishing.workflow import VERBS
from news.models import Communique

from .factories import make_communique, make_editor, make_initiative, make_municipality, make_topic
from .test_desk import LIST
from .test_history import change, form_of

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
LATER = NOW + timedelta(days=9)


def somebody(role="Responsabile", **fields):
    client, user = Client(), make_editor(role=role, **fields)
    client.force_login(user)
    client.user = user
    return client


def decide(client, verb, *publications, read=None, **typed):
    """Confirms a verb on its page, for the versions that these rows were read at; bulk, if they are many."""
    typed |= {"decided": "1"} | {f"letta_{row.pk}": row.version if read is None else read for row in publications}
    if len(publications) == 1:
        return client.post(f"{LIST}{publications[0].pk}/decisione/{verb}/", typed, follow=True)
    return client.post(
        LIST, typed | {"action": verb, "_selected_action": [row.pk for row in publications]}, follow=True
    )


@pytest.fixture
def approver():
    return somebody()


@pytest.fixture
def waiting():
    communique = make_communique([make_topic()], status="review", title="Il ponte", body="<p>Apre lunedì.</p>")
    communique.keep_first_version()
    return communique


def status_of(publication):
    return Publication.objects.values_list("status", flat=True).get(pk=publication.pk)


# On what was read


@pytest.mark.parametrize("button", ["_verb_publish_now", "_verb_publish", "_verb_send_back"])
def test_what_changed_after_the_form_was_read_is_shown_before_anything_is_decided(approver, waiting, button):
    read = form_of(waiting)
    somebody("Redattore", first_name="Elena").post(change(waiting), form_of(waiting, title="Mai letto"))

    page = approver.post(change(waiting), read | {button: "1", "comment": "Una nota"})

    assert "altri hanno cambiato questa pagina: guarda che cosa, poi premi di nuovo" in page.text
    assert "Salvata da Elena" in page.text
    assert "<ins>Mai letto</ins>" in page.text
    assert status_of(waiting) == "review"


def test_pressing_again_acts_on_what_the_page_showed(approver, waiting):
    read = form_of(waiting)
    somebody("Redattore").post(change(waiting), form_of(waiting, title="Letto adesso"))
    shown = approver.post(change(waiting), read | {"_verb_publish_now": "1"}).context["adminform"].form

    again = form_of(waiting, title=shown["title"].value(), read_version=shown["read_version"].value())
    response = approver.post(change(waiting), again | {"_verb_publish_now": "1"})
    waiting.refresh_from_db()
    approver.post(response.url, {"decided": "1", f"letta_{waiting.pk}": waiting.version})

    waiting.refresh_from_db()
    assert (waiting.status, waiting.title) == ("approved", "Letto adesso")


def test_what_changed_after_the_question_was_read_is_shown_and_asked_again(approver, waiting):
    read = waiting.version
    somebody("Redattore", first_name="Elena").post(change(waiting), form_of(waiting, body="<p>Apre martedì.</p>"))

    page = decide(approver, "publish_now", waiting, read=read).text

    assert "<ins>martedì.</ins>" in page
    assert "Salvata da Elena" in page
    assert status_of(waiting) == "review"
    waiting.refresh_from_db()
    assert f'name="letta_{waiting.pk}" value="{waiting.version}"' in page


def test_question_that_tells_no_version_decides_nothing(approver, waiting):
    approver.post(f"{LIST}{waiting.pk}/decisione/publish_now/", {"decided": "1"})
    data = {"decided": "1", "hour": "now", f"passata_{waiting.pk}": "1"}
    approver.post(LIST, data | {"action": "publish", "_selected_action": [waiting.pk]})
    approver.post(change(waiting), form_of(waiting, read_version="") | {"_verb_publish_now": "1"})

    assert status_of(waiting) == "review"


def test_page_that_another_withdrew_does_not_come_back_by_a_form_that_was_read_before(approver):
    live = make_communique([make_topic()], status="review", title="Dati personali")
    live.keep_first_version()
    read = form_of(live)
    live.publish(by=None)
    live.withdraw(by=make_editor(first_name="Elena"), comment="Dati personali")

    page = approver.post(change(live), read | {"_verb_publish_now": "1"}).text

    assert "Ritirata da Elena" in page
    assert status_of(live) == "withdrawn"


def test_hour_that_was_moved_meanwhile_is_read_before_it_is_approved(approver):
    waiting = make_communique([make_topic()], status="review", publish_at=LATER)
    waiting.keep_first_version()
    read = form_of(waiting)
    somebody("Redattore").post(change(waiting), form_of(waiting, publish_at_0="01/02/2025", publish_at_1="09:00"))

    page = approver.post(change(waiting), read | {"_verb_publish": "1"}).text

    assert "1 febbraio 2025, 09:00" in page
    assert status_of(waiting) == "review"


def test_live_page_is_not_saved_over_what_another_changed_unseen(approver):
    live = make_communique([make_topic()], title="Il ponte")
    live.keep_first_version()
    read = form_of(live, body="<p>Mio.</p>")
    somebody().post(change(live), form_of(live, title="Il ponte nuovo"))

    page = approver.post(change(live), read).text

    live.refresh_from_db()
    assert "nuovo</ins>" in page
    assert live.body != "<p>Mio.</p>"


@pytest.mark.parametrize("verb", [verb for verb in VERBS if not verb.is_on_proposal], ids=lambda verb: verb.name)
def test_no_verb_acts_on_a_version_that_was_not_read(verb):
    states = {
        "approved": make_communique(publish_at=NOW - timedelta(hours=1)),
        "binned": make_communique(status="draft"),
    }
    publication = states.get(verb.before[-1]) or make_communique(status=verb.before[0])
    if verb.name == "recover":
        publication.discard(by=None)
    stale = Communique.objects.get(pk=publication.pk)
    publication.record(by=None, action="saved")
    before = status_of(publication)

    kwargs = {"content": stale.content()} if verb.name == "propose" else {}
    done = getattr(stale, verb.name)(by=None, comment="Perché sì", **kwargs)

    assert (done, status_of(publication)) == (verb.name == "propose", before)


def test_accepting_is_bound_to_the_page_that_was_read():
    live = make_communique()
    live.propose(by=None, content=live.content() | {"title": "Proposto"})
    stale = Communique.objects.get(pk=live.pk)
    live.record(by=None, action="saved")

    assert stale.accept(by=None) is False
    assert live.pending_proposal is not None


def test_proposal_on_a_page_that_changed_shows_what_changed(approver):
    live = make_communique([make_topic()], title="Il ponte")
    live.keep_first_version()
    live.propose(by=None, content=live.content() | {"summary": "Proposto."})
    read = {"proposal": live.pending_proposal.pk, "version": live.version}
    somebody().post(change(live), form_of(live, title="Il ponte nuovo"))

    page = approver.post(f"{LIST}{live.pk}/proposta/", read | {"_verb_accept": "1"}).text

    assert "rileggi prima di decidere" in page
    assert "nuovo</ins>" in page
    live.refresh_from_db()
    assert live.summary != "Proposto."


def test_version_is_brought_back_only_over_what_was_read(approver):
    draft = make_communique([make_topic()], status="draft", title="Il ponte")
    draft.keep_first_version()
    first, read = draft.revisions.get(), draft.version
    somebody("Redattore").post(change(draft), form_of(draft, title="Il ponte nuovo"))

    page = approver.post(f"{LIST}{draft.pk}/storia/{first.pk}/", {"version": read}).text

    draft.refresh_from_db()
    assert "Intanto questa pagina è cambiata" in page
    assert draft.title == "Il ponte nuovo"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_asked_again():
    if connection.vendor == "sqlite":
        pytest.skip("an SQLite in memory has one connection; the other run of the suite has a PostgreSQL")
    draft = make_communique([make_topic()], status="review", publish_at=LATER)
    barrier, pages = Barrier(2), []

    def press(client, verb):
        try:
            barrier.wait()
            pages.append(decide(client, verb, draft, comment="Non ancora").text)
        finally:
            connection.close()

    clients = [somebody(None, is_superuser=True) for _ in range(2)]
    threads = [Thread(target=press, args=pair) for pair in zip(clients, ["publish_now", "send_back"], strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert draft.revisions.count() == 1
    assert sum("Non si può: è" in page or "Intanto questa pagina è cambiata" in page for page in pages) == 1


# What will happen


@pytest.mark.parametrize(
    ("verb", "fields", "words"),
    [
        ("publish_now", {"status": "draft"}, "Esce subito, a questo indirizzo: /novita/comunicati/ponte/"),
        ("publish", {"status": "draft", "publish_at": NOW - timedelta(days=40)}, "L’ora indicata è già passata"),
        ("publish", {"status": "draft", "publish_at": LATER}, "Esce da sola "),
        ("publish_now", {"publish_at": LATER}, "Esce subito"),
        ("discard", {"status": "draft"}, "Si può riprendere dal cestino fino al "),
    ],
)
def test_question_says_what_will_happen(approver, verb, fields, words):
    draft = make_communique([make_topic()], slug="ponte", **fields)

    assert words in approver.get(f"{LIST}{draft.pk}/decisione/{verb}/").text


def test_question_shows_the_page_as_readers_will_see_it(approver, waiting):
    page = approver.get(f"{LIST}{waiting.pk}/decisione/publish_now/").text

    assert f'src="{LIST}{waiting.pk}/anteprima/pagina/"' in page


def test_question_tells_what_keeps_it_from_being_published_and_what_is_doubtful(approver):
    draft = make_communique(status="draft", summary="")
    draft.doubts.create(code="date", message="La data?")

    page = approver.get(f"{LIST}{draft.pk}/decisione/publish_now/").text

    assert "Manca l’argomento." in page
    assert "Ha ancora un dubbio lasciato dall’importazione." in page
    assert 'type="submit" class="default"' not in page


@pytest.mark.parametrize("verb", ["accept", "propose", "nothing", "__init__"])
def test_only_verbs_that_ask_have_a_question(approver, waiting, verb):
    assert approver.get(f"{LIST}{waiting.pk}/decisione/{verb}/").status_code == 404


def test_question_about_a_page_of_others_is_not_there():
    writer = somebody("Redattore comunale")
    writer.user.assignments.create(municipality=make_municipality())
    draft = make_communique(places=[make_municipality()], status="draft")

    assert writer.get(f"{LIST}{draft.pk}/decisione/submit/").status_code == 404
    assert writer.post(f"{LIST}{draft.pk}/decisione/submit/", {"decided": "1"}).status_code == 404


def test_who_may_not_is_told_instead_of_asked(waiting):
    page = somebody("Redattore").get(f"{LIST}{waiting.pk}/decisione/publish_now/").text

    assert "Non si può: è in revisione." in page
    assert 'type="submit" class="default"' not in page


# Many at once


def test_bulk_verb_says_what_it_will_do_to_which_then_once_that_it_did(approver):
    drafts = [make_communique([make_topic()], status="draft") for _ in range(3)]
    live = make_communique()

    page = approver.post(LIST, {"action": "submit", "_selected_action": [row.pk for row in [*drafts, live]]}).text
    done = decide(approver, "submit", *drafts, live).text

    assert all(row.title in page for row in [*drafts, live])
    assert "Non si può: è pubblicata." in page
    assert "3 pagine sono in revisione." in done
    assert [status_of(row) for row in [*drafts, live]] == ["review"] * 3 + ["approved"]


def test_bulk_verb_leaves_what_changed_since_it_was_shown(approver):
    draft, other = (make_communique([make_topic()], status="draft") for _ in range(2))
    draft.keep_first_version()
    stale = Communique.objects.get(pk=draft.pk)
    somebody("Redattore").post(change(draft), form_of(draft, title="Mai letto"))

    late = {f"passata_{row.pk}": "1" for row in (stale, other)}

    page = decide(approver, "publish", stale, other, hour="now", **late).text

    assert [status_of(row) for row in (draft, other)] == ["draft", "approved"]
    assert "<ins>Mai letto</ins>" in page


@pytest.mark.parametrize("rows", [2, 12])
def test_cost_of_a_bulk_question_for_each_row_is_small(approver, rows, django_assert_max_num_queries):
    drafts = [make_communique([make_topic()], status="draft") for _ in range(rows)]

    with django_assert_max_num_queries(14 + 7 * rows):
        approver.post(LIST, {"action": "publish", "_selected_action": [row.pk for row in drafts]})


@pytest.mark.parametrize("rows", [1, 2])
def test_question_asked_from_the_list_does_what_it_says_when_its_own_button_is_pressed(approver, rows):
    drafts = [make_communique([make_topic()], status="draft") for _ in range(rows)]
    page = approver.post(LIST, {"action": "submit", "_selected_action": [row.pk for row in drafts]})

    form = next(form for form in lxml.html.fromstring(page.text).forms if form.get("id") == "content-main")
    sent = form.form_values()
    approver.post(LIST, {name: [value for key, value in sent if key == name] for name, _ in sent})

    assert {status_of(row) for row in drafts} == {"review"}


def test_too_many_at_once_are_refused_in_words(approver, monkeypatch):
    monkeypatch.setattr("areaomogenea.desk.verbs.MOST_AT_ONCE", 1)
    drafts = [make_communique(status="draft") for _ in range(2)]

    page = approver.post(LIST, {"action": "submit", "_selected_action": [row.pk for row in drafts]}, follow=True).text

    assert "Se ne decidono al massimo 1 alla volta" in page


# There and back


def test_author_takes_back_what_was_handed_over():
    author = somebody("Redattore")
    draft = make_communique([make_topic()], status="review", author=author.user)

    page = author.get(change(draft)).text
    author.post(change(draft), form_of(draft) | {"_verb_recall": "1"})

    assert 'name="_verb_recall"' in page
    assert status_of(draft) == "draft"


def test_scheduled_page_goes_back_to_draft_and_no_reader_is_told(approver, client):
    scheduled = make_communique([make_topic()], publish_at=LATER)

    approver.post(change(scheduled), form_of(scheduled) | {"_verb_unschedule": "1"})

    assert status_of(scheduled) == "draft"
    with time_machine.travel(LATER + timedelta(days=1)):
        assert client.get(scheduled.get_absolute_url()).status_code == 404


def test_scheduled_page_comes_out_now(approver, client):
    scheduled = make_communique([make_topic()], publish_at=LATER)

    decide(approver, "publish_now", scheduled)

    assert client.get(scheduled.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"status": "review"}, {"publish_at": LATER}])
@pytest.mark.parametrize("make", [make_communique, make_initiative])
def test_what_nobody_saw_goes_into_the_bin_and_comes_back_with_one_click(approver, make, fields):
    row = make([make_topic()], title="Provvisorio", **fields)
    area = LIST if make is make_communique else "/admin/initiatives/initiative/"

    approver.post(f"{area}{row.pk}/decisione/discard/", {"decided": "1", f"letta_{row.pk}": row.version})

    row.refresh_from_db()
    assert (row.status, f"{area}{row.pk}/change/" in approver.get(area).text) == ("binned", False)
    assert approver.get(f"{area}{row.pk}/change/").status_code == 404
    assert "Provvisorio" in approver.get("/admin/cestino/").text

    approver.post("/admin/cestino/", {"pk": row.pk, "version": row.version})

    row.refresh_from_db()
    assert (row.status, row.binned_at) == ("draft", None)
    assert approver.get(f"{area}{row.pk}/change/").status_code == 200


def test_live_page_cannot_be_binned(approver):
    live = make_communique([make_topic()])

    page = decide(approver, "discard", live).text

    assert "Non si può: è pubblicata." in page
    assert status_of(live) == "approved"


def test_bin_shows_and_gives_back_only_what_is_in_scope():
    crema, writer = make_municipality(), somebody("Redattore comunale")
    writer.user.assignments.create(municipality=crema)
    mine, theirs = make_communique(places=[crema], status="draft"), make_communique(status="draft", title="Di altri")
    theirs.municipalities.set([make_municipality()])
    for row in (mine, theirs):
        row.discard(by=None)

    page = writer.get("/admin/cestino/").text
    for row in (mine, theirs):
        writer.post("/admin/cestino/", {"pk": row.pk, "version": row.version})

    assert (mine.title in page, "Di altri" in page) == (True, False)
    assert [status_of(row) for row in (mine, theirs)] == ["draft", "binned"]


@pytest.mark.parametrize(
    "typed", [{}, {"pk": "x", "version": "1"}, {"pk": "9" * 30, "version": "1"}, {"pk": "²", "version": "1"}]
)
def test_bin_refuses_nonsense_in_words(approver, typed):
    assert "non è più nel cestino" in approver.post("/admin/cestino/", typed, follow=True).text


def test_bin_is_emptied_after_its_days(approver):
    draft, fresh, initiative = (
        make_communique(status="draft"),
        make_communique(status="draft"),
        make_initiative(status="draft"),
    )
    with time_machine.travel(NOW - timedelta(days=DAYS_IN_BIN, hours=1)):
        draft.discard(by=None)
        initiative.discard(by=None)
    fresh.discard(by=None)

    call_command("tick")

    assert [*Publication.objects.values_list("pk", flat=True)] == [fresh.pk]


@pytest.mark.parametrize("rows", [1, 6])
def test_cost_of_the_bin_does_not_grow(approver, rows, django_assert_max_num_queries):
    for _ in range(rows):
        make_communique(status="draft", author=make_editor()).discard(by=None)

    with django_assert_max_num_queries(8):
        approver.get("/admin/cestino/")


def test_guest_loses_the_link_to_what_lies_in_the_bin(client):
    draft = make_communique(status="draft")
    link = draft.preview_links.issue(draft, by=None, reader="Prova")
    draft.discard(by=None)

    assert client.get(f"/anteprima/{link.token}/").status_code == 404


# Out of its time

PAST = NOW - timedelta(days=20)


def late(**fields):
    return make_communique([make_topic()], **{"status": "review", "publish_at": PAST} | fields)


def test_hour_that_has_passed_is_asked_about_and_nothing_is_taken_for_granted(approver):
    page = late()

    shown = decide(approver, "publish", page, **{f"passata_{page.pk}": "1"}).text

    assert "L’ora indicata è passata, e la pagina uscirà subito: con quale data?" in shown
    assert '<input type="submit" class="default" value="Pubblica adesso">' in shown
    assert "Approva per l’ora indicata" not in shown
    assert "Scegli con quale data esce" in shown
    assert "checked" not in shown.partition("decision-hour")[2].partition("</fieldset>")[0]
    page.refresh_from_db()
    assert page.status == "review"


@pytest.mark.parametrize(("answer", "hour"), [("now", NOW), ("then", PAST)])
def test_page_comes_out_with_the_date_that_was_chosen(approver, answer, hour):
    page = late()

    with time_machine.travel(NOW, tick=False):
        text = decide(approver, "publish", page, hour=answer, **{f"passata_{page.pk}": "1"}).text

    page.refresh_from_db()
    assert (page.is_published(), page.publish_at) == (True, hour.replace(microsecond=0))
    assert "è pubblicata" in text


def test_hour_that_passes_while_the_question_is_open_is_asked_about(approver):
    page = late(publish_at=NOW + timedelta(minutes=1))
    address = f"{LIST}{page.pk}/decisione/publish/"
    with time_machine.travel(NOW, tick=False):
        assert "decision-hour" not in approver.get(address).text

    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        shown = decide(approver, "publish", page, hour="then").text

    assert "decision-hour" in shown
    page.refresh_from_db()
    assert page.status == "review"


def test_many_are_asked_once_and_those_in_time_keep_their_hour(approver):
    first, second = late(title="Uno"), late(title="Due")
    ahead = late(title="Tre", publish_at=LATER)
    data = {f"passata_{row.pk}": "1" for row in (first, second)}

    text = decide(approver, "publish", first, second, ahead, **data).text
    decide(approver, "publish", first, second, ahead, hour="then", **data)

    assert "Di 2 pagine l’ora indicata è passata, e usciranno subito: con quale data?" in text
    assert 'class="default" value="Approva"' in text
    for row in (first, second, ahead):
        row.refresh_from_db()
    assert [row.publish_at for row in (first, second)] == [PAST.replace(microsecond=0)] * 2
    assert ahead.is_scheduled()


def test_proposal_accepted_too_late_leaves_the_hour_as_it_is(approver):
    page = make_communique([make_topic()], publish_at=LATER)
    page.keep_first_version()
    page.propose(None, page.content() | {"title": "Altro", "publish_at": PAST.isoformat()})

    page.accept(approver.user)

    page.refresh_from_db()
    assert (page.title, page.is_scheduled(), page.publish_at) == ("Altro", True, LATER.replace(microsecond=0))


def test_hour_that_is_past_brings_nothing_out_by_itself(approver, client):
    scheduled = make_communique([make_topic()], publish_at=LATER)
    typed = form_of(scheduled, publish_at_0="01/02/2025", publish_at_1="09:00")

    page = approver.post(change(scheduled), typed | {"_save": "1"}).text

    assert "Per farla uscire subito premi «Pubblica adesso»." in page
    assert client.get(scheduled.get_absolute_url()).status_code == 404


# What review found


@pytest.mark.parametrize("hours", [-1, 9], ids=["published", "scheduled"])
def test_button_that_is_not_there_saves_nothing_on_a_live_page(approver, hours):
    live = make_communique([make_topic()], title="Il ponte", publish_at=NOW + timedelta(hours=hours))
    live.keep_first_version()
    read = form_of(live, summary="Mio.")
    somebody().post(change(live), form_of(live, title="Mai letto"))

    page = approver.post(change(live), read | {"_verb_propose": "1"}).text

    live.refresh_from_db()
    assert "Mentre leggevi, altri hanno cambiato questa pagina" in page
    assert (live.title, live.summary == "Mio.", live.pending_proposal) == ("Mai letto", False, None)


def test_notes_typed_while_a_page_waited_do_not_come_out_with_it(approver):
    scheduled = make_communique([make_topic()], publish_at=LATER, body="<p>Com’era.</p>")
    scheduled.keep_first_version()
    read = form_of(scheduled, body="<p>Da finire.</p>", read_standing="scheduled")

    with time_machine.travel(LATER + timedelta(minutes=1)):
        again = somebody()
        page = again.post(change(scheduled), read | {"_verb_unschedule": "1"}).text
        hour_moved = read | {"publish_at_0": "01/02/2030", "_save": "1"}
        shown = again.post(change(scheduled), hour_moved).text

    scheduled.refresh_from_db()
    assert "Non si può: è pubblicata." in page
    assert "guarda che cosa, poi premi di nuovo" in shown
    assert (scheduled.body, scheduled.publish_at) == ("<p>Com’era.</p>", LATER)


def test_address_of_what_lies_in_the_bin_is_free(approver):
    binned, live = (make_communique([make_topic()], kind="notizie", slug=slug) for slug in ("ponte", "altro"))
    Publication.objects.filter(pk=binned.pk).update(status="draft", came_out_at=None)
    binned.refresh_from_db()
    binned.discard(by=None)

    approver.post(change(live), form_of(live, slug="ponte"))
    live.refresh_from_db()
    binned.recover(by=None)

    assert (live.slug, binned.slug) == ("ponte", binned.slug)
    assert binned.slug not in ("ponte", "")


def test_emptied_address_of_what_readers_know_is_no_change(approver):
    live = make_communique([make_topic()], slug="ponte")
    live.keep_first_version()

    approver.post(change(live), form_of(live, slug=""))

    live.refresh_from_db()
    assert (live.slug, live.former_addresses.count(), live.version) == ("ponte", 0, 0)


def test_address_typed_in_other_letters_is_stored_in_ours(approver):
    live = make_communique([make_topic()], slug="ponte")

    approver.post(change(live), form_of(live, slug="Il_Ponte"))

    live.refresh_from_db()
    assert (live.slug, [str(one) for one in live.former_addresses.all()]) == ("il-ponte", ["comunicati/ponte"])


def test_what_comes_out_of_the_bin_has_its_address_again():
    draft = make_communique(status="draft", slug="ponte")

    draft.discard(by=None)
    draft.recover(by=None)

    assert Publication.objects.get().slug == "ponte"
