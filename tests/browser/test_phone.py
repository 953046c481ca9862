"""On a telephone a page begins at once: a low bar, the menu and the search one tap away, one's own Comune first."""

import pytest

from .test_accessibility import violations

pytestmark = pytest.mark.any_database

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
MOST_OF_THE_SCREEN = 160  # pixels that the bar may take
MENU = [
    "Novità",
    "Iniziative",
    "Argomenti",
    "Scadenze",
    "I 48 Comuni",
    "Contatti",
    "Domande frequenti",
    "Area della redazione",
]
TOP = "element => element.getBoundingClientRect().top"


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def phone(reader, request):
    return reader(java_script_enabled=request.param, **PHONE)


@pytest.mark.parametrize("width", [320, 390, 767])
def test_bar_is_low(reader, width):
    tab = reader(viewport={"width": width, "height": 844})
    for path in ("/", "/iniziative/cer-del-cremasco/", "/non-esiste/"):
        tab.goto(path)

        assert tab.get_by_role("banner").bounding_box()["height"] <= MOST_OF_THE_SCREEN


def test_bar_is_low_when_the_longest_comune_is_remembered(reader):
    tab = reader(viewport={"width": 320, "height": 568})
    tab.goto("/privacy/")
    place = "{slug: 'casale-cremasco-vidolasco', name: 'Casale Cremasco-Vidolasco'}"
    tab.evaluate(f"localStorage.setItem('comune', JSON.stringify({place}))")

    tab.goto("/privacy/")

    link = tab.get_by_role("link", name="Il mio Comune: Casale Cremasco-Vidolasco")
    assert link.is_visible()
    assert tab.get_by_role("banner").bounding_box()["height"] <= MOST_OF_THE_SCREEN
    assert tab.evaluate("document.documentElement.scrollWidth") == 320


def test_menu_is_one_tap_away(phone):
    phone.goto("/privacy/")
    menu = phone.get_by_role("navigation", name="Principale")
    assert not menu.is_visible()

    phone.get_by_role("button", name="Menu").tap()

    assert [link.inner_text() for link in menu.get_by_role("link").all()] == MENU
    menu.get_by_role("button", name="Chiudi").tap()
    assert not menu.is_visible()
    phone.get_by_role("button", name="Menu").tap()
    menu.get_by_role("link", name="Scadenze").tap()
    phone.wait_for_url("**/scadenze/")
    assert not menu.is_visible()


def test_open_menu_has_no_barrier(reader):
    tab = reader(**PHONE)
    tab.goto("/novita/")
    tab.get_by_role("button", name="Menu").tap()

    assert violations([tab]) == ""


def test_menu_follows_the_keyboard(phone):
    phone.goto("/privacy/")
    menu = phone.get_by_role("navigation", name="Principale")
    phone.get_by_role("button", name="Menu").focus()

    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Tab")

    assert menu.get_by_role("link", name="Novità").evaluate("link => link === document.activeElement")
    phone.keyboard.press("Escape")
    assert not menu.is_visible()
    assert phone.get_by_role("button", name="Menu").evaluate("button => button === document.activeElement")


def test_search_is_one_tap_away(phone):
    phone.goto("/privacy/")

    phone.get_by_role("banner").get_by_role("link", name="Cerca").tap()

    phone.wait_for_url("**/cerca/")
    assert phone.get_by_label("Che cosa cerchi?").bounding_box()["y"] < 844 / 2


def test_own_comune_comes_before_any_picture(phone):
    phone.goto("/")

    own = phone.get_by_role("region", name="Che cosa riguarda il tuo Comune?")
    assert own.evaluate(TOP) < phone.locator("main img").first.evaluate(TOP)
    assert own.get_by_label("Il tuo Comune", exact=True).bounding_box()["y"] < 844 / 2


def test_where_there_is_room_the_menu_is_a_bar(reader):
    for width in (768, 1280):
        tab = reader(viewport={"width": width, "height": 800})
        tab.goto("/")

        menu = tab.get_by_role("navigation", name="Principale")
        assert [link.inner_text() for link in menu.get_by_role("link").all() if link.is_visible()] == MENU[:-1]
        assert tab.get_by_role("banner").get_by_role("searchbox").is_visible()
        assert not tab.get_by_role("button", name="Menu").is_visible()
