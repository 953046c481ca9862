"""Nobody loses work: versions, comparisons, proposals on what is live, and two people on one publication."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import localtime

from areaomogenea.prose.diff import body_lines, compare, near_changes
from news.models import Communique

from .factories import make_communique, make_editor, make_municipality, make_picture, make_topic
from .test_desk import LIST, form_data

pytestmark = pytest.mark.django_db


def form_of(communique, **typed):
    """What the browser sends when somebody has the communiqué open and types something."""
    return (
        form_data(
            kind=communique.kind,
            title=communique.title,
            slug=communique.slug,
            summary=communique.summary,
            body=communique.body,
            topics=[topic.pk for topic in communique.topics.all()],
            coverage=communique.coverage,
            municipalities=[place.pk for place in communique.municipalities.all()],
            seen_version=communique.version,
            read_version=communique.version,
            **hour_of(communique),
        )
        | typed
    )


def hour_of(communique):
    at = localtime(communique.publish_at)
    return {"publish_at_0": f"{at:%d/%m/%Y}", "publish_at_1": f"{at:%H:%M}"}


def change(communique):
    return f"{LIST}{communique.pk}/change/"


def somebody(role="Redattore", **fields):
    client = Client()
    client.force_login(make_editor(role=role, **fields))
    return client


@pytest.fixture
def draft():
    return make_communique([make_topic()], status="draft", title="Il ponte", summary="Riapre.", body="<p>Lunedì.</p>")


@pytest.fixture
def live():
    return make_communique([make_topic()], title="Il ponte", summary="Riapre.", body="<p>Riapre lunedì.</p>")


# Comparing


def test_comparison_is_in_words():
    assert compare("Il ponte riapre lunedì.", "Il ponte riapre martedì.") == [
        ("same", "Il ponte riapre "),
        ("removed", "lunedì."),
        ("added", "martedì."),
    ]


def test_words_that_change_together_are_told_together():
    assert compare("Riapre lunedì mattina alle 8.", "Riapre martedì sera alle 8.") == [
        ("same", "Riapre "),
        ("removed", "lunedì mattina"),
        ("added", "martedì sera"),
        ("same", " alle 8."),
    ]


def test_what_is_far_from_any_change_is_left_out():
    lines = [f"Riga {number}.\n" for number in range(20)]
    passages = compare("".join(lines), "".join([*lines, "In fondo.\n"]))

    assert list(near_changes(passages)) == [
        ("skipped", 18),
        ("same", "Riga 18.\nRiga 19.\n"),
        ("added", "In fondo.\n"),
    ]


def test_text_without_changes_is_left_whole():
    assert list(near_changes(compare("Uno\n" * 9, "Uno\n" * 9))) == [("same", "Uno\n" * 9)]


def test_comparison_of_long_texts_ends_soon():
    before, after = (" ".join(f"{word}{n}" for n in range(30_000)) for word in ("a", "b"))

    assert compare(before, after) == [("removed", before), ("added", after)]


def test_comparison_tells_the_address_of_a_link_and_the_text_of_an_image():
    html = (
        '<p>Leggi <a href="https://example.org/a" rel="noopener">qui</a></p><ul><li>uno</li></ul><img alt="La piazza">'
    )

    assert body_lines(html) == "Leggi qui [https://example.org/a]\n• uno\n[immagine: La piazza]"


# Versions


def test_every_save_is_a_version_with_who_and_what(client, draft):
    editor = make_editor(role="Redattore", first_name="Elena")
    client.force_login(editor)

    client.post(change(draft), form_of(draft, title="Il ponte nuovo"))

    first, saved = draft.revisions.order_by("version")
    assert (first.action, first.content["title"]) == ("first", "Il ponte")
    assert (saved.action, saved.by, saved.content["title"]) == ("saved", editor, "Il ponte nuovo")
    page = client.get(f"{LIST}{draft.pk}/history/").text
    assert "Cambia: titolo" in page
    assert "Elena" in page


def test_saving_nothing_new_is_no_version(client, draft):
    client.force_login(make_editor(role="Redattore"))

    for _ in range(2):
        draft.refresh_from_db()
        client.post(change(draft), form_of(draft, title="Una volta"))

    assert draft.revisions.filter(action="saved").count() == 1


def test_a_version_can_be_seen_compared_and_brought_back(client, draft):
    client.force_login(make_editor(role="Redattore"))
    topic = draft.topics.get()
    client.post(change(draft), form_of(draft, title="Sbagliato", topics=[], body="<p>Martedì.</p>"))
    first = draft.revisions.get(action="first")

    page = client.get(f"{LIST}{draft.pk}/storia/{first.pk}/").text
    draft.refresh_from_db()
    client.post(f"{LIST}{draft.pk}/storia/{first.pk}/", {"version": draft.version})

    assert "<del>Lunedì.</del>" in page
    assert "<ins>Martedì.</ins>" in page
    draft.refresh_from_db()
    assert (draft.title, draft.body, list(draft.topics.all())) == ("Il ponte", "<p>Lunedì.</p>", [topic])
    assert draft.revisions.first().action == "restored"


def test_picture_is_told_with_its_words(draft):
    draft.picture = make_picture(alternative_text="La piazza di sera", credit="Archivio di Offanengo")
    draft.save()
    saved = draft.record(by=None, action="saved")

    page = somebody().get(f"{LIST}{draft.pk}/storia/{saved.pk}/").text

    assert "La piazza di sera (Archivio di Offanengo)" in page


def test_a_version_comes_back_without_what_is_gone(draft):
    picture = make_picture()
    draft.picture = picture
    draft.save()
    revision = draft.record(by=None, action="saved")
    draft.picture = None
    draft.save()
    picture.delete()
    draft.topics.all().delete()

    draft.restore(revision, by=None)

    assert (draft.picture, list(draft.topics.all())) == (None, [])


def test_history_of_others_is_not_there(client):
    crema = make_municipality()
    editor = make_editor(role="Redattore comunale")
    editor.assignments.create(municipality=crema)
    theirs = make_communique(places=[make_municipality()])
    revision = theirs.record(by=None, action="saved")
    client.force_login(editor)

    for path in ("history/", f"storia/{revision.pk}/", "proposta/"):
        assert client.get(f"{LIST}{theirs.pk}/{path}").status_code == 404


@pytest.mark.parametrize("versions", [2, 12])
def test_history_cost_does_not_grow(client, draft, versions, django_assert_max_num_queries):
    for _ in range(versions):
        draft.record(by=make_editor(), action="saved")
    client.force_login(make_editor(is_superuser=True))

    with django_assert_max_num_queries(12):
        client.get(f"{LIST}{draft.pk}/history/")


# Proposals on what is live


def test_change_to_what_is_live_waits_and_the_page_stays(client, live):
    writer = somebody()

    writer.post(change(live), form_of(live, title="Cambiata", body="<p>Riapre martedì.</p>", comment="Era sbagliato"))

    page = client.get(live.get_absolute_url()).text
    assert "Riapre lunedì." in page
    assert "Cambiata" not in page
    assert "Cambiata" in writer.get(change(live)).text  # who proposes goes on from there


def test_proposal_is_read_side_by_side_and_accepted(client, live):
    somebody().post(change(live), form_of(live, body="<p>Riapre martedì.</p>"))
    approver = somebody("Responsabile")
    address = f"{LIST}{live.pk}/proposta/"

    page = approver.get(address).text
    proposal = live.pending_proposal
    approver.post(address, {"_verb_accept": "1", "proposal": proposal.pk, "version": live.version})

    assert "Riapre <del>lunedì.</del>" in page
    assert "Riapre <ins>martedì.</ins>" in page
    assert "Riapre martedì." in client.get(live.get_absolute_url()).text
    assert live.pending_proposal is None


def test_proposal_is_sent_back_with_what_is_wrong(live):
    somebody().post(change(live), form_of(live, title="Cambiata"))
    approver = somebody("Responsabile")
    address, posted = f"{LIST}{live.pk}/proposta/", {"proposal": live.pending_proposal.pk, "version": live.version}

    assert "Scrivi che cosa non va." in approver.post(address, posted | {"_verb_refuse": "1"}).text
    approver.post(address, posted | {"_verb_refuse": "1", "comment": "Il ponte è un altro"})

    live.refresh_from_db()
    assert live.title == "Il ponte"
    assert live.revisions.first().comment == "Il ponte è un altro"


def test_accepting_changes_only_what_was_proposed(live):
    somebody().post(change(live), form_of(live, title="Titolo proposto"))
    approver = somebody("Responsabile")
    approver.post(change(live), form_of(live, summary="Corretto intanto."))
    live.refresh_from_db()

    live.accept(by=None)

    assert (live.title, live.summary) == ("Titolo proposto", "Corretto intanto.")


def test_what_is_decided_is_what_was_read(live):
    somebody().post(change(live), form_of(live, title="Letto"))
    read = {"proposal": live.pending_proposal.pk, "version": live.version}
    goes_on = dict.fromkeys(["seen_proposal", "read_proposal"], live.pending_proposal.pk)
    somebody().post(change(live), form_of(live, title="Mai letto", **goes_on))

    page = somebody("Responsabile").post(f"{LIST}{live.pk}/proposta/", read | {"_verb_accept": "1"}, follow=True).text

    live.refresh_from_db()
    assert "rileggi prima di decidere" in page
    assert live.title == "Il ponte"


def test_correction_is_told_to_readers_with_its_date(client, live):
    somebody("Responsabile").post(
        change(live),
        form_of(live, body="<p>Riapre martedì.</p>", comment="Era il giorno sbagliato.", _verb_correct="1"),
    )

    page = client.get(live.get_absolute_url()).text
    assert "Era il giorno sbagliato." in page
    assert "Riapre martedì." in page


# Two people on one publication


def test_second_to_save_chooses_field_by_field(draft):
    elena, marco = somebody(first_name="Elena"), somebody(first_name="Marco")
    elena.post(change(draft), form_of(draft, title="Titolo di Elena", summary="Di Elena."))

    page = marco.post(change(draft), form_of(draft, title="Titolo di Marco", body="<p>Di Marco.</p>")).text

    assert "Anche Elena ha cambiato questo campo" in page
    for words in ("Titolo di Elena", "Titolo di Marco", "Di Marco.", "Di Elena."):
        assert words in page
    stored = Communique.objects.get(pk=draft.pk)
    assert (stored.title, stored.body) == ("Titolo di Elena", "<p>Lunedì.</p>")

    answer = {"scelta_title": "sua", "read_version": stored.version}
    marco.post(
        change(draft), form_of(draft, title="Titolo di Marco", summary="Di Elena.", body="<p>Di Marco.</p>") | answer
    )

    stored.refresh_from_db()
    assert (stored.title, stored.summary, stored.body) == ("Titolo di Elena", "Di Elena.", "<p>Di Marco.</p>")


def test_changes_in_different_fields_both_stay(draft):
    elena, marco, topic, of_marco = somebody(), somebody(), make_topic(), form_of(draft, body="<p>Di Marco.</p>")
    elena.post(change(draft), form_of(draft, title="Titolo di Elena", topics=[topic.pk]))

    marco.post(change(draft), of_marco)

    stored = Communique.objects.get(pk=draft.pk)
    assert (stored.title, stored.body) == ("Titolo di Elena", "<p>Di Marco.</p>")
    assert list(stored.topics.all()) == [topic]


def test_answer_given_on_an_older_version_does_not_count(draft):
    elena, marco = somebody(), somebody()
    elena.post(change(draft), form_of(draft, title="Primo di Elena"))
    answer = {"scelta_title": "mia", "read_version": Communique.objects.get().version}
    elena.post(change(draft), form_of(Communique.objects.get(), title="Secondo di Elena"))

    marco.post(change(draft), form_of(draft, title="Di Marco") | answer)

    assert Communique.objects.get().title == "Secondo di Elena"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["_verb_submit", "_save"])
def test_two_who_press_at_once_do_not_both_succeed(verb):
    if connection.vendor == "sqlite":
        pytest.skip("an SQLite in memory has one connection; the other run of the suite has a PostgreSQL")
    draft = make_communique([make_topic()], status="draft", title="Il ponte")
    barrier, pages = Barrier(2), []

    def press(client, title):
        try:
            barrier.wait()
            pages.append(client.post(change(draft), form_of(draft, title=title) | {verb: "1"}, follow=True).text)
        finally:
            connection.close()

    # A test that commits empties the tables after it, groups included: superusers need none.
    people = [(somebody(is_superuser=True), title) for title in ("Di Elena", "Di Marco")]
    threads = [Thread(target=press, args=pair) for pair in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum("ha cambiato questo campo" in page for page in pages) == 1
    assert draft.revisions.filter(action__in=["saved", "submitted"]).count() == (1 if verb == "_save" else 2)


# What review found


@pytest.mark.parametrize("button", ["_verb_publish_now", "_verb_send_back"])
def test_who_presses_too_late_in_the_form_is_told_by_whom(button):
    waiting = make_communique([make_topic()], status="review", title="Il ponte")
    form = form_of(waiting, comment="Manca la data")
    waiting.publish(by=make_editor(role="Responsabile", first_name="Elena"))

    page = somebody("Responsabile").post(change(waiting), form | {button: "1"}, follow=True).text

    assert "altri hanno cambiato questa pagina: guarda che cosa, poi premi di nuovo" in page
    assert "Approvata da Elena, " in page
    assert waiting.revisions.count() == 1


def test_who_saves_second_is_told_which_changes_of_others_stay(draft):
    of_marco = form_of(draft, body="<p>Di Marco.</p>")
    somebody(first_name="Elena").post(change(draft), form_of(draft, title="Titolo di Elena"))

    page = somebody().post(change(draft), of_marco, follow=True).text

    assert "Intanto altri avevano cambiato: titolo, indirizzo. Le loro modifiche sono rimaste." in page


def test_button_that_is_not_open_lets_no_unchecked_proposal_through(live):
    page = somebody().post(change(live), form_of(live, topics=[], comment="Via", _verb_withdraw="1")).text

    assert "Manca l’argomento." in page
    assert live.pending_proposal is None


def test_version_that_readers_could_not_be_shown_does_not_come_back_live(draft):
    draft.topics.clear()
    bare = draft.record(by=None, action="saved")
    draft.topics.add(make_topic())
    draft.publish(by=None)

    address, read = f"{LIST}{draft.pk}/storia/{bare.pk}/", {"version": draft.version}
    page = somebody("Responsabile").post(address, read, follow=True).text

    assert "Non si può riprendere: Manca l’argomento." in page
    assert draft.topics.count() == 1
