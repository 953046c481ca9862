"""From a Word document to a draft in a real browser: by keyboard, by mouse, dropped on the page."""

import re
import subprocess

import pytest
from playwright.sync_api import expect

from tests.manuscripts import WordFile
from tests.test_archive import SAMPLE

from .desks import give_when_asked
from .test_accessibility import violations
from .test_layout import TOO_WIDE

PAGE = "/admin/news/communique/da-documento/"
# A session of somebody of the demo, without the door: what the door asks is tested elsewhere.
ENTER = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
user = get_user_model().objects.get(email="{email}")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session.update({{SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
    HASH_SESSION_KEY: user.get_session_auth_hash()}})
session.save()
print(session.session_key)
"""


@pytest.fixture
def desk(chromium, portal):
    """desk(**how): a tab of an editor of the demo."""
    contexts = []

    def desk(email="redattore@example.org", **how):
        told = portal.manage(subprocess.run, "shell", "--verbosity", "0", "--command", ENTER.format(email=email))
        context = chromium.new_context(base_url=portal.base, reduced_motion="reduce", **how)
        context.add_cookies([{"name": "sessionid", "value": told.stdout.decode().split()[-1], "url": portal.base}])
        contexts.append(context)
        return context.new_page()

    yield desk
    for context in contexts:
        context.close()


@pytest.fixture
def manuscript(tmp_path):
    word = WordFile()
    word.text("COMUNICATO STAMPA")
    word.title("Il nuovo orario dello sportello energia")
    word.text("Lo sportello di Offanengo apre anche il sabato.")
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
    tab = desk()
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
    tab.goto(PAGE)
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
    tab.goto(PAGE)
    tab.get_by_label("Oppure il testo").fill(SAMPLE.read_text(encoding="utf-8"))
    tab.get_by_role("button", name="Prepara la bozza").click()
    tab.get_by_label("Una bozza per ciascun comunicato").check()
    tab.get_by_role("button", name="Prepara la bozza").click()

    tab.wait_for_selector("text=Ecco le 6 bozze")
    expect(tab.locator("#result_list tbody tr")).to_have_count(6)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_page_has_no_violation_and_fits(desk, scheme, width):
    tab = desk("crema@example.org", viewport={"width": width, "height": 800}, color_scheme=scheme)
    faults = []
    tab.on("console", lambda message: faults.append(message.text))
    tab.goto(PAGE)
    assert faults == []  # axe itself causes some, later
    assert violations([tab]) == ""
    tab.get_by_label("Oppure il testo").fill(SAMPLE.read_text(encoding="utf-8"))
    tab.get_by_role("button", name="Prepara la bozza").click()
    tab.wait_for_selector("text=Che cosa farne")

    assert violations([tab]) == ""
    assert tab.evaluate(TOO_WIDE) == []
