"""From a Word document to a draft in a real browser: by keyboard, by mouse, dropped on the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.manuscripts import WordFile
from tests.test_archive import SAMPLE

from .desks import give_when_asked
from .screens import on_screens
from .test_accessibility import violations
from .test_layout import TOO_WIDE

PAGE = "/admin/news/communique/da-documento/"
WIDTHS = [320, 1280]


@pytest.fixture
def desk(at_desk):
    """desk(path): a tab of an editor of the demo."""
    return lambda path=PAGE: at_desk("Redattore", path)


@pytest.fixture
def manuscript(tmp_path, request):
    """A document of its own for each test: the same one twice would be asked about."""
    word = WordFile()
    word.text("COMUNICATO STAMPA")
    word.title("Il nuovo orario dello sportello energia")
    word.text("Lo sportello di Offanengo apre anche il sabato.")
    word.text(request.node.name)
    word.heading("Che cosa portare", 1)
    word.item("La bolletta")
    word.item("Il documento")
    word.table(["Comune", "Ore"], ["Crema", "9-12"])
    path = tmp_path / "comunicato.docx"
    path.write_bytes(word.file().read())
    return path


def assert_draft(tab):
    tab.wait_for_url("**/change/")
    expect(tab.locator("#id_title")).to_have_value("Il nuovo orario dello sportello energia")
    expect(tab.locator("#dubbi + ul")).to_contain_text("La prima riga della tabella è presa per intestazione")
    body = tab.locator("[contenteditable=true]")
    expect(body.locator("h2")).to_have_text("Che cosa portare")
    expect(body.locator("ul li")).to_have_text(["La bolletta", "Il documento"])
    expect(body.locator("th")).to_have_text(["Comune", "Ore"])


def go_to(tab, selector):
    for _ in range(40):
        tab.keyboard.press("Tab")
        if tab.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached.")


def test_document_is_brought_by_keyboard_alone(desk, manuscript):
    tab = desk("/admin/")
    give_when_asked(tab, manuscript)
    tab.goto("/admin/news/communique/")
    go_to(tab, f'[href="{PAGE}"]')
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**{PAGE}")
    go_to(tab, "#id_document")
    expect(tab.locator("#id_document")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("#id_document")).to_have_value(re.compile(r"\bcomunicato\.docx$"))
    go_to(tab, "[type=submit]")
    tab.keyboard.press("Enter")

    assert_draft(tab)


def test_document_is_dropped_on_the_page(desk, manuscript):
    tab = desk()
    box = tab.locator("#id_document").bounding_box()
    wire = tab.context.new_cdp_session(tab)
    data = {"items": [], "files": [str(manuscript)], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        wire.send("Input.dispatchDragEvent", {"type": step, "data": data, **where})
    expect(tab.locator("#id_document")).to_have_value(re.compile(r"\bcomunicato\.docx$"))
    tab.get_by_role("button", name="Prepara la bozza").click()

    assert_draft(tab)


def test_listing_is_asked_about_and_the_text_stays(desk):
    tab = desk()
    tab.get_by_label("Oppure il testo").fill(SAMPLE.read_text(encoding="utf-8"))
    tab.get_by_role("button", name="Prepara la bozza").click()
    tab.get_by_label("Una bozza per ciascun comunicato").check()
    tab.get_by_role("button", name="Prepara la bozza").click()

    tab.wait_for_selector("text=Ecco le 6 bozze")
    expect(tab.locator("#result_list tbody tr")).to_have_count(6)


@pytest.mark.any_database
def test_page_has_no_violation_and_fits(at_desk):
    tab = at_desk("Redattore comunale", PAGE)
    assert tab.complaints == []  # axe itself causes some, later
    assert violations([tab], WIDTHS) == ""
    tab.get_by_label("Oppure il testo").fill(SAMPLE.read_text(encoding="utf-8"))
    tab.get_by_role("button", name="Prepara la bozza").click()
    tab.wait_for_selector("text=Che cosa farne")

    assert violations([tab], WIDTHS) == ""
    assert [part for _ in on_screens(tab, WIDTHS) for part in tab.evaluate(TOO_WIDE)] == []
