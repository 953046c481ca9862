"""Who may do what: the whole table of roles, states and verbs, and whose rows anybody sees."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.utils import timezone

from areaomogenea.accounts.models import User
from areaomogenea.publishing.workflow import VERBS, verbs_for
from news.models import Communique

from .factories import make_communique, make_deadline, make_editor, make_municipality, make_topic
from .test_desk import LIST, form_data

pytestmark = pytest.mark.django_db
# The table is of permissions and states; that one of two verbs wins, tests/test_desk_races.py asks on both.
decided_by_permission = pytest.mark.any_database
WRITERS = ("Redattore comunale", "Redattore")
APPROVERS = ("Responsabile", "Amministratore")
ALL = WRITERS + APPROVERS
HOUR = timezone.now().replace(microsecond=0)
STATES = {
    "draft": {"status": "draft"},
    "review": {"status": "review"},
    "scheduled": {"status": "approved", "publish_at": HOUR + timedelta(days=9)},
    "approved": {"status": "approved", "publish_at": HOUR - timedelta(days=9)},
    "withdrawn": {"status": "withdrawn", "came_out_at": HOUR - timedelta(days=9)},
    "binned": {"status": "binned", "binned_at": HOUR},
}
OPEN = {  # to who has not written it
    "draft": {"submit": ALL, "publish": APPROVERS, "publish_now": APPROVERS, "discard": APPROVERS},
    "review": {"send_back": APPROVERS, "publish": APPROVERS, "publish_now": APPROVERS, "discard": APPROVERS},
    "scheduled": {"unschedule": APPROVERS, "publish_now": APPROVERS, "discard": APPROVERS, "propose": WRITERS},
    "approved": {"withdraw": APPROVERS, "correct": APPROVERS, "propose": WRITERS},
    "withdrawn": {"publish": APPROVERS, "publish_now": APPROVERS},
    "binned": {"recover": ALL},
}
OF_WRITERS = {"draft": {"discard"}, "review": {"recall", "discard"}}
OPEN_ON_PROPOSAL = {"accept": APPROVERS, "refuse": APPROVERS}
ACTION = {
    "submit": "submitted",
    "recall": "taken_back",
    "unschedule": "taken_back",
    "discard": "binned",
    "recover": "recovered",
    "send_back": "sent_back",
    "publish": "approved",
    "publish_now": "approved",
    "withdraw": "withdrawn",
    "correct": "corrected",
    "propose": "proposed",
    "accept": "accepted",
    "refuse": "refused",
}
IN_FORM = [verb for verb in VERBS if verb.is_in_form and not verb.is_on_proposal]
ON_PROPOSAL = [verb for verb in VERBS if verb.is_on_proposal]


def name_of(verb):
    return verb.name


def open_to(role, verbs):
    return {name for name, roles in verbs.items() if role in roles}


@decided_by_permission
@pytest.mark.parametrize("role", ALL)
@pytest.mark.parametrize("state", STATES)
def test_table_of_roles_states_and_verbs(role, state):
    user, communique = make_editor(role=role), make_communique(**STATES[state])

    assert set(map(name_of, verbs_for(user, communique))) == open_to(role, OPEN[state])


@decided_by_permission
@pytest.mark.parametrize("role", ALL)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("part", ["author", "who handed it over"])
def test_writer_may_take_back_what_is_theirs(role, state, part):
    user = make_editor(role=role)
    communique = make_communique(**STATES[state] | ({"author": user} if part == "author" else {}))
    if part == "who handed it over":
        communique.revisions.create(by=user, action="submitted", version=0)

    expected = open_to(role, OPEN[state]) | OF_WRITERS.get(state, set())
    assert set(map(name_of, verbs_for(user, communique))) == expected


def test_what_readers_saw_is_no_more_to_be_discarded_when_it_is_put_off():
    communique = make_communique()
    communique.publish_at = HOUR + timedelta(days=9)
    communique.save()

    assert {"withdraw", "correct"} <= set(map(name_of, verbs_for(make_editor(role="Responsabile"), communique)))
    assert communique.discard(by=None) is communique.unschedule(by=None) is False


@pytest.mark.parametrize("role", ALL)
def test_table_of_roles_and_verbs_while_a_proposal_waits(role):
    user, communique = make_editor(role=role), make_communique()
    communique.propose(by=None, content=communique.content())

    assert set(map(name_of, verbs_for(user, communique))) == open_to(role, OPEN["approved"] | OPEN_ON_PROPOSAL)


@pytest.fixture
def press(client):
    """Has somebody of a role open a communiqué in a state and press a button; the last thing that was recorded."""

    def press(role, state, verb):
        crema, user = make_municipality(), make_editor(role=role)
        user.assignments.create(municipality=crema)
        communique = make_communique([make_topic()], [crema])
        if verb.is_on_proposal:
            communique.propose(by=None, content=communique.content())
        Communique.objects.update(**{"came_out_at": None} | STATES[state])
        communique.refresh_from_db()
        client.force_login(user)
        page, data = (
            "change",
            form_data(
                topics=[topic.pk for topic in communique.topics.all()],
                municipalities=[crema.pk],
                publish_at_0=f"{timezone.localtime(communique.publish_at):%d/%m/%Y}",
                publish_at_1=f"{timezone.localtime(communique.publish_at):%H:%M:%S}",
                read_version=communique.version,
            ),
        )
        if verb.is_on_proposal:
            page, data = "proposta", {"proposal": communique.pending_proposal.pk, "version": communique.version}

        answer = client.post(f"{LIST}{communique.pk}/{page}/", data | {"comment": "Perché sì", verb.button: "1"})
        if getattr(answer, "url", "").endswith(f"/decisione/{verb.name}/"):
            communique.refresh_from_db()
            now = {"hour": "now", f"passata_{communique.pk}": "1"}
            client.post(answer.url, now | {"decided": "1", f"letta_{communique.pk}": communique.version})

        last = communique.revisions.order_by("-pk").first()
        return last and last.action

    return press


@pytest.mark.slow
@decided_by_permission
@pytest.mark.parametrize("role", ALL)
@pytest.mark.parametrize("state", sorted(set(STATES) - {"binned"}))
@pytest.mark.parametrize("verb", IN_FORM, ids=name_of)
def test_pressing_a_button_does_what_the_table_says(press, role, state, verb):
    # Whatever else who may only propose presses on what is approved, it is a proposal; no other button saves.
    otherwise = "proposed" if state in ("approved", "scheduled") and role in WRITERS else None

    assert press(role, state, verb) == (ACTION[verb.name] if role in OPEN[state].get(verb.name, ()) else otherwise)


@pytest.mark.slow
@decided_by_permission
@pytest.mark.parametrize("role", ALL)
@pytest.mark.parametrize("state", sorted(set(STATES) - {"binned"}))
@pytest.mark.parametrize("verb", ON_PROPOSAL, ids=name_of)
def test_deciding_on_a_proposal_does_what_the_table_says(press, role, state, verb):
    is_open = state in ("approved", "scheduled") and role in APPROVERS

    assert press(role, state, verb) == (ACTION[verb.name] if is_open else "proposed")


def test_sending_back_needs_a_note_and_keeps_what_was_typed(client):
    communique = make_communique([make_topic()], status="review")
    client.force_login(make_editor(role="Responsabile"))

    page = client.post(
        f"{LIST}{communique.pk}/change/", form_data(title="Scritto ora", read_version=0) | {"_verb_send_back": "1"}
    ).text

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

    assert "Non si può: è pubblicata. Approvata da Elena, " in page


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
    for path in ("change", "history", "delete"):
        assert client.get(f"{LIST}{theirs.pk}/{path}/").status_code in (403, 404)


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


@pytest.mark.parametrize(("role", "needs"), [(role, role in APPROVERS) for role in ALL])
def test_who_may_do_more_than_drafts_needs_a_second_factor(role, needs):
    assert User.objects.get(pk=make_editor(role=role).pk).must_have_second_factor() is needs


@pytest.mark.parametrize(
    "codename", ["change_identity", "delete_term", "view_user", "view_entry", "publish_publication"]
)
def test_any_permission_beyond_drafts_asks_for_a_second_factor(codename):
    user = make_editor(role="Redattore")
    user.user_permissions.add(Permission.objects.get(codename=codename))

    assert User.objects.get(pk=user.pk).must_have_second_factor()


@pytest.mark.parametrize("path", ["/admin/r/{kind}/{pk}/", "/admin/pubblicazione/{pk}/"])
@pytest.mark.parametrize("state", ["draft", "review", "scheduled", "withdrawn"])
def test_foreign_page_is_not_to_be_told_from_one_that_never_was(client, path, state):
    crema, offanengo = make_municipality(), make_municipality()
    writer = make_editor(role="Redattore comunale")
    writer.assignments.create(municipality=crema)
    client.force_login(writer)
    kind = ContentType.objects.get_for_model(Communique).pk
    own, foreign = (make_communique(places=[place], **STATES[state]).pk for place in (crema, offanengo))

    responses = {pk: client.get(path.format(kind=kind, pk=pk)) for pk in (own, foreign, foreign + 1000)}

    assert [one.status_code for one in responses.values()] == [302, 404, 404]
    pages = [
        re.sub(rf'value="\w{{64}}"|nonce="[^"]+"|/{pk}/', "", responses[pk].text) for pk in (foreign, foreign + 1000)
    ]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("model", ["publishing.publication", "deadlines.deadline", "accounts.user", "sessions.session"])
def test_way_to_the_site_opens_only_what_a_page_of_the_desk_shows(client, model):
    writer = make_editor(role="Redattore comunale")
    client.force_login(writer)
    draft = make_deadline(make_communique(status="draft"))
    app, name = model.split(".")
    kind = ContentType.objects.get_by_natural_key(app, name).pk

    for pk in (draft.pk, draft.publication_id, writer.pk):
        assert client.get(f"/admin/r/{kind}/{pk}/").status_code == 404


# The roles themselves, for who may do everything

ROLE_PAGES = "/admin/auth/group/"


@pytest.fixture
def superuser(client):
    client.force_login(make_editor(is_superuser=True))
    return client


@pytest.mark.parametrize("role", ALL)
def test_role_of_the_portal_is_read_in_words_and_not_changed(superuser, role):
    group = Group.objects.get(name=role)
    before = set(group.permissions.all())

    page = superuser.get(f"{ROLE_PAGES}{group.pk}/change/").text
    superuser.post(f"{ROLE_PAGES}{group.pk}/change/", {"name": "Altro", "permissions": []})
    superuser.post(f"{ROLE_PAGES}{group.pk}/delete/", {"post": "yes"})
    superuser.post(ROLE_PAGES, {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"})

    assert "Questo ruolo è del portale" in page
    assert "<li>comunicato: " in page
    assert 'name="_save"' not in page
    assert set(Group.objects.get(name=role).permissions.all()) == before


def test_list_of_roles_tells_whose_they_are(superuser):
    Group.objects.create(name="Ufficio stampa")

    page = superuser.get(ROLE_PAGES).text

    assert "<h1>Ruoli</h1>" in page
    assert (page.count("del portale: non si cambia"), page.count(">tuo<")) == (len(ALL), 1)


def test_role_of_ones_own_begins_as_a_copy_and_stays_as_it_is_written(superuser):
    role = Group.objects.get(name="Redattore")
    page = superuser.get(f"{ROLE_PAGES}{role.pk}/change/").text
    address = re.search(r'href="(/admin/auth/group/add/[^"]+)"', page)[1]

    chosen = superuser.get(address).context["adminform"].form.initial["permissions"]
    superuser.post(f"{ROLE_PAGES}add/", {"name": "Ufficio stampa", "permissions": chosen[1:]})
    call_command("migrate", verbosity=0)

    own = Group.objects.get(name="Ufficio stampa")
    assert {str(row.pk) for row in own.permissions.all()} == set(chosen[1:])
    assert len(chosen) == role.permissions.count()
    assert "sessione: cancellare" not in superuser.get(address).text
    assert 'name="_save"' in superuser.get(f"{ROLE_PAGES}{own.pk}/change/").text
