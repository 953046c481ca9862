"""The pages of the desk: nothing against WCAG 2.2 AA, no sideways scrolling, no complaint of the browser."""

import json
import subprocess
from collections import namedtuple

import pytest

from .screens import HALVES, half_of
from .test_accessibility import judged
from .test_layout import TOO_WIDE

LIST = "/admin/news/communique/"
SCENERY = """
import json
from areaomogenea.publishing.revisions import Revision
from areaomogenea.accounts.models import User
from areaomogenea.offices.models import Office
from areaomogenea.topics.models import Topic
from tests.factories import make_communique, make_deadline, make_picture

by = User.objects.get(email="redattore@example.org")
draft = make_communique(title="Una bozza con dubbi", status="draft", author=by, picture=make_picture())
draft.doubts.create(code="prova", message="Controlla la data.")
live = make_communique(title="Una pagina in linea", topics=[Topic.objects.first()], author=by)
first = live.record(by, Revision.Action.FIRST)
live.propose(by, live.content() | {"title": "Un titolo proposto"}, "È più chiaro")
for page in (draft, live):
    due = make_deadline(page)
submitted = make_communique(title="Una bozza da decidere", status="draft", author=by)
submitted.submit(by)
rows = {"draft": draft, "live": live, "first": first, "submitted": submitted, "due": due, "person": by}
rows |= {"picture": draft.picture, "office": Office.objects.first()}
print(json.dumps({name: row.pk for name, row in rows.items()}))
"""
Page = namedtuple("Page", "role path")


@pytest.fixture(scope="module")
def rows(portal):
    output = portal.manage(subprocess.run, "shell", "--verbosity", "0", "--command", SCENERY, check=True).stdout
    return json.loads(output)


@pytest.fixture(scope="module")
def desk_pages(rows):
    draft, live = f"{LIST}{rows['draft']}/", f"{LIST}{rows['live']}/"
    written = [
        "/admin/",
        LIST,
        f"{LIST}?stato=draft&q=bozza",
        f"{LIST}add/",
        f"{LIST}da-documento/",
        f"{draft}change/",
        f"{live}change/",
        f"{live}history/",
        f"{live}storia/{rows['first']}/",
        f"{live}proposta/",
        f"{draft}anteprima/",
        f"{draft}link-di-anteprima/",
        f"{LIST}importa/",
        "/admin/library/picture/",
        f"/admin/library/picture/{rows['picture']}/change/",
        "/admin/quality/link/",
        "/admin/guida/",
    ]
    due = [f"{live}scadenze/{rows['due']}/{verb}/" for verb in ("sposta", "annulla")]
    decided = [*due, "/admin/", f"{LIST}{rows['submitted']}/change/", f"{live}change/", f"{live}proposta/"]
    decided += ["/admin/offices/office/", f"/admin/offices/office/{rows['office']}/change/"]
    person = f"/admin/accounts/user/{rows['person']}/"
    leaving = [f"{person}{word}/" for word in ("change", "sospendi", "anonimizza", "history")]
    ruled = ["/admin/accounts/user/", "/admin/accounts/user/add/", *leaving, "/admin/registro/", "/admin/stato/"]
    by_role = {"Redattore": written, "Responsabile": decided, "Amministratore": ruled}
    return [Page(role, path) for role, paths in by_role.items() for path in paths]


def faults_of(tab):
    """At both widths, in both schemes."""
    for screen, violations in judged(tab, [320, 1280]):
        yield from (f"{rule}: {node['html'][:200]} ({screen})" for rule, node in violations)
        yield from (f"{part} ({screen})" for part in tab.evaluate(TOO_WIDE))


def look_at(tab, path):
    """What is wrong with the page there, a line each."""
    answer = tab.goto(path)
    tab.wait_for_load_state("networkidle")
    yield from [f"answers {answer.status}"] if answer.status != 200 else []
    yield from tab.complaints
    yield from faults_of(tab)
    tab.complaints.clear()


def test_pages_of_the_desk_answer_and_tell_their_shape(at_desk, desk_pages, tell_shape):
    answers = {page: at_desk.fetch(*page) for page in desk_pages}

    for place, (page, answer) in enumerate(answers.items()):
        tell_shape(f"{page.role} {place}", answer.text())
    assert {page: answer.status for page, answer in answers.items()} == dict.fromkeys(desk_pages, 200)


@pytest.mark.any_database
@pytest.mark.parametrize("half", HALVES)
def test_pages_of_the_desk_have_no_fault(at_desk, desk_pages, half):
    looked_at = half_of(desk_pages, half)
    tabs = {role: at_desk(role) for role in dict.fromkeys(page.role for page in looked_at)}

    faults = [f"{role}, {path}: {fault}" for role, path in looked_at for fault in look_at(tabs[role], path)]

    assert not faults, "\n".join(faults)


@pytest.mark.any_database
def test_conflict_and_note_have_no_fault(at_desk, rows):
    """Pages that only a post shows."""
    address = f"{LIST}{rows['draft']}/change/"
    mine, other = at_desk("Redattore", address), at_desk("Amministratore", address)
    for tab, title in ((other, "Titolo dell’altra"), (mine, "Titolo mio")):
        tab.locator("#id_title").fill(title)
        with tab.expect_navigation():
            tab.get_by_role("button", name="Salva e continua le modifiche").click()
    other.goto(f"{LIST}?id__in={rows['submitted']}")
    other.locator("[name=_selected_action]").check()
    other.locator("[name=action]").select_option("send_back")
    with other.expect_navigation():
        other.get_by_role("button", name="Vai", exact=True).click()

    for tab, words in ((mine, "Mentre scrivevi"), (other, "Che cosa correggere")):
        assert words in tab.inner_text("#content")
        faults = [*faults_of(tab)]
        assert not faults, "\n".join(faults)
