"""What pages share keeps its versions: topics and terms are read, proposed, looked at and brought back as pages are."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from areaomogenea.accounts.entries import Entry
from areaomogenea.publishing.shared import keeper_of
from areaomogenea.topics.models import Term, Topic

from .factories import make_communique, make_term, make_topic
from .test_decisions import somebody

pytestmark = pytest.mark.django_db
TOPICS, TERMS = "/admin/topics/topic/", "/admin/topics/term/"


def form_of(topic, **typed):
    """What the browser sends when somebody has the topic open and types something."""
    names = ("name", "slug", "acronym", "expansion", "short", "summary", "explanation", "national_name", "eurovoc_uri")
    names += ("keywords", "position")
    fields = {name: getattr(topic, name) for name in names}
    version = keeper_of(topic).version
    formsets = {"former_slugs-TOTAL_FORMS": 0, "former_slugs-INITIAL_FORMS": 0}
    return fields | formsets | {"seen_version": version, "read_version": version} | typed


@pytest.fixture
def topic():
    return make_topic(name="Energia", slug="energia", summary="Comunità energetiche.")


@pytest.fixture
def address(topic):
    return f"{TOPICS}{topic.pk}/change/"


def test_change_by_a_writer_is_a_proposal_and_the_page_stays(client, topic, address):
    somebody("Redattore").post(address, form_of(topic, summary="Mai approvato.", comment="Più chiaro"))

    assert "Mai approvato." not in client.get(topic.get_absolute_url()).text
    assert keeper_of(topic).pending_proposal.comment == "Più chiaro"
    assert "Mai approvato." in somebody("Redattore").get(address).text  # who proposes goes on from there


def test_approver_leaves_a_proposal_by_choice(client, topic, address):
    approver = somebody()

    approver.post(address, form_of(topic, summary="Non ancora.") | {"_verb_propose": "1"})

    assert "Non ancora." not in client.get(topic.get_absolute_url()).text
    assert "Non ancora." not in approver.get(address).context["adminform"].form["summary"].value()
    assert "Non ancora." in approver.get(f"{address}?proposta=1").context["adminform"].form["summary"].value()


def test_proposal_is_read_side_by_side_and_accepted(client, topic, address):
    somebody("Redattore").post(address, form_of(topic, summary="Comunità energetiche e solari."))
    proposal, keeper, approver = keeper_of(topic).pending_proposal, keeper_of(topic), somebody()

    page = approver.get(f"{TOPICS}{topic.pk}/proposta/").text
    approver.post(
        f"{TOPICS}{topic.pk}/proposta/", {"_verb_accept": "1", "proposal": proposal.pk, "version": keeper.version}
    )

    assert "solari.</ins>" in page
    assert "Comunità energetiche e solari." in client.get(topic.get_absolute_url()).text
    assert keeper_of(topic).pending_proposal is None


def test_proposal_on_a_topic_that_changed_is_asked_again(topic, address):
    somebody("Redattore").post(address, form_of(topic, summary="Proposto."))
    keeper = keeper_of(topic)
    read = {"proposal": keeper.pending_proposal.pk, "version": keeper.version}
    somebody().post(address, form_of(topic, short="Energia di tutti"))

    page = somebody().post(f"{TOPICS}{topic.pk}/proposta/", read | {"_verb_accept": "1"}).text

    topic.refresh_from_db()
    assert "rileggi prima di decidere" in page
    assert topic.summary == "Comunità energetiche."


def test_writer_cannot_accept(topic, address):
    writer = somebody("Redattore")
    writer.post(address, form_of(topic, summary="Proposto."))
    keeper = keeper_of(topic)
    read = {"proposal": keeper.pending_proposal.pk, "version": keeper.version}

    assert writer.post(f"{TOPICS}{topic.pk}/proposta/", read | {"_verb_accept": "1"}).status_code == 404
    topic.refresh_from_db()
    assert topic.summary == "Comunità energetiche."


def test_version_is_seen_compared_and_brought_back(client, topic, address):
    approver = somebody(first_name="Elena")
    approver.post(address, form_of(topic, summary="Sbagliato."))
    keeper = keeper_of(topic)
    first = keeper.revisions.get(action="first")

    history = approver.get(f"{TOPICS}{topic.pk}/history/").text
    page = approver.get(f"{TOPICS}{topic.pk}/storia/{first.pk}/").text
    approver.post(f"{TOPICS}{topic.pk}/storia/{first.pk}/", {"version": keeper.version})

    assert "da Elena" in history
    assert "Cambia: in breve" in history
    assert "<ins>Sbagliato.</ins>" in page
    topic.refresh_from_db()
    assert topic.summary == "Comunità energetiche."
    assert keeper_of(topic).revisions.first().action == "restored"


def test_topic_is_not_saved_over_what_another_changed_unseen(topic, address):
    read = form_of(topic, short="Mio")
    somebody(first_name="Elena").post(address, form_of(topic, summary="Di Elena."))

    page = somebody().post(address, read).text

    topic.refresh_from_db()
    assert "Salvata da Elena" in page
    assert (topic.summary, topic.short) == ("Di Elena.", "Che cosa vuol dire")


def test_page_is_looked_at_as_it_is_typed(client, topic):
    typed = form_of(topic, summary="Com’è scritto adesso.")

    page = somebody().post(f"{TOPICS}{topic.pk}/anteprima/pagina/", typed).text

    assert "Com’è scritto adesso." in page
    assert "Com’è scritto adesso." not in client.get(topic.get_absolute_url()).text
    assert somebody().get(f"{TOPICS}{topic.pk}/anteprima/").status_code == 200


def test_page_of_a_topic_that_is_only_begun_is_looked_at(topic):
    typed = form_of(topic, name="Nuovo", slug="", summary="Tutto da scrivere.")

    assert "Tutto da scrivere." in somebody("Amministratore").post(f"{TOPICS}anteprima/pagina/", typed).text


def test_new_topic_has_a_first_version():
    somebody("Amministratore").post(f"{TOPICS}add/", form_of(make_topic(), name="Acqua", slug="acqua"))

    assert [step.action for step in keeper_of(Topic.objects.get(slug="acqua")).revisions.all()] == ["first"]


def test_what_changed_nothing_is_no_version(topic, address):
    somebody().post(address, form_of(topic))

    assert [step.action for step in keeper_of(topic).revisions.all()] == ["first"]


def test_ledger_tells_of_a_change_once_and_of_whose(topic, address):
    approver = somebody()
    before = Entry.objects.count()

    approver.post(address, form_of(topic, position=7))

    entry = Entry.objects.order_by("-pk").first()
    assert Entry.objects.count() - before == 1
    assert (entry.action, entry.model, entry.key, entry.by_id) == (
        "saved",
        "topics.topic",
        str(topic.pk),
        approver.user.pk,
    )


def test_term_of_the_glossary_is_proposed_too(client):
    term = make_term(acronym="CER", slug="cer", explanation="Com’è.")
    typed = {"acronym": "CER", "slug": "cer", "expansion": term.expansion, "explanation": "Mai approvata."}
    somebody("Redattore").post(f"{TERMS}{term.pk}/change/", typed | {"seen_version": 0, "read_version": 0})

    assert "Mai approvata." not in client.get("/glossario/").text
    keeper = keeper_of(term)
    assert keeper.accept(by=None) is True
    assert Term.objects.get().explanation == "Mai approvata."


def test_list_of_topics_changes_nothing(topic):
    answer = somebody().post(
        TOPICS,
        {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": topic.pk, "form-0-position": 9, "_save": "1"},
    )

    topic.refresh_from_db()
    assert topic.position == 0
    assert answer.status_code in (200, 302)


@pytest.mark.parametrize("versions", [1, 8])
def test_cost_of_the_form_of_a_topic_does_not_grow(topic, address, versions, django_assert_max_num_queries):
    approver = somebody()
    make_communique([topic])
    for number in range(versions):
        approver.post(address, form_of(Topic.objects.get(), summary=f"Versione {number}."))

    with django_assert_max_num_queries(14):
        approver.get(address)
    with django_assert_max_num_queries(12):
        approver.get(f"{TOPICS}{topic.pk}/history/")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_shown_what_the_other_did():
    if connection.vendor == "sqlite":
        pytest.skip("an SQLite in memory has one connection; the other run of the suite has a PostgreSQL")
    topic = make_topic()
    barrier, pages = Barrier(2), []

    def press(client, typed):
        try:
            barrier.wait()
            pages.append(client.post(f"{TOPICS}{topic.pk}/change/", typed, follow=True).text)
        finally:
            connection.close()

    pairs = [(somebody(None, is_superuser=True), form_of(topic, summary=f"Di {name}.")) for name in ("Elena", "Marco")]
    threads = [Thread(target=press, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum("ha cambiato questo campo" in page for page in pages) == 1
    assert [step.action for step in keeper_of(topic).revisions.order_by("pk")] == ["first", "saved"]
