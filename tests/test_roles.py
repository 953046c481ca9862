"""Who may do what: the whole table of roles, states and verbs, and whose rows anybody sees."""

import pytest

from areaomogenea.editorial.workflow import VERBS, verbs_for
from news.models import Communique

from .factories import make_communique, make_editor, make_municipality, make_topic
from .test_desk import LIST, form_data

pytestmark = pytest.mark.django_db
WRITERS = ("Redattore comunale", "Redattore")
APPROVERS = ("Responsabile", "Amministratore")
ALL = WRITERS + APPROVERS
OPEN = {
    "draft": {"submit": ALL, "publish": APPROVERS, "publish_now": APPROVERS},
    "review": {"send_back": APPROVERS, "publish": APPROVERS, "publish_now": APPROVERS},
    "approved": {"withdraw": APPROVERS, "correct": APPROVERS, "propose": WRITERS},
    "withdrawn": {"publish": APPROVERS, "publish_now": APPROVERS},
}
OPEN_ON_PROPOSAL = {"accept": APPROVERS, "refuse": APPROVERS}
ACTION = {
    "submit": "submitted",
    "send_back": "sent_back",
    "publish": "approved",
    "publish_now": "approved",
    "withdraw": "withdrawn",
    "correct": "corrected",
    "propose": "proposed",
    "accept": "accepted",
    "refuse": "refused",
}
IN_FORM = [verb for verb in VERBS if not verb.is_on_proposal]
ON_PROPOSAL = [verb for verb in VERBS if verb.is_on_proposal]


def name_of(verb):
    return verb.name


def open_to(role, verbs):
    return {name for name, roles in verbs.items() if role in roles}


@pytest.mark.parametrize("role", ALL)
@pytest.mark.parametrize("status", OPEN)
def test_table_of_roles_states_and_verbs(role, status):
    user, communique = make_editor(role=role), make_communique(status=status)

    assert set(map(name_of, verbs_for(user, communique))) == open_to(role, OPEN[status])


@pytest.mark.parametrize("role", ALL)
def test_table_of_roles_and_verbs_while_a_proposal_waits(role):
    user, communique = make_editor(role=role), make_communique()
    communique.propose(by=None, content=communique.content())

    assert set(map(name_of, verbs_for(user, communique))) == open_to(role, OPEN["approved"] | OPEN_ON_PROPOSAL)


@pytest.fixture
def press(client):
    """Has somebody of a role open a communiqué in a status and press a button; the last thing that was recorded."""

    def press(role, status, verb):
        crema, user = make_municipality(), make_editor(role=role)
        user.assignments.create(municipality=crema)
        communique = make_communique([make_topic()], [crema])
        if verb.is_on_proposal:
            communique.propose(by=None, content=communique.content())
        Communique.objects.update(status=status)
        client.force_login(user)
        door, data = (
            "change",
            form_data(
                topics=[topic.pk for topic in communique.topics.all()],
                municipalities=[crema.pk],
                publish_at_0="01/02/2024",
                publish_at_1="09:00",
            ),
        )
        if verb.is_on_proposal:
            door, data = "proposta", {"proposal": communique.pending_proposal.pk, "version": communique.version}

        client.post(f"{LIST}{communique.pk}/{door}/", data | {"comment": "Perché sì", verb.button: "1"})

        last = communique.revisions.order_by("-pk").first()
        return last and last.action

    return press


@pytest.mark.parametrize("role", ALL)
@pytest.mark.parametrize("status", OPEN)
@pytest.mark.parametrize("verb", IN_FORM, ids=name_of)
def test_pressing_a_button_does_what_the_table_says(press, role, status, verb):
    # Whatever else who may only propose presses on what is live, it is a proposal.
    otherwise = "proposed" if status == "approved" and role in WRITERS else "saved"

    assert press(role, status, verb) == (ACTION[verb.name] if role in OPEN[status].get(verb.name, ()) else otherwise)


@pytest.mark.parametrize("role", ALL)
@pytest.mark.parametrize("status", OPEN)
@pytest.mark.parametrize("verb", ON_PROPOSAL, ids=name_of)
def test_deciding_on_a_proposal_does_what_the_table_says(press, role, status, verb):
    is_open = status == "approved" and role in APPROVERS

    assert press(role, status, verb) == (ACTION[verb.name] if is_open else "proposed")


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

    assert [page.count(f"<li>{fault}") for fault in ("Manca il testo «in breve».", "Manca l’argomento.")] == [1, 1]


def test_who_is_late_is_told_by_whom(client):
    communique = make_communique([make_topic()], status="draft", title="Il ponte")
    first = make_editor(role="Responsabile", first_name="Elena")
    client.force_login(make_editor(role="Responsabile"))
    Communique.objects.get(pk=communique.pk).publish(by=first)

    page = client.post(LIST, {"action": "publish", "_selected_action": [communique.pk]}, follow=True).text

    assert "Elena è arrivato prima (approvata, " in page


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


def test_local_editor_leaves_the_other_comuni_where_they_are(client, of_crema):
    elsewhere = make_municipality()
    communique = make_communique(places=[of_crema, elsewhere], status="draft")

    client.post(f"{LIST}{communique.pk}/change/", form_data(municipalities=[of_crema.pk]))

    assert set(communique.municipalities.all()) == {of_crema, elsewhere}
