"""Debian's Firefox: somebody enters, writes, keeps and publishes there, and somebody reads."""

from base64 import b64encode

import pytest

from areaomogenea.management.commands.load_demo import LOGINS

from ..factories import picture_file
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


def test_menu_of_a_phone_opens_and_shuts(visit):
    tab = visit("/", width=390)

    tab.click(".header-tools [popovertarget]")
    tab.wait("() => document.querySelector('#_menu').checkVisibility()")
    tab.press("Escape")

    tab.wait("() => !document.querySelector('#_menu').checkVisibility()")
    assert tab.complaints == []


# Pictures that are pasted and dropped

BRING = """([how, files]) => {
  const data = new DataTransfer();
  for (const [name, type, content, swollen] of files) {
    const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
    data.items.add(new File([bytes, new Uint8Array(swollen ?? 0)], name, { type }));
  }
  const box = document.querySelector('.field-body .ProseMirror');
  if (how === 'paste') {
    box.focus();
    const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'clipboardData', { value: data }); // Firefox empties what a script hands over
    box.dispatchEvent(event);
    return;
  }
  const first = box.querySelector('p');
  const { left, top } = first.getBoundingClientRect();
  const where = { clientX: left + 2, clientY: top + 2, dataTransfer: data, bubbles: true, cancelable: true };
  first.dispatchEvent(new DragEvent('drop', where));
}"""
LIBRARY = """() => {
  const { editor } = document.querySelector('.field-body .ProseMirror');
  const { library } = editor.extensionManager.extensions.find(({ name }) => name === 'figure').options;
  return new URL(library, location).pathname;
}"""
STANDING = """() => [...document.querySelectorAll('.field-body .ProseMirror > *')]
  .map((one) => one.matches('p') ? one.textContent : one.querySelector('img')?.naturalWidth)
  .filter((one) => one !== '')"""
FAULTS = "() => [...document.querySelectorAll('.picture-queue .is-fault > span')].map((one) => one.textContent)"
SAYS = "words => document.querySelector('.field-body [role=status]').textContent.includes(words)"


def picture(name, *size):
    return name, "image/png", b64encode(picture_file(size=size).read()).decode()


BROKEN = "rotta.png", "image/png", b64encode(b"\x89PNG\r\n\x1a\nrotta").decode()
HUGE = "enorme.png", "image/png", "", 11_000_000
DRAWING = "logo.svg", "image/svg+xml", b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()
PHOTO = "IMG_2041.HEIC", "", b64encode(b"\0\0\0\x18ftypheic").decode()


@pytest.fixture
def writing(desk):
    tab = desk(ADD)
    tab.see(EDITOR)
    tab.wait(FOCUSED, "#id_title")
    tab.click(EDITOR)
    tab.wait(FOCUSED, EDITOR)
    tab.type("Prima.")
    tab.press("Enter")
    tab.type("Dopo.")
    return tab


def test_pictures_are_pasted_and_those_that_cannot_be_say_why(writing):
    writing.run(
        BRING, ["paste", [picture("una.png", 60, 40), DRAWING, BROKEN, HUGE, PHOTO, picture("due.png", 70, 40)]]
    )

    writing.wait(SAYS, "2 immagini sono nel testo, da descrivere")
    writing.wait("() => [...document.querySelectorAll('.ProseMirror img')].every((one) => one.naturalWidth)")
    assert writing.run(STANDING) == ["Prima.", "Dopo.", 60, 70]
    drawing, broken, huge, photo = writing.run(FAULTS)
    assert ("SVG" in drawing, "rotta.png" in broken, "10 MB" in huge, "HEIC" in photo) == (True, True, True, True)
    writing.click(".picture-queue button")
    assert len(writing.run(FAULTS)) == 3
    assert writing.complaints == []


def test_dropped_picture_stands_below_the_words_that_it_fell_on(writing):
    writing.run(BRING, ["drop", [picture("una.png", 60, 40)]])

    writing.wait(SAYS, "1 immagine è nel testo, da descrivere")
    writing.wait("() => document.querySelector('.ProseMirror img').naturalWidth")
    assert writing.run(STANDING) == ["Prima.", 60, "Dopo."]
    assert writing.complaints == []


def test_slow_picture_shows_that_it_is_coming_and_nothing_is_saved_meanwhile(writing):
    let_go = writing.hold(writing.run(LIBRARY))
    writing.run(BRING, ["paste", [picture("una.png", 60, 40), picture("due.png", 70, 40)]])
    writing.wait("() => document.querySelectorAll('.picture-queue progress').length === 2")

    writing.click(".submit-row [name=_continue]")
    writing.wait(SAYS, "Aspetta: sto ancora caricando le immagini.")
    writing.wait(FOCUSED, EDITOR)
    writing.type(" E poi.")
    let_go()
    writing.wait(SAYS, "2 immagini sono nel testo")
    assert writing.run(STANDING)[:2] == ["Prima.", "Dopo. E poi."]
    assert len(writing.run(STANDING)) == 4
