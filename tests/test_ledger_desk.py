"""Whatever is changed, decided or taken away at the desk leaves one line in the ledger, with before and after."""

import json
from datetime import timedelta

import lxml.html
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from areaomogenea.accounts.entries import Action, Entry, Particulars
from areaomogenea.accounts.models import User
from areaomogenea.desk.read_only import ReadOnlyAdmin
from areaomogenea.distribution.models import MissedAddress, OldAddress
from areaomogenea.identity.models import Identity
from areaomogenea.library.models import Picture
from areaomogenea.municipalities.models import Municipality
from areaomogenea.offices.models import Office
from areaomogenea.publishing.preview_links import PreviewLink
from areaomogenea.publishing.revisions import Revision
from areaomogenea.publishing.workflow import VERBS
from areaomogenea.topics.models import Term, Topic
from initiatives.models import Initiative
from news.models import Communique

from .factories import (
    make_attachment,
    make_communique,
    make_deadline,
    make_editor,
    make_initiative,
    make_municipality,
    make_office,
    make_picture,
    make_term,
    make_topic,
    picture_file,
)

pytestmark = pytest.mark.django_db
PAGES = "/admin/news/communique/"


@pytest.fixture
def administrator(client):
    user = make_editor(role="Amministratore", is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def lines():
    """lines(): what was noted since it was asked last, logins aside."""
    seen = set()

    def lines():
        new = Entry.objects.exclude(pk__in=seen).exclude(action=Action.LOGGED_IN).select_related("particulars", "by")
        entries = list(new.order_by("pk"))
        seen.update(Entry.objects.values_list("pk", flat=True))
        return entries

    return lines


def typed(page, **changes):
    """What a browser would send of the form of a page, with these fields typed anew."""
    forms = lxml.html.fromstring(page.text).forms
    form = next(form for form in forms if form.get("id", "").endswith("_form"))
    data = {}
    for name, value in form.form_values():
        if "__prefix__" not in name:
            data.setdefault(name, []).append(value)
    return data | changes


def address(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def reference(row):
    parents = row._meta.get_parent_list()
    return (parents[-1] if parents else row)._meta.label_lower, str(row.pk)


# For each table that the desk writes: how a row comes to be there, what a form types to make one (None: nobody may),
# what a form changes, and whether it may be deleted.
WRITTEN = {
    Communique: (
        lambda: make_communique(status="draft"),
        lambda: {"title": "Nuovo", "summary": "In breve.", "body": "<p>Testo.</p>"},
        {"title": "Cambiato", "pinned": "on"},
        ("pinned", False, True),
    ),
    Initiative: (
        lambda: make_initiative(status="draft"),
        lambda: {"title": "Nuova", "summary": "In breve.", "body": "<p>Testo.</p>", "stage": "active"},
        {"title": "Cambiata", "pinned": "on"},
        ("pinned", False, True),
    ),
    Topic: (
        make_topic,
        lambda: {"name": "Acqua", "slug": "acqua", "short": "Acqua", "summary": "In breve", "explanation": "<p>È.</p>"},
        {"short": "Cambiato", "position": "7"},
        ("position", 0, 7),
    ),
    Term: (
        make_term,
        lambda: {"acronym": "CER", "slug": "cer", "expansion": "Comunità", "explanation": "Una spiegazione."},
        {"explanation": "Cambiata"},
        ("words", None, ["explanation"]),
    ),
    Municipality: (
        make_municipality,
        lambda: {"name": "Crema", "slug": "crema", "istat_code": "019035", "province": "CR"},
        {"province": "LO"},
        ("province", "CR", "LO"),
    ),
    Office: (
        make_office,
        lambda: {"name": "Sportello", "slug": "sportello", "body": "Consorzio.IT", "week": "lun 9–12"},
        {"phone": "0373 654321"},
        ("phone", "0373 123456", "0373 654321"),
    ),
    Picture: (
        make_picture,
        lambda: {"file": picture_file(), "alternative_text": "La piazza", "credit": "Archivio"},
        {"credit": "Cambiato"},
        ("credit", "Archivio", "Cambiato"),
    ),
    OldAddress: (
        lambda: OldAddress.objects.create(path="/articolointerno/x", leads_to="/novita/"),
        lambda: {"path": "/articolointerno/y", "leads_to": "/novita/"},
        {"leads_to": "/cerca/"},
        ("leads_to", "/novita/", "/cerca/"),
    ),
    Identity: (
        lambda: Identity.objects.create(pk=1),
        lambda: {"name": "Area"},
        {"phone": "0373 123456"},
        ("phone", "", "0373 123456"),
    ),
    User: (
        lambda: make_editor(role="Redattore"),
        lambda: {"email": "nuova@example.org", "groups": [Group.objects.get(name="Redattore").pk]},
        {"user_permissions": []},
        None,
    ),
    Group: (
        lambda: Group.objects.create(name="Ospiti"),
        lambda: {"name": "Nuovo"},
        {"name": "Cambiato"},
        ("name", "Ospiti", "Cambiato"),
    ),
}
DELETED_ONLY = {MissedAddress: lambda: MissedAddress.objects.create(path="/x", last_asked_at=timezone.now())}
EVERY = pytest.mark.parametrize("model", WRITTEN, ids=lambda model: model.__name__)


def test_every_table_that_the_desk_writes_is_walked_here():
    written = {model for model, desk in site._registry.items() if not isinstance(desk, ReadOnlyAdmin)}

    assert written == {*WRITTEN, *DELETED_ONLY}


@EVERY
def test_row_made_at_the_desk_is_noted(client, administrator, lines, model):
    make = WRITTEN[model][1]
    form = typed(client.get(address(model, "add")), **make())
    lines()

    answer = client.post(address(model, "add"), form)

    assert answer.status_code == 302, answer.text
    row = model._default_manager.order_by("-pk").first()
    entries = lines()
    made = [entry for entry in entries if entry.action in (Action.ADDED, Action.FIRST)]
    assert [(entry.model, entry.key, entry.by, entry.address) for entry in made] == [
        (*reference(row), administrator, "127.0.0.1")
    ]
    assert made[0].particulars.after
    assert [entry.action for entry in entries if entry not in made] == ([Action.INVITED] if model is User else [])


@EVERY
def test_row_changed_at_the_desk_is_noted_with_before_and_after(client, administrator, lines, model):
    make, _, changes, expected = WRITTEN[model]
    row = make()
    client.post(address(model, "change", row.pk), typed(client.get(address(model, "change", row.pk))))
    lines()

    answer = client.post(
        address(model, "change", row.pk), typed(client.get(address(model, "change", row.pk)), **changes)
    )

    assert answer.status_code == 302, answer.text
    if expected:
        (entry,) = lines()
        name, before, after = expected
        assert (entry.model, entry.key, entry.by) == (*reference(row), administrator)
        assert (entry.particulars.before.get(name), entry.particulars.after[name]) == (before, after)


@pytest.mark.slow
@EVERY
def test_form_that_changes_nothing_is_not_noted(client, administrator, lines, model):
    row = WRITTEN[model][0]()
    client.post(address(model, "change", row.pk), typed(client.get(address(model, "change", row.pk))))
    lines()

    client.post(address(model, "change", row.pk), typed(client.get(address(model, "change", row.pk))))

    assert lines() == []


@pytest.mark.parametrize("way", ["page", "list"])
@pytest.mark.parametrize("model", [Topic, Term, Picture, OldAddress, Group, MissedAddress])
def test_row_deleted_at_the_desk_is_noted_as_it_was(client, administrator, lines, model, way):
    row = DELETED_ONLY[model]() if model in DELETED_ONLY else WRITTEN[model][0]()
    where, label = reference(row), str(row)
    lines()

    if way == "page":
        client.post(address(model, "delete", row.pk), {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        client.post(address(model, "changelist"), chosen)

    (entry,) = lines()
    assert (entry.action, entry.model, entry.key, entry.by) == (Action.DELETED, *where, administrator)
    assert entry.particulars.label == label
    assert entry.particulars.before


def test_rows_of_inlines_are_noted_with_their_row(client, administrator, lines):
    crema = make_municipality()
    form = typed(client.get(address(Municipality, "change", crema.pk)))
    form |= {"aliases-TOTAL_FORMS": "1", "aliases-0-text": "Cremona Nuova"}
    lines()

    client.post(address(Municipality, "change", crema.pk), form)

    (entry,) = lines()
    ((key, row),) = entry.particulars.after["aliases"].items()
    assert (entry.particulars.before, row["text"]) == ({"aliases": {}}, "Cremona Nuova")
    assert key == str(crema.aliases.get().pk)


def test_what_is_attached_and_due_is_noted(client, administrator, lines):
    communique = make_communique(status="draft")
    make_attachment(communique, file=ContentFile(b"Un testo", "atto.txt"))
    make_deadline(communique)
    form = typed(client.get(address(Communique, "change", communique.pk)))
    name = next(name for name in form if name.startswith("attachments-0") and name.endswith("name"))
    title = next(name for name in form if name.startswith("deadlines-0") and name.endswith("title"))
    client.post(address(Communique, "change", communique.pk), form)
    form = typed(client.get(address(Communique, "change", communique.pk)))
    lines()

    client.post(address(Communique, "change", communique.pk), form | {name: "Altro nome", title: "Altro titolo"})

    noted = lines()
    text = json.dumps([[entry.particulars.before, entry.particulars.after] for entry in noted])
    assert {(entry.model, entry.key) for entry in noted} == {reference(communique)}
    assert "attachments" in text
    assert "deadlines" in text


def test_picture_taken_in_by_the_dialog_is_noted(client, administrator, lines):
    client.post(
        reverse("admin:library_picture_library"),
        {"file": picture_file(), "alternative_text": "La piazza", "credit": "Archivio", "focal_x": 0.5, "focal_y": 0.5},
    )

    (entry,) = lines()
    assert (entry.action, entry.particulars.after["alternative_text"]) == (Action.ADDED, "La piazza")


def test_pasted_addresses_are_noted_each(client, administrator, lines):
    OldAddress.objects.create(path="/articolointerno/a", leads_to="/novita/")

    pasted = "/articolointerno/a ; /cerca/\n/articolointerno/b ; /cerca/"
    client.post(reverse("admin:distribution_oldaddress_paste"), {"lines": pasted})

    assert [(entry.action, entry.particulars.after["leads_to"]) for entry in lines()] == [
        (Action.CHANGED, "/cerca/"),
        (Action.ADDED, "/cerca/"),
    ]


# The verbs of a publication


def test_every_word_of_the_history_is_one_of_the_ledger():
    assert set(Revision.Action.values) <= set(Action.values)


VERBS_WALKED = [
    ("submit", "draft", "review"),
    ("send_back", "review", "draft"),
    ("publish", "review", "approved"),
    ("publish_now", "draft", "approved"),
    ("withdraw", "approved", "withdrawn"),
    ("correct", "approved", "approved"),
    ("recall", "review", "draft"),
    ("discard", "draft", "binned"),
]
ELSEWHERE = {"propose", "accept", "refuse", "unschedule", "recover"}


def test_every_verb_is_walked_here():
    assert {verb.name for verb in VERBS} == {verb for verb, *_ in VERBS_WALKED} | ELSEWHERE


@pytest.mark.parametrize(("verb", "status", "after"), VERBS_WALKED)
def test_verb_is_noted_with_the_state_before_and_after(lines, verb, status, after):
    elena, communique = make_editor(role="Responsabile"), make_communique(status=status)
    lines()

    assert getattr(communique, verb)(by=elena, comment="Perché sì")

    (entry,) = lines()
    particulars = entry.particulars
    assert (entry.model, entry.key, entry.by) == (*reference(communique), elena)
    assert (particulars.before["status"], particulars.after["status"], particulars.comment) == (
        status,
        after,
        "Perché sì",
    )
    assert particulars.after["version"] == particulars.before["version"] + 1


def test_page_that_comes_back_from_the_bin_or_leaves_it_for_good_is_noted(lines):
    elena = make_editor(role="Responsabile")
    binned, gone = make_communique(status="draft"), make_communique(status="draft", title="Da buttare")
    where = reference(gone)
    for communique in (binned, gone):
        communique.discard(elena)
    lines()

    binned.recover(elena)
    gone.purge(timezone.now() + timedelta(days=1))

    recovered, redacted, deleted = lines()
    assert (recovered.action, recovered.by, recovered.particulars.after["status"]) == (Action.RECOVERED, elena, "draft")
    assert (deleted.action, deleted.model, deleted.key) == (Action.DELETED, *where)
    assert (deleted.particulars.label, deleted.particulars.before["status"]) == ("", "binned")
    assert (redacted.action, redacted.particulars.comment) == (Action.REDACTED, "Tolta dal cestino")


def test_title_of_what_left_the_bin_for_good_is_in_no_line():
    elena = make_editor(role="Responsabile")
    gone = make_communique(status="draft", title="Mario Rossi")
    gone.record(elena, "saved", "Scritto di Mario Rossi")
    gone.discard(elena, "Mario Rossi non vuole")

    gone.purge(timezone.now() + timedelta(days=1))

    values = Particulars.objects.values_list("label", "comment", "before", "after")
    assert [words for words in values if "Mario Rossi" in str(words)] == []
    assert Entry.objects.filter(action__in=["saved", "binned", "deleted"]).count() == 3


def test_scheduled_page_that_is_a_draft_again_is_noted(lines):
    elena, communique = make_editor(), make_communique(publish_at=timezone.now() + timedelta(days=1))

    communique.unschedule(elena)

    (entry,) = lines()
    assert (entry.action, entry.particulars.after["status"]) == (Action.TAKEN_BACK, "draft")


def test_what_a_command_does_is_noted_of_nobody(lines):
    communique = make_communique(status="draft")

    communique.publish(by=None)

    (entry,) = lines()
    assert (entry.action, entry.by, entry.address) == (Action.APPROVED, None, None)


@pytest.mark.parametrize(("verb", "pinned"), [("accept", True), ("refuse", False)])
def test_proposal_and_its_decision_are_noted(lines, verb, pinned):
    ugo, elena, communique = make_editor(role="Redattore"), make_editor(role="Responsabile"), make_communique()
    communique.keep_first_version()
    lines()

    communique.propose(ugo, communique.content() | {"pinned": True, "title": "Nuovo"}, "Guarda")
    getattr(communique, verb)(by=elena, comment="Visto")

    proposed, decided = lines()
    assert (proposed.action, proposed.by, proposed.particulars.comment) == (Action.PROPOSED, ugo, "Guarda")
    assert (proposed.particulars.before["pinned"], proposed.particulars.after["pinned"]) == (False, True)
    assert proposed.particulars.after["words"] == ["title"]
    assert decided.by == elena
    assert decided.particulars.after.get("pinned", False) is pinned


def test_restored_version_and_change_of_rows_are_noted(lines):
    elena, cer = make_editor(role="Responsabile"), make_initiative()
    cer.keep_first_version()
    lines()

    cer.change_relations(elena, questions=[{"question": "Quando?", "answer": "<p>Presto.</p>", "position": 1}])
    cer.restore(cer.revisions.get(version=0), elena)

    saved, restored = lines()
    assert (saved.action, saved.particulars.after["words"]) == (Action.SAVED, ["questions"])
    assert (restored.action, restored.by) == (Action.RESTORED, elena)


def test_words_of_a_page_stay_in_its_versions(lines):
    """Redacted there, they are gone: the ledger would keep them for ever."""
    elena, communique = make_editor(), make_communique(status="draft")
    communique.record(elena, Revision.Action.FIRST)
    communique.body = "<p>Un nome che non doveva esserci.</p>"
    communique.save()
    communique.record(elena, Revision.Action.SAVED)

    entry = lines()[-1]
    assert entry.particulars.after["words"] == ["body"]
    assert "nome che non doveva" not in json.dumps([entry.particulars.before, entry.particulars.after])


def test_deadline_that_is_moved_and_called_off_is_noted(lines):
    elena = make_editor(role="Responsabile")
    deadline = make_deadline(make_communique())
    before = deadline.closes_at
    lines()

    deadline.move(elena, "Prorogata dalla Regione", closes_at=before + timedelta(days=3))
    deadline.call_off(elena, "Annullata")

    moved, called_off = lines()
    assert (moved.action, moved.by) == (Action.DEADLINE_MOVED, elena)
    assert "Prorogata dalla Regione" in moved.particulars.comment
    assert moved.particulars.before["closes_at"] == before.isoformat()
    assert called_off.action == Action.DEADLINE_CALLED_OFF
    assert called_off.particulars.after["closes_at"] is None


def test_preview_links_are_noted_without_their_reader_and_their_token(client, administrator, lines):
    communique = make_communique(status="draft")
    where = f"{PAGES}{communique.pk}/link-di-anteprima/"
    page = client.post(where, {"reader": "Sindaca di Offanengo", "days": 3}, follow=True)
    link = PreviewLink.objects.get()
    client.post(where, {"revoke": link.pk})

    issued, revoked = lines()
    assert [issued.action, revoked.action] == [Action.PREVIEW_ISSUED, Action.PREVIEW_REVOKED]
    assert issued.particulars.after["link"] == revoked.particulars.before["link"] == link.pk
    assert "/anteprima/" in page.text
    assert "Sindaca" not in json.dumps(issued.particulars.after) + issued.particulars.comment


# Roles


def test_roles_and_comuni_given_and_taken_are_noted(client, administrator, lines):
    crema, person = make_municipality(name="Crema", in_area=True), make_editor(role="Redattore")
    form = typed(client.get(address(User, "change", person.pk)))
    local = Group.objects.get(name="Redattore comunale")
    lines()

    client.post(address(User, "change", person.pk), form | {"groups": [local.pk], "municipalities": [crema.pk]})

    (entry,) = lines()
    particulars, old = entry.particulars, Group.objects.get(name="Redattore")
    assert particulars.before["groups"] == [f"Redattore (n. {old.pk})"]
    assert particulars.after["groups"] == [f"Redattore comunale (n. {local.pk})"]
    assert [row["municipality"] for row in particulars.after["assignments"].values()] == [f"Crema (n. {crema.pk})"]
    assert particulars.label == ""


# What leaves the desk


def exports():
    """The addresses of the desk by which a sheet leaves."""
    return {
        str(pattern.pattern)
        for pattern in flattened(site.get_urls())
        if "esporta" in str(pattern.pattern) or ".csv" in str(pattern.pattern)
    }


def flattened(patterns):
    for pattern in patterns:
        yield from flattened(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern]


def test_every_sheet_that_leaves_the_desk_is_walked_here():
    assert exports() == {"registro.csv", "esporta.<str:extension>", "<int:pk>/comuni/esporta.<str:extension>"}


def test_files_that_leave_the_desk_are_noted(client, administrator, lines):
    communique, cer = make_communique(), make_initiative()
    files = [
        (f"{PAGES}esporta.csv", "publishing.publication", ""),
        (f"{PAGES}esporta.xlsx", "publishing.publication", ""),
        ("/admin/initiatives/initiative/esporta.csv", "publishing.publication", ""),
        (f"/admin/initiatives/initiative/{cer.pk}/comuni/esporta.xlsx", "publishing.publication", str(cer.pk)),
        ("/admin/registro.csv", "", ""),
    ]
    lines()

    for path, *_ in files:
        assert client.get(path).status_code == 200

    assert [(entry.action, entry.model, entry.key, entry.by) for entry in lines()] == [
        (Action.EXPORTED, model, key, administrator) for _, model, key in files
    ]
    assert communique.pk


# Refusals


def test_refusals_are_noted_once_an_hour_each(client, lines):
    ugo, foreign = make_editor(role="Redattore comunale"), make_communique(places=[make_municipality()])
    client.force_login(ugo)

    for _ in range(3):
        assert client.get(f"{PAGES}{foreign.pk}/change/").status_code == 404
    assert client.get(address(User, "changelist")).status_code == 403

    hidden, denied = lines()
    assert [(entry.action, entry.by, entry.address) for entry in (hidden, denied)] == [
        (Action.DENIED, ugo, "127.0.0.1")
    ] * 2
    assert (hidden.model, hidden.key) == reference(foreign)
    assert hidden.particulars.comment == f"GET {PAGES}{foreign.pk}/change/"
    assert denied.model == "accounts.user"


def test_refusal_of_a_page_that_django_does_not_have_names_its_row(client, lines):
    foreign = make_communique(places=[make_municipality()])
    client.force_login(make_editor(role="Redattore comunale"))

    client.get(f"{PAGES}{foreign.pk}/proposta/")

    (line,) = lines()
    assert (line.action, line.model, line.key) == (Action.DENIED, *reference(foreign))


def test_refusals_of_one_person_are_bounded(client, lines):
    client.force_login(make_editor(role="Redattore"))

    for number in range(33):
        client.get(f"/admin/non-c-e/{number}/")

    assert len(lines()) == 30


def test_readers_leave_no_line(client, lines):
    assert client.get("/novita/non-c-e/").status_code == 404
    client.get("/admin/")

    assert lines() == []


# The door


def enter(client, email, password):
    return client.post("/accesso/", {"login": email, "password": password})


def test_coming_and_going_is_noted(client):
    anna = make_editor(role="Redattore", email="anna@example.org", password="prova")

    enter(client, "anna@example.org", "prova")
    client.post("/accesso/esci/")

    entries = Entry.objects.order_by("pk")
    assert [(entry.action, entry.by, entry.key) for entry in entries] == [
        (Action.LOGGED_IN, anna, str(anna.pk)),
        (Action.LOGGED_OUT, anna, str(anna.pk)),
    ]


def test_failures_are_noted_by_account_or_by_fingerprint(client, lines):
    anna = make_editor(email="anna@example.org")

    enter(client, "ANNA@example.org", "sbagliata")
    enter(client, "la-mia-password-segreta@example.org", "sbagliata")

    known, unknown = lines()
    assert [known.action, unknown.action] == [Action.LOGIN_FAILED] * 2
    assert (known.by, known.model, known.key) == (None, "accounts.user", str(anna.pk))
    assert (unknown.model, unknown.key) == ("", "")
    assert "impronta" in unknown.particulars.comment
    assert "segreta" not in unknown.particulars.comment


def test_whoever_is_made_to_wait_is_noted(client, lines):
    anna = make_editor(email="anna@example.org")
    for _ in range(20):
        enter(client, "anna@example.org", "sbagliata")

    actions = [entry.action for entry in lines()]
    assert actions == [Action.LOGIN_FAILED] * 5 + [Action.LOGIN_STOPPED] * 6
    assert Entry.objects.filter(action=Action.LOGIN_STOPPED, key=str(anna.pk)).count() == 6


def test_address_is_the_one_that_the_door_counts(client, settings, lines):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    make_editor(email="anna@example.org")

    Client(headers={"X-Forwarded-For": "203.0.113.7"}).post(
        "/accesso/", {"login": "anna@example.org", "password": "sbagliata"}
    )

    assert lines()[0].address == "203.0.113.7"


def test_second_factors_are_noted(client, lines):
    elena = make_editor(role="Responsabile", email="elena@example.org", password="prova", is_guarded=False)
    secret = generate_totp_secret()
    TOTP.activate(elena, secret)

    enter(client, "elena@example.org", "prova")
    client.post("/accesso/codice/", {"code": "000000"})
    code = f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06}"
    client.post("/accesso/codice/", {"code": code})

    failed = next(entry for entry in lines() if entry.action == Action.FACTOR_FAILED)
    assert (failed.key, failed.particulars.comment) == (str(elena.pk), "App con i codici")


def test_reset_of_a_second_factor_is_noted(client, administrator, lines):
    elena = make_editor(role="Responsabile")
    lines()

    client.post(address(User, "changelist"), {"action": "reset_second_factor", "_selected_action": [elena.pk]})

    (entry,) = lines()
    assert (entry.action, entry.by, entry.key) == (Action.FACTOR_RESET, administrator, str(elena.pk))
    assert entry.particulars.before == {"factors": ["totp"]}


def test_changed_password_is_noted(client, lines):
    anna = make_editor(role="Redattore", email="anna@example.org", password="prova")
    enter(client, "anna@example.org", "prova")
    client.post(
        "/accesso/password/",
        {"oldpassword": "prova", "password1": "fontanile-di-pianura", "password2": "fontanile-di-pianura"},
    )

    (entry,) = lines()
    assert (entry.action, entry.by) == (Action.PASSWORD_CHANGED, anna)


def test_invitation_is_noted_when_it_is_accepted(client, administrator, lines):
    person = User.objects.create_user("nuova@example.org")
    key = person.invite()
    lines()

    client.post(f"/accesso/invito/{key}/", {"password1": "fontanile-di-pianura", "password2": "fontanile-di-pianura"})

    accepted = next(entry for entry in lines() if entry.action == Action.INVITATION_ACCEPTED)
    assert (accepted.by, accepted.key) == (person, str(person.pk))
    assert key not in json.dumps([list(row) for row in Entry.objects.values_list("particulars__after", "key")])
