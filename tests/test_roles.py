"""Who may do what: the whole table of roles, states and verbs, and whose rows anybody sees."""

import pytest

from areaomogenea.editorial.workflow import VERBS, verbs_for
from news.models import Communique

from .factories import make_communique, make_editor, make_municipality, make_topic
from .test_desk import LIST, form_data

pytestmark = pytest.mark.django_db
WRITERS = ("Redattore comunale", "Redattore")
APPROVERS = ("Responsabile", "Amministratore")
OPEN = {
    "draft": {"submit": WRITERS + APPROVERS, "publish": APPROVERS},
    "review": {"send_back": APPROVERS, "publish": APPROVERS},
    "approved": {"withdraw": APPROVERS},
    "withdrawn": {"publish": APPROVERS},
}


@pytest.mark.parametrize("role", [*WRITERS, *APPROVERS, ""])
@pytest.mark.parametrize("status", OPEN)
def test_table_of_roles_states_and_verbs(role, status):
    user, communique = make_editor(role=role), make_communique(status=status)

    offered = {verb.name for verb in verbs_for(user, communique)}

    expected = {name for name, roles in OPEN[status].items() if role in roles}
    assert offered == (expected if role else {"submit"} & offered)


@pytest.mark.parametrize("role", [*WRITERS, *APPROVERS])
@pytest.mark.parametrize("status", OPEN)
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_pressing_a_button_does_what_the_table_says(client, role, status, verb):
    crema = make_municipality()
    user = make_editor(role=role)
    user.assignments.create(municipality=crema)
    communique = make_communique([make_topic()], [crema], status=status)
    client.force_login(user)
    hour = {"publish_at_0": "01/02/2024", "publish_at_1": "09:00"}
    relations = {"topics": [topic.pk for topic in communique.topics.all()], "municipalities": [crema.pk]}

    client.post(
        f"{LIST}{communique.pk}/change/", form_data(**relations, **hour, comment="Perché sì") | {verb.button: "1"}
    )

    communique.refresh_from_db()
    after = {"submit": "review", "send_back": "draft", "publish": "approved", "withdraw": "withdrawn"}[verb.name]
    assert communique.status == (after if role in OPEN[status].get(verb.name, ()) else status)


def test_sending_back_needs_a_note_and_keeps_what_was_typed(client):
    communique = make_communique([make_topic()], status="review")
    client.force_login(make_editor(role="Responsabile"))

    page = client.post(f"{LIST}{communique.pk}/change/", form_data(title="Scritto ora") | {"_verb_send_back": "1"}).text

    assert "Scrivi una nota" in page
    assert "Scritto ora" in page
    communique.refresh_from_db()
    assert communique.status == "review"


def test_publishing_tells_what_is_missing_at_its_field(client):
    communique = make_communique(status="draft")
    client.force_login(make_editor(role="Responsabile"))

    page = client.post(f"{LIST}{communique.pk}/change/", form_data(summary="") | {"_verb_publish": "1"}).text

    assert page.count("Per pubblicare non può mancare.") == 2  # the summary and the topics


def test_who_is_late_is_told_by_whom(client):
    communique = make_communique([make_topic()], status="draft", title="Il ponte")
    first = make_editor(role="Responsabile", first_name="Elena")
    client.force_login(make_editor(role="Responsabile"))
    Communique.objects.get(pk=communique.pk).publish(by=first)

    page = client.post(LIST, {"action": "publish", "_selected_action": [communique.pk]}, follow=True).text

    assert "Elena l’ha già cambiata" in page


def test_reader_is_told_why_a_page_was_withdrawn(client):
    communique = make_communique()
    communique.withdraw(by=None, comment="La gara è stata annullata.")

    assert "La gara è stata annullata." in client.get(communique.get_absolute_url()).text


@pytest.fixture
def of_crema(client):
    """A local editor of one Comune, logged in; the Comune."""
    crema, user = make_municipality(name="Crema"), make_editor(role="Redattore comunale")
    user.assignments.create(municipality=crema)
    client.force_login(user)
    return crema


def test_local_editor_sees_only_the_rows_of_their_comune(client, of_crema):
    mine = make_communique(places=[of_crema], status="draft", title="Mia")
    theirs = make_communique(places=[make_municipality()], status="draft", title="Loro")

    page = client.get(LIST).text

    assert "Mia" in page
    assert "Loro" not in page
    assert client.get(f"{LIST}{mine.pk}/change/").status_code == 200
    for door in ("change", "history", "delete"):
        assert client.get(f"{LIST}{theirs.pk}/{door}/").status_code in (403, 404)


def test_local_editor_writes_for_their_comune_only(client, of_crema):
    elsewhere = make_municipality()

    refused = client.post(f"{LIST}add/", form_data(municipalities=[elsewhere.pk]))
    unnamed = client.post(f"{LIST}add/", form_data())
    client.post(f"{LIST}add/", form_data(municipalities=[of_crema.pk]))

    assert refused.status_code == unnamed.status_code == 200
    assert list(Communique.objects.get().municipalities.all()) == [of_crema]
