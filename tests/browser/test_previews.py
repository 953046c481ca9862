"""The preview as an editor uses it, by keyboard: what is typed, at each width, before anything is saved."""

import pytest
from playwright.sync_api import expect

from .test_accessibility import violations

pytestmark = pytest.mark.any_database

LIST = "/admin/news/communique/"


@pytest.fixture
def desk(at_desk):
    """A tab of an editor."""
    return at_desk("Redattore")


def test_what_is_typed_is_seen_at_each_width_by_keyboard(desk):
    desk.goto(f"{LIST}add/")
    desk.get_by_label("Titolo", exact=False).first.fill("Scritto e mai salvato")
    desk.get_by_role("button", name="Anteprima").focus()
    with desk.context.expect_page() as opened:
        desk.keyboard.press("Enter")
    preview = opened.value
    refused = []
    preview.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)

    page = preview.frame_locator("iframe")
    expect(page.get_by_role("heading", level=1)).to_have_text("Scritto e mai salvato")
    for name, width in {"Telefono piccolo 320": 320, "Telefono 390": 390, "Tablet 768": 768}.items():
        button = preview.get_by_role("button", name=name)
        button.focus()
        preview.keyboard.press("Space")
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(preview.locator("iframe")).to_have_js_property("clientWidth", width)
        assert page.locator("html").evaluate("html => [innerWidth, html.clientWidth]") == [width, width]
    assert refused == []
    assert not violations([preview])


def test_enter_in_the_title_saves_and_opens_no_preview(desk):
    desk.goto(f"{LIST}add/")
    expect(desk.locator("#id_title")).to_be_focused()

    for title in ("Un titolo", "Un titolo più lungo"):  # of a page that is begun, and of one that is there
        desk.locator("#id_title").fill(title)
        with desk.expect_navigation():
            desk.locator("#id_title").press("Enter")
        expect(desk.locator(".messagelist")).to_contain_text(title)

    assert desk.context.pages == [desk]


def test_link_is_made_by_keyboard_and_opens_for_a_guest(desk, chromium):
    desk.goto(f"{LIST}?stato=draft")
    desk.locator("#result_list tbody th a").first.click()
    desk.get_by_role("link", name="Link di anteprima").click()
    assert not violations([desk])

    desk.get_by_label("Per chi").fill("Sindaca di Offanengo")
    desk.keyboard.press("Enter")
    address = desk.get_by_label("Indirizzo da mandare").input_value()
    assert not violations([desk])

    guest = chromium.new_page()
    guest.goto(address)
    expect(guest.get_by_text("Anteprima riservata")).to_be_visible()
    guest.close()
