"""The library in a browser: a picture is chosen, put in a text and given its focal point, by mouse and by keyboard."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from .desks import breathe
from .screens import on_screens
from .test_accessibility import violations
from .test_layout import TOO_WIDE

pytestmark = pytest.mark.any_database

WALL = "/admin/library/picture/"
NEW = "/admin/news/communique/add/"
EDITOR = ".field-body [contenteditable=true]"


@pytest.fixture
def desk(at_desk):
    """desk(path): the page at that path, seen by who may change pictures that readers see."""
    return lambda path: at_desk("Responsabile", path)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "piazza.jpg"
    Image.effect_noise((900, 600), 60).convert("RGB").save(path)
    return path


def open_a_picture(tab):
    tab.goto(f"{WALL}?q=treno")
    tab.locator(".picture-wall a").first.click()
    expect(tab.get_by_role("button", name="Punto d’interesse")).to_be_visible()
    expect(tab.locator(".focal-frame img")).to_have_js_property("naturalWidth", 640)


def test_focal_point_is_set_by_a_click(desk):
    tab = desk(WALL)
    open_a_picture(tab)

    box = tab.locator(".focal-frame img").bounding_box()
    tab.locator(".focal-frame img").click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})

    expect(tab.locator("#id_focal_x")).to_have_value("0,25")
    expect(tab.locator("#id_focal_y")).to_have_value("0,75")
    expect(tab.locator(".focal-square")).to_have_css("object-position", "30% 80%")
    with tab.expect_navigation():
        tab.get_by_role("button", name="Salva", exact=True).click()
    open_a_picture(tab)
    expect(tab.locator("#id_focal_x")).to_have_value("0,25")
    assert tab.complaints == []


def test_focal_point_is_set_with_the_keyboard(desk):
    tab = desk(WALL)
    open_a_picture(tab)
    marker = tab.get_by_role("button", name="Punto d’interesse")
    for name in ("x", "y"):
        tab.locator(f"#id_focal_{name}").fill("0,5")

    marker.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp"):
        tab.keyboard.press(key)

    expect(tab.locator("#id_focal_x")).to_have_value("0,52")
    expect(tab.locator("#id_focal_y")).to_have_value("0,40")
    expect(tab.get_by_text("52% da sinistra, 40% dall’alto.")).to_be_visible()


def test_limits_are_told_before_anything_is_sent(desk, tmp_path, photo):
    tab = desk(f"{WALL}add/")
    heavy = tmp_path / "pesante.jpg"
    heavy.write_bytes(b"x" * 11_000_000)
    disguised = tmp_path / "finta.png"
    disguised.write_text("<svg/>")
    field = tab.locator("#id_file")

    field.set_input_files(heavy)
    expect(tab.get_by_text("il massimo è 10 MB")).to_be_visible()
    assert not field.evaluate("field => field.checkValidity()")
    field.set_input_files(disguised)
    expect(tab.get_by_text("non si apre come immagine")).to_be_visible()
    field.set_input_files(photo)
    expect(tab.get_by_text("su 10 MB al massimo: va bene.")).to_be_visible()
    assert field.evaluate("field => field.checkValidity()")
    expect(tab.get_by_role("button", name="Punto d’interesse")).to_be_visible()


def test_picture_of_a_communique_is_chosen_with_the_keyboard(desk):
    tab = desk(NEW)
    choose = tab.get_by_role("button", name="Scegli dalla libreria…")

    choose.focus()
    tab.keyboard.press("Enter")
    dialog = tab.get_by_role("dialog")
    expect(dialog.locator(":focus")).to_have_count(1)
    tab.keyboard.type("treno")
    expect(dialog.get_by_text("Immagini mostrate: 1.")).to_be_visible()
    tab.keyboard.press("Tab")  # where a new picture is taken in
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")

    expect(dialog).to_have_count(0)
    expect(tab.locator(".picture-chosen")).to_contain_text("Un treno attraversa la pianura")
    expect(choose).to_be_focused()
    expect(tab.locator("#id_picture")).to_have_value(re.compile(r"^\d+$"))
    tab.get_by_role("button", name="Togli").click()
    expect(tab.locator("#id_picture")).to_have_value("")
    assert tab.complaints == []


def test_new_picture_goes_from_the_dialog_into_the_text(desk, photo):
    tab = desk(NEW)
    tab.locator("#id_title").fill("La piazza riapre")
    tab.locator(EDITOR).click()
    tab.keyboard.type("Prima.")
    tab.keyboard.press("Enter")

    tab.locator(".field-body button", has_text="image").click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_text("Carica un’immagine nuova").click()
    dialog.get_by_label("Immagine", exact=True).set_input_files(photo)
    dialog.get_by_role("button", name="Carica e scegli").click()
    expect(dialog.locator(".errorlist")).to_have_count(2)
    dialog.get_by_label("Testo alternativo").fill("La piazza del mercato")
    dialog.get_by_label("Autore o provenienza").fill("Archivio comunale")
    dialog.get_by_role("button", name="Carica e scegli").click()

    words = tab.get_by_role("dialog", name="Inserisci l’immagine")
    words.get_by_label("Testo alternativo").fill(" ")
    words.get_by_role("button", name="Inserisci").click()
    expect(words).to_be_visible()  # never without words
    words.get_by_label("Testo alternativo").fill("La piazza del mercato, vuota")
    words.get_by_role("button", name="Inserisci").click()
    expect(tab.locator(f"{EDITOR} img")).to_have_js_property("naturalWidth", 900)
    expect(tab.locator(EDITOR)).to_be_focused()
    tab.keyboard.press("Enter")
    tab.keyboard.type("Dopo.")
    with tab.expect_navigation():
        tab.get_by_role("button", name="Salva e continua le modifiche").click()

    body = tab.locator("#id_body").input_value()
    assert 'alt="La piazza del mercato, vuota" width="900" height="600"' in body
    assert "<figcaption>Archivio comunale</figcaption></figure><p>Dopo.</p>" in body
    unexpected = [fault for fault in tab.complaints if "422" not in fault]  # the refusal of the first attempt
    assert unexpected == []


def test_words_of_a_picture_in_a_text_are_bettered_and_it_is_taken_out(desk):
    tab = desk(NEW)
    tab.locator(EDITOR).click()
    tab.locator(".field-body button", has_text="image").click()
    tab.get_by_role("dialog").locator(".picture-wall button").first.click()
    tab.get_by_role("dialog").get_by_role("button", name="Inserisci").click()

    tab.locator(f"{EDITOR} img").click()
    breathe(tab)
    tab.locator(".field-body button", has_text="image").click()
    dialog = tab.get_by_role("dialog", name="L’immagine nel testo")
    dialog.get_by_label("Testo alternativo").fill("Parole migliori")
    dialog.get_by_role("button", name="Aggiorna").click()
    expect(tab.locator("#id_body")).to_have_value(re.compile('alt="Parole migliori"'))

    tab.locator(f"{EDITOR} img").click()
    breathe(tab)
    tab.locator(".field-body button", has_text="image").click()
    dialog.get_by_role("button", name="Togli dal testo").click()
    expect(tab.locator("#id_body")).not_to_have_value(re.compile("<img"))
    assert tab.complaints == []


@pytest.mark.parametrize("widths", [[320], [1280]], ids=["small", "large"])
def test_library_has_no_violation_and_fits(desk, widths, photo):
    tab = desk(WALL)

    def check():
        assert violations([tab], widths) == ""
        assert [part for _ in on_screens(tab, widths) for part in tab.evaluate(TOO_WIDE)] == []

    check()
    open_a_picture(tab)
    check()
    tab.goto(f"{WALL}add/")
    tab.locator("#id_file").set_input_files(photo)
    expect(tab.get_by_role("button", name="Punto d’interesse")).to_be_visible()
    check()
    tab.goto(NEW)
    tab.get_by_role("button", name="Scegli dalla libreria…").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog.locator(".picture-wall button").first).to_be_visible()
    dialog.get_by_text("Carica un’immagine nuova").click()
    assert violations([tab], widths) == ""
    tab.keyboard.press("Escape")
    tab.locator(EDITOR).click()
    tab.locator(".field-body button", has_text="image").click()
    dialog.locator(".picture-wall button").first.click()
    expect(tab.get_by_role("dialog", name="Inserisci l’immagine")).to_be_visible()
    assert violations([tab], widths) == ""
