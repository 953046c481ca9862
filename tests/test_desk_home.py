"""The first page of the desk: what waits for whom, and what it costs to say so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from areaomogenea.desk.dashboard import piles_for, week_for
from areaomogenea.quality.models import Link

from .factories import make_communique, make_editor, make_municipality

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def titles(user, name):
    return [row.title for pile in piles_for(user) if pile.name == name for row in pile.rows]


@pytest.fixture
def writer():
    return make_editor(role="Redattore")


@pytest.fixture
def approver():
    return make_editor(role="Responsabile")


def test_approver_finds_what_is_in_review_and_what_is_proposed(approver, writer):
    make_communique(status="draft", title="Bozza")
    make_communique(status="review", title="In revisione")
    live = make_communique(title="Con una proposta")
    live.propose(by=writer, content=live.content())

    assert titles(approver, "decide") == ["In revisione", "Con una proposta"]
    assert titles(writer, "waiting") == ["Con una proposta"]


def test_writer_finds_what_came_back_until_it_is_handed_over_again(approver, writer):
    draft = make_communique(status="review", title="Tornata", author=writer)
    draft.send_back(by=approver, comment="Manca la data")

    assert titles(writer, "back") == ["Tornata"]
    assert titles(writer, "drafts") == []
    assert titles(approver, "back") == []
    draft.submit(by=writer)
    assert titles(writer, "back") == []


def test_writer_finds_the_proposal_that_came_back(approver, writer):
    live = make_communique(title="Pubblicata")
    live.propose(by=writer, content=live.content())
    live.refuse(by=approver, comment="Non è così")

    assert titles(writer, "back") == ["Pubblicata"]


def test_page_is_to_be_read_again_from_a_week_before(approver):
    today = timezone.localdate()
    for days in (-3, 5, 20):
        make_communique(title=f"Fra {days}", review_by=today + timedelta(days=days))
    make_communique(status="draft", title="Bozza", review_by=today)

    assert titles(approver, "again") == ["Fra -3", "Fra 5"]


def test_week_shows_what_comes_out_on_its_day(approver):
    coming = make_communique(title="Domani", publish_at=NOW + timedelta(days=1))
    make_communique(publish_at=NOW + timedelta(days=9))

    assert [day.rows for day in week_for(approver)] == [[], [coming.publication_ptr], [], [], [], [], []]


def test_local_editor_finds_only_their_own(writer):
    crema, local = make_municipality(), make_editor(role="Redattore comunale")
    local.assignments.create(municipality=crema)
    make_communique(places=[crema], title="Di Crema")
    make_communique(places=[make_municipality()], title="Di altri")

    assert titles(local, "out") == ["Di Crema"]


def test_pile_says_how_many_it_does_not_show(client, writer):
    for number in range(8):
        make_communique(status="draft", title=f"Bozza {number}", author=writer)
    client.force_login(writer)

    assert "Mostra anche le altre 2" in client.get("/admin/").text
    assert "Bozza 0" in client.get("/admin/?tutte=drafts").text


def test_desk_tells_the_links_to_mend_and_where_they_stand(client, approver):
    page = make_communique(title="Il bando")
    link = Link.objects.create(
        address="https://example.org/bando", failures=2, failing_since=NOW, message="Non c’è più"
    )
    link.publications.add(page)
    Link.objects.create(address="https://example.org/incerto", failures=1)
    client.force_login(approver)

    text = client.get("/admin/").text

    assert "https://example.org/bando" in text
    assert f"/admin/pubblicazione/{page.pk}/" in text
    assert "incerto" not in text


def test_desk_opens_a_publication_whatever_its_kind(client, approver):
    communique = make_communique()
    client.force_login(approver)

    assert client.get(f"/admin/pubblicazione/{communique.pk}/").url == f"/admin/news/communique/{communique.pk}/change/"
    assert client.get("/admin/pubblicazione/99999/").status_code == 404


@pytest.mark.parametrize("rows", [1, 12])
def test_desk_cost_does_not_grow(client, approver, rows, django_assert_max_num_queries):
    for _ in range(rows):
        make_communique(status="review", author=make_editor())
        make_communique(author=approver, review_by=timezone.localdate())
    client.force_login(approver)

    with django_assert_max_num_queries(18):
        client.get("/admin/")


def test_guide_is_read_at_the_desk_with_its_index(client, approver):
    assert "/accesso/" in client.get("/admin/guida/", follow=True).redirect_chain[-1][0]
    client.force_login(approver)

    text = client.get("/admin/guida/").text

    assert '<a href="#la-scrivania">La scrivania</a>' in text
    assert '<h2 id="la-scrivania">La scrivania</h2>' in text
