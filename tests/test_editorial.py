"""Publishing: status and hour, verbs, addresses that never die, what readers are told of changes."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from areaomogenea.publishing.clock import Clock
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.signals import publication_changed
from news.models import Communique

from .factories import make_communique, make_editor, make_municipality, make_topic

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def announced():
    """The titles that publication_changed has been sent for."""
    titles = []

    def listen(publication, **kwargs):
        titles.append(publication.title)

    publication_changed.connect(listen)
    yield titles
    publication_changed.disconnect(listen)


@pytest.mark.parametrize(
    ("status", "hours", "expected"),
    [
        ("draft", -1, False),
        ("review", -1, False),
        ("approved", -1, True),
        ("approved", 1, False),
        ("withdrawn", -1, False),
    ],
)
def test_published_means_the_same_to_a_row_and_to_a_query(status, hours, expected):
    communique = make_communique(status=status, publish_at=NOW + timedelta(hours=hours))

    assert communique.is_published(at=NOW) is expected
    assert Publication.objects.published(at=NOW).exists() is expected


def test_scheduled_communique_comes_out_by_itself():
    communique = make_communique(publish_at=NOW + timedelta(hours=2))

    assert list(Communique.objects.scheduled()) == [communique]
    with time_machine.travel(NOW + timedelta(hours=3)):
        assert list(Communique.objects.published()) == [communique]


def test_publish_is_claimed_once(announced, django_capture_on_commit_callbacks):
    communique = make_communique(status="review")
    twin = Communique.objects.get(pk=communique.pk)

    with django_capture_on_commit_callbacks(execute=True):
        assert communique.publish(by=None) is True
        assert twin.publish(by=None) is False

    assert communique.revisions.count() == 1
    assert announced == [communique.title]


def test_publish_records_who_and_keeps_the_words():
    editor = make_editor()
    communique = make_communique(status="draft", title="Il ponte riapre")

    communique.publish(by=editor)

    revision = communique.revisions.get()
    assert (revision.by, revision.action, revision.content["title"]) == (editor, "approved", "Il ponte riapre")


def test_publish_keeps_the_hour_it_was_given():
    communique = make_communique(status="draft", publish_at=NOW + timedelta(days=1))

    communique.publish(by=None)

    assert communique.is_scheduled()


def test_withdrawing_is_announced_as_loudly_as_publishing(announced, django_capture_on_commit_callbacks):
    communique = make_communique()

    with django_capture_on_commit_callbacks(execute=True):
        assert communique.withdraw(by=None) is True

    assert announced == [communique.title]
    assert not Publication.objects.published().exists()


def test_database_refuses_approved_without_hour():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_communique(publish_at=None)


def test_live_communique_may_not_lose_what_readers_need():
    communique = make_communique()
    communique.publish_at, communique.summary = None, ""

    with pytest.raises(ValidationError) as refused:
        communique.full_clean()

    assert set(refused.value.message_dict) == {"publish_at", "summary"}


def test_form_left_open_does_not_undo_a_verb():
    communique = make_communique(status="draft")
    open_form = Communique.objects.get(pk=communique.pk)
    communique.publish(by=None)

    open_form.title = "Un altro titolo"
    open_form.save()

    communique.refresh_from_db()
    assert (communique.status, communique.title) == ("approved", "Un altro titolo")


@pytest.mark.parametrize("delete", [lambda editor: editor.delete(), lambda editor: type(editor).objects.all().delete()])
def test_leaving_editor_takes_nothing_along(delete):
    editor = make_editor()
    communique = make_communique(author=editor)

    with pytest.raises(ProtectedError):
        delete(editor)

    assert Communique.objects.get(pk=communique.pk).author == editor


def test_concerns_a_municipality_when_it_names_it_or_is_for_all_the_area():
    crema, soncino, outside = make_municipality(), make_municipality(), make_municipality(in_area=False)
    for_crema = make_communique(places=[crema])
    for_all = make_communique()
    make_communique(coverage="nowhere")
    make_communique(coverage="", title="Non si sa")

    assert set(Communique.objects.about(crema)) == {for_crema, for_all}
    assert set(Communique.objects.about(soncino)) == {for_all}
    assert set(Communique.objects.about(outside)) == set()
    assert set(Communique.objects.naming(crema)) == {for_crema}


def test_two_topics_do_not_double_a_row():
    energy, digital = make_topic(), make_topic()
    communique = Communique.objects.with_topics().get(pk=make_communique(topics=[energy, digital]).pk)
    sibling = make_communique(topics=[energy, digital])

    assert list(Communique.objects.related_to(communique, 8)) == [sibling]


def test_labels_come_in_the_same_query(django_assert_num_queries):
    make_communique(topics=[make_topic(name="Energia", slug="cer")], places=[make_municipality(name="Crema")])

    with django_assert_num_queries(1):
        row = Publication.objects.published().with_all().get()
        labels = row.topic_labels, [place["name"] for place in row.places], row.documents

    assert labels == ([{"name": "Energia", "slug": "cer", "acronym": ""}], ["Crema"], [])


def test_slug_is_made_from_the_title_and_never_taken():
    first, second = make_communique(title="Riapre il ponte"), make_communique(title="Riapre il ponte")

    assert (first.slug, second.slug) == ("riapre-il-ponte", "riapre-il-ponte-2")


@pytest.mark.parametrize("state", ["draft", "review", "to come"])
def test_address_follows_the_title_until_readers_know_it(state):
    fields = {"publish_at": NOW + timedelta(days=1)} if state == "to come" else {"status": state}
    communique = make_communique(title="Ai Signori Sindaci", **fields)

    communique.title = "Riapre il ponte"
    communique.save()

    assert communique.slug == "riapre-il-ponte"
    assert not communique.former_addresses.exists()


@pytest.mark.parametrize("fields", [{}, {"status": "withdrawn"}])
def test_address_that_readers_know_stays_whatever_the_title_becomes(fields):
    communique = make_communique(title="Riapre il ponte", **fields)

    communique.title = "Il ponte è aperto"
    communique.save()
    communique.slug = ""
    communique.save()

    assert communique.slug == "riapre-il-ponte"


def test_address_that_somebody_chose_stays():
    communique = make_communique(title="Riapre il ponte", slug="ponte", status="draft")

    communique.title = "Il ponte è aperto"
    communique.save()

    assert communique.slug == "ponte"


@pytest.mark.parametrize("status", ["draft", "approved"])
def test_cleared_address_does_not_move_at_each_save(status):
    make_communique(title="Riapre il ponte")
    communique = make_communique(title="Riapre il ponte", status=status)

    slugs = []
    for _ in range(3):
        communique.slug = ""
        communique.save()
        slugs.append(communique.slug)

    assert slugs == ["riapre-il-ponte-2"] * 3


def test_own_former_address_is_no_other_page():
    communique = make_communique(title="Riapre il ponte")
    communique.slug = "altro"
    communique.save()
    communique.withdraw(by=None)

    assert communique._free_slug() == "riapre-il-ponte"


def test_title_without_letters_still_gets_an_address():
    assert make_communique(title="🎉🎉").slug == "senza-titolo"


def test_reader_is_told_of_a_change_of_words_only():
    communique = make_communique()

    communique.pinned = True
    communique.save()
    assert communique.updated_at is None

    communique.body = "<p>Un altro testo.</p>"
    communique.save()
    assert communique.updated_at is not None


def test_change_before_publishing_is_nobodys_business():
    communique = make_communique(status="draft")

    communique.title = "Un altro titolo"
    communique.save()

    assert communique.updated_at is None


def test_body_is_cleaned_however_it_arrives():
    communique = make_communique(body='<p onclick="x()">Testo<script>alert(1)</script></p>')

    assert communique.body == "<p>Testo</p>"


@pytest.mark.parametrize("change", [{"slug": "nuovo"}, {"kind": "avvisi"}])
def test_changed_address_redirects_for_ever(client, change):
    communique = make_communique(slug="vecchio", kind="notizie")
    for name, value in change.items():
        setattr(communique, name, value)
    communique.save()

    response = client.get("/novita/notizie/vecchio/")

    assert (response.status_code, response["Location"]) == (301, communique.get_absolute_url())


def test_former_address_leads_straight_to_the_present_one(client):
    communique = make_communique(slug="uno", kind="notizie")
    for slug in ("due", "tre"):
        communique.slug = slug
        communique.save()

    assert client.get("/novita/notizie/uno/")["Location"] == "/novita/notizie/tre/"
    assert client.get("/novita/notizie/due/")["Location"] == "/novita/notizie/tre/"


def test_going_back_to_a_former_address_does_not_circle(client):
    communique = make_communique(slug="uno", kind="notizie")
    for slug in ("due", "uno"):
        communique.slug = slug
        communique.save()

    assert client.get("/novita/notizie/uno/").status_code == 200
    assert client.get("/novita/notizie/due/")["Location"] == "/novita/notizie/uno/"


def test_nobody_may_take_a_former_address():
    communique = make_communique(slug="vecchio", kind="notizie")
    communique.slug = "nuovo"
    communique.save()
    thief = make_communique(kind="notizie")
    thief.slug = "vecchio"

    with pytest.raises(ValidationError) as refused:
        thief.full_clean()

    assert list(refused.value.message_dict) == ["slug"]


def test_address_that_readers_never_saw_is_free_again():
    squatter = make_communique(slug="bozza", kind="notizie", status="draft")
    for slug in ("bando-2027", "altro"):
        squatter.slug = slug
        squatter.save()
    renamed = make_communique(kind="notizie")
    renamed.slug = "bando-2027"

    renamed.full_clean()

    assert not squatter.former_addresses.exists()


def test_address_of_a_withdrawn_page_is_remembered_once_and_its_later_names_are_not():
    communique = make_communique(slug="vista", kind="notizie")
    communique.withdraw(by=None, comment="Era sbagliata.")
    for slug in ("mai-vista", "ultima"):
        communique.slug = slug
        communique.save()

    assert list(communique.former_addresses.values_list("slug", flat=True)) == ["vista"]


def test_address_of_a_page_that_came_out_by_the_clock_is_remembered():
    communique = make_communique(status="draft", slug="programmata", publish_at=NOW + timedelta(hours=1))
    communique.publish(by=None)
    with time_machine.travel(NOW + timedelta(hours=2)):
        communique.slug = "altra"
        communique.save()

    assert list(communique.former_addresses.values_list("slug", flat=True)) == ["programmata"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Questo indirizzo è già di «Il titolo»: scegline un altro."),
        ({"status": "draft"}, "che i lettori non hanno mai visto (bozza): falle cambiare indirizzo"),
        ({"publish_at": NOW + timedelta(days=9)}, "che i lettori non hanno mai visto (programmata)"),
    ],
)
def test_who_holds_an_address_is_said_without_a_word_of_what_is_hidden(fields, words):
    make_communique(slug="bando", kind="notizie", title="Il titolo", **fields)
    other = make_communique(kind="notizie")
    other.slug = "bando"

    with pytest.raises(ValidationError) as refused:
        other.full_clean()

    (message,) = refused.value.message_dict["slug"]
    assert words in message
    assert not fields or "Il titolo" not in message


@pytest.mark.parametrize("hours", [2, 20])
def test_history_keeps_its_order_when_the_clock_goes_back(hours):
    communique = make_communique(status="draft", publish_at=None)
    communique.publish_now(by=None)

    with time_machine.travel(timezone.now() - timedelta(hours=hours)):
        communique.withdraw(by=None, comment="Era sbagliata.")

    assert [one.action for one in communique.revisions.all()] == ["withdrawn", "approved"]


def test_clock_that_was_far_ahead_is_no_measure():
    with time_machine.travel(timezone.now() + timedelta(days=365)):
        Clock.objects.note()

    Clock.objects.note()

    assert abs(Clock.objects.hour() - timezone.now()) < timedelta(minutes=1)


def test_former_address_of_a_withdrawn_page_is_gone(client):
    communique = make_communique(slug="vecchio", kind="notizie")
    communique.slug = "nuovo"
    communique.save()
    communique.withdraw(by=None)

    assert client.get("/novita/notizie/vecchio/").status_code == 410


@pytest.mark.parametrize("suffix", ["/", ".pdf", ".txt"])
def test_page_that_readers_never_saw_was_never_there(client, suffix):
    communique = make_communique(slug="mai", kind="notizie", publish_at=NOW + timedelta(days=1))
    communique.withdraw(by=None, comment="Un motivo della redazione")

    assert client.get(f"/novita/notizie/mai{suffix}").status_code == 404


@pytest.mark.parametrize("later", ["a save", "a version brought back", "a note at the desk"])
def test_reason_that_readers_are_given_is_that_of_the_withdrawal(client, later):
    communique = make_communique()
    first = communique.record(None, "saved")
    communique.withdraw(by=None, comment="Era sbagliata.")

    if later == "a version brought back":
        communique.restore(first, by=None)
    else:
        communique.record(None, "saved", "Nota interna")

    assert "Il motivo: Era sbagliata." in client.get(communique.get_absolute_url()).text


def test_page_that_came_out_by_the_clock_was_seen(client):
    communique = make_communique(status="draft", publish_at=NOW + timedelta(days=1))
    communique.publish(by=None)

    with time_machine.travel(NOW + timedelta(days=2)):
        call_command("tick")
    with time_machine.travel(NOW):
        communique.refresh_from_db()
        communique.withdraw(by=None, comment="Era sbagliata.")
        status = client.get(communique.get_absolute_url()).status_code

    assert (status, [*Publication.objects.once_published()]) == (410, [communique.publication_ptr])


def test_former_address_of_a_draft_tells_nothing(client):
    communique = make_communique(slug="vecchio", kind="notizie", status="draft")
    communique.slug = "segretissimo"
    communique.save()

    assert client.get("/novita/notizie/vecchio/").status_code == 404
