"""What a page offers to print, copy and send on, in a real browser."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.any_database
PAGES = ["/novita/comunicati/otto-comunita-energetiche/", "/iniziative/cer-del-cremasco/"]


@pytest.mark.parametrize("path", PAGES)
def test_text_is_copied_and_said_so_politely(reader, portal, path):
    tab = reader(permissions=["clipboard-read", "clipboard-write"])
    tab.goto(path)
    offer = tab.get_by_role("region", name="Stampa e condividi")

    offer.get_by_role("button", name="Copia il testo").press("Enter")

    expect(offer.get_by_role("status")).to_have_text("Copiato: incollalo dove ti serve.")
    assert tab.evaluate("navigator.clipboard.readText()") == portal.get(f"{path.rstrip('/')}.txt").text


def test_who_may_not_copy_gets_the_text_itself(reader):
    tab = reader()
    tab.add_init_script("navigator.clipboard.write = () => Promise.reject(new Error('no'))")
    tab.goto(PAGES[0])

    tab.get_by_role("button", name="Copia il testo").click()

    tab.wait_for_url(f"**{PAGES[0].rstrip('/')}.txt")


def test_without_scripts_all_is_a_plain_link(reader):
    tab = reader(java_script_enabled=False)
    tab.goto(PAGES[0])
    offer = tab.get_by_role("region", name="Stampa e condividi")

    names = offer.get_by_role("link").all_inner_texts()
    assert [" ".join(name.split()) for name in names] == [
        "PDF da stampare",
        "Testo semplice",
        "Markdown",
        "Condividi per E-mail",
        "Condividi con WhatsApp",
        "Condividi con Telegram",
    ]
    assert offer.get_by_role("button").count() == 0


def test_nothing_is_asked_of_those_it_can_be_sent_with(reader, portal):
    tab = reader()
    urls = []
    tab.on("request", lambda request: urls.append(request.url))

    tab.goto(PAGES[0])
    tab.wait_for_load_state("networkidle")

    assert {url for url in urls if not url.startswith((portal.base, "data:"))} == set()


def test_offer_is_not_printed(reader):
    tab = reader()
    tab.goto(PAGES[0])
    tab.emulate_media(media="print")

    assert not tab.get_by_role("heading", name="Stampa e condividi").is_visible()
