"""Debian's Firefox: somebody enters, writes, keeps and publishes there, and somebody reads."""

import pytest

from areaomogenea.management.commands.load_demo import LOGINS

from .firefox import running

pytestmark = pytest.mark.any_database

ADD = "/admin/news/communique/add/"
EDITOR = ".field-body [contenteditable=true]"
LOGIN = {role: (email, password) for role, email, password in LOGINS}
KEPT = "words => Object.values(localStorage).some((kept) => kept.includes(words))"
TOO_WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
CUT = """() => [...document.querySelectorAll('#content :is(input, select, textarea, .prose-editor)')]
  .filter((one) => one.checkVisibility())
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth - 12)
  .map((one) => one.id || one.className)"""
FOCUSED = "selector => document.activeElement.matches(selector)"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    with running(tmp_path_factory.mktemp("firefox")) as firefox:
        yield firefox


@pytest.fixture
def visit(firefox, portal):
    """visit(path, **screen): a tab of somebody who has never been here."""
    tabs = []

    def visit(path, **screen):
        tabs.append(firefox.tab(portal.base, **screen))
        tabs[-1].goto(path)
        return tabs[-1]

    yield visit
    for tab in tabs:
        tab.close()


@pytest.fixture
def desk(visit):
    """desk(path): that page, seen by an editor who has come in by the door."""

    def desk(path):
        tab = visit(f"/accesso/?next={path}")
        email, password = LOGIN["Redattore"]
        tab.wait(FOCUSED, "[name=login]")
        tab.type(email)
        tab.click("[name=password]")
        tab.type(password)
        tab.leave(lambda: tab.press("Enter"))
        return tab

    return desk


def test_text_is_written_kept_and_saved(desk):
    tab = desk(ADD)
    tab.see(EDITOR)
    tab.wait(FOCUSED, "#id_title")
    tab.type("Il mercato torna in piazza")
    tab.click(EDITOR)
    tab.type("Ogni sabato.")
    tab.press("Enter")
    tab.type("Anche d’inverno.")
    tab.click(".picture-chooser [data-choose]")
    tab.click("dialog .picture-wall button")
    picture = tab.wait("() => document.querySelector('#id_picture').value")
    tab.wait(KEPT, f'"picture":"{picture}"')

    tab.reload()
    tab.see(EDITOR)
    tab.click("[data-take]")
    assert tab.read("#id_title") == "Il mercato torna in piazza"
    tab.wait("() => document.querySelector('.picture-chosen img').naturalWidth > 0")
    tab.leave(lambda: tab.click(".submit-row [name=_continue]"))

    tab.see(EDITOR)
    assert "Il mercato torna in piazza" in tab.read(".messagelist .success")
    assert tab.read("#id_body") == "<p>Ogni sabato.</p><p>Anche d’inverno.</p>"
    assert tab.read("#id_picture") == picture
    assert tab.look(width=390).run(CUT) == []
    assert tab.complaints == []


def test_number_is_sent_as_it_was_typed(desk):
    tab = desk("/admin/initiatives/initiative/add/")
    tab.see(EDITOR)
    tab.wait(FOCUSED, "#id_title")
    tab.type("Una spesa con i centesimi")
    tab.click("#amounts-group .add-row a")
    tab.click("#id_amounts-0-euros")
    tab.type("38,000")
    tab.leave(lambda: tab.click(".submit-row [name=_continue]"))
    assert "si può leggere in due modi" in tab.read("#amounts-0")
    assert tab.read("#id_amounts-0-euros") == "38,000"


def test_feed_and_error_of_the_api_are_pages(visit):
    tab = visit("/feed/rss.xml?argomento=cer")
    assert "Questo indirizzo è per un programma di lettura" in tab.read("main")
    tab.goto("/api/v1/non-esiste")
    assert "gli indirizzi sono nella documentazione" in tab.read("main")
    assert tab.complaints == []


def test_public_pages_are_read(visit, portal):
    tab = visit("/", width=390)
    for path in [
        "/",
        portal.addresses["a communiqué with everything"],
        portal.addresses["an initiative with everything"],
    ]:
        tab.goto(path)
        assert tab.run("() => document.querySelector('main h1').checkVisibility()"), path
        assert not tab.run(TOO_WIDE), path
    assert tab.complaints == []
