"""Pictures are shared: what readers see of one, or somebody is about to approve, changes by no side door."""

from datetime import timedelta

import pytest

from areaomogenea.library.models import Picture

from .factories import make_communique, make_initiative, make_municipality, make_picture, make_topic
from .test_decisions import NOW, somebody
from .test_history import change as change_of
from .test_history import form_of
from .test_illustrations import figure

pytestmark = pytest.mark.django_db
WALL = "/admin/library/picture/"
TYPED = {"alternative_text": "Mai approvata", "credit": "Mai approvato", "focal_x": "0", "focal_y": "1"}
WRITERS = ["Redattore", "Redattore comunale"]


def change(client, picture):
    response = client.post(f"{WALL}{picture.pk}/change/", TYPED)
    return response, Picture.objects.get(pk=picture.pk).alternative_text == "Mai approvata"


@pytest.fixture
def crema():
    return make_municipality(name="Crema")


@pytest.fixture
def writer(request, crema):
    client = somebody(request.param)
    client.user.assignments.create(municipality=crema)
    return client


@pytest.mark.parametrize("writer", WRITERS, indirect=True)
@pytest.mark.parametrize("where", ["at the head", "in the text"])
@pytest.mark.parametrize("hours", [-1, 1], ids=["published", "scheduled"])
def test_words_of_a_picture_that_an_approved_page_shows_are_not_for_writers(crema, writer, where, hours):
    picture = make_picture(alternative_text="Il ponte")
    shown = {"picture": picture} if where == "at the head" else {"body": figure(picture)}
    make_communique(places=[crema], publish_at=NOW + timedelta(hours=hours), **shown)

    assert change(writer, picture)[1] is False
    page = writer.get(f"{WALL}{picture.pk}/change/").text
    assert "le sue parole le cambia un Responsabile" in page
    assert 'name="_save"' not in page


@pytest.mark.parametrize("writer", ["Redattore comunale"], indirect=True)
def test_words_of_a_picture_that_a_draft_of_others_shows_are_not_for_writers(writer):
    picture = make_picture()
    make_communique(places=[make_municipality()], status="draft", picture=picture)

    assert change(writer, picture)[1] is False


@pytest.mark.parametrize("writer", WRITERS, indirect=True)
def test_words_of_a_picture_that_a_proposal_brings_are_not_for_writers(writer, crema):
    picture = make_picture()
    live = make_communique(places=[crema])
    live.propose(by=None, content=live.content() | {"picture": picture.pk})

    assert change(writer, picture)[1] is False


@pytest.mark.parametrize("writer", WRITERS, indirect=True)
def test_words_of_a_picture_of_ones_own_draft_are_free(writer, crema):
    picture = make_picture()
    make_communique(places=[crema], status="draft", picture=picture)

    assert change(writer, picture)[1] is True


def test_approver_changes_the_words_that_readers_see(client):
    picture = make_picture()
    live = make_communique(picture=picture)

    assert change(somebody(), picture)[1] is True
    assert "Mai approvata" in client.get(live.get_absolute_url()).text


@pytest.mark.parametrize("make", [make_communique, make_initiative])
@pytest.mark.parametrize("fields", [{"status": "review"}, {"publish_at": NOW + timedelta(days=1)}])
def test_page_that_waits_is_a_new_version_when_the_words_of_its_picture_change(make, fields):
    picture = make_picture(alternative_text="Il ponte")
    waiting = make([make_topic()], picture=picture, **fields)
    as_read = type(waiting).objects.get(pk=waiting.pk)

    change(somebody(), picture)

    step = waiting.revisions.first()
    assert step.comment == "Cambiate le parole dell’immagine «Mai approvata»"
    assert as_read.publish_now(by=None) is False


def test_page_that_is_out_is_no_new_version_for_that():
    picture = make_picture()
    live = make_communique(picture=picture)

    change(somebody(), picture)

    assert not live.revisions.exists()


def test_link_to_a_page_of_others_changes_no_version_of_it(crema):
    writer, foreign = somebody("Redattore comunale"), make_communique([make_topic()])
    writer.user.assignments.create(municipality=crema)
    own = make_communique(places=[crema], status="draft")
    before = foreign.content()

    own.linked.add(foreign)

    assert foreign.content() == before
    assert [*type(own).objects.published().linked_to(foreign)] == []


@pytest.mark.parametrize("state", ["withdrawn", "put off"])
def test_words_changed_after_a_page_that_readers_saw_was_read_are_asked_again(state):
    picture = make_picture()
    page = make_communique([make_topic()], picture=picture)
    if state == "withdrawn":
        page.withdraw(by=None, comment="Era sbagliata.")
    else:
        page.publish_at = NOW + timedelta(days=1)
        page.save()
    as_read = type(page).objects.get(pk=page.pk)

    change(somebody(), picture)

    assert as_read.publish_now(by=None) is False


@pytest.mark.parametrize("writer", ["Redattore"], indirect=True)
def test_words_of_a_picture_that_a_version_would_bring_back_are_not_for_writers(writer):
    picture = make_picture()
    live = make_communique([make_topic()], picture=picture)
    live.record(None, "saved")
    live.picture = None
    live.save()
    live.record(None, "saved")

    assert change(writer, picture)[1] is False


@pytest.mark.parametrize("button", ["_save", "_verb_correct"])
def test_words_that_changed_after_a_picture_was_chosen_are_shown_before_readers_see_them(client, button):
    picture, live, approver = make_picture(alternative_text="Il ponte"), make_communique([make_topic()]), somebody()
    chosen = form_of(live, picture=picture.pk, picture_words=picture.description_digest, comment="Una nota")
    change(somebody("Redattore"), picture)

    page = approver.post(change_of(live), chosen | {button: "1"}).text
    shown = Picture.objects.get(pk=picture.pk).description_digest

    assert "Intanto le sue parole sono cambiate: «Mai approvata»" in page
    assert f'name="picture_words" value="{shown}"' in page
    assert "Mai approvata" not in client.get(live.get_absolute_url()).text

    approver.post(change_of(live), chosen | {"picture_words": shown, button: "1"})
    assert "Mai approvata" in client.get(live.get_absolute_url()).text
