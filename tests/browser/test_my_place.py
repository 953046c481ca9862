"""«Il mio Comune» is chosen once and kept in the browser alone; the map of who takes part answers to the keyboard."""

import re

import pytest
from playwright.sync_api import expect

from .test_accessibility import CONTRASTS, violations

pytestmark = pytest.mark.any_database

SHIFTS = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => resolve(0), 300);
})"""
CHIP = "Solo ciò che riguarda Offanengo"
# The grounds of the states and the line between cells, where CONTRASTS looks for fills and strokes.
GROUNDS = """() => [...document.querySelectorAll('.participation-map .ground')].map((ground) => {
  const cell = document.querySelector('.participation-map a path');
  ground.style.stroke = getComputedStyle(cell).stroke;
  return ground.classList.value;
})"""


@pytest.fixture
def neighbour(reader):
    """A tab of somebody of Offanengo who has said so."""
    tab = reader()
    tab.goto("/comuni/offanengo/")
    tab.get_by_role("button", name="È il mio Comune").click()
    return tab


def bar(tab):
    return tab.get_by_role("banner").get_by_role("link", name="Il mio Comune: Offanengo")


def test_chosen_once_it_is_there_on_every_page(neighbour):
    for path in ("/", "/novita/", "/privacy/"):
        neighbour.goto(path)
        assert bar(neighbour).get_attribute("href") == "/comuni/offanengo/"


def test_focus_and_words_follow_the_choice(neighbour):
    assert neighbour.get_by_role("button", name="Dimentica").evaluate("button => button === document.activeElement")
    expect(neighbour.get_by_role("status")).to_contain_text("Offanengo")


def test_nothing_is_sent_and_no_cookie_is_kept(neighbour):
    sent = []
    neighbour.on("request", lambda request: sent.append(request.all_headers().get("cookie")))

    neighbour.goto("/")

    assert set(sent) == {None}
    assert neighbour.context.cookies() == []


def test_home_puts_it_first(neighbour):
    neighbour.goto("/")

    brief = neighbour.get_by_role("region", name="Per Offanengo")
    brief.wait_for()
    assert brief.get_by_role("link", name="Tutto su Offanengo").get_attribute("href") == "/comuni/offanengo/"
    assert neighbour.evaluate(SHIFTS) < 0.1
    brief.get_by_role("button", name="Dimentica").click()
    assert neighbour.get_by_label("Il tuo Comune", exact=True).is_visible()


def test_comune_that_was_kept_by_another_name_is_still_the_same(reader):
    tab = reader()
    tab.goto("/privacy/")
    tab.evaluate("localStorage.setItem('comune', JSON.stringify({slug: '019062', name: 'Offanengo'}))")

    tab.goto("/")

    tab.get_by_role("region", name="Per Offanengo").wait_for()
    assert bar(tab).get_attribute("href") == "/comuni/offanengo/"


def test_way_to_what_is_near_passes_on_no_tracker(neighbour):
    neighbour.goto("/novita/?anno=2022&utm_source=x&fbclid=y&prima=")

    assert neighbour.get_by_role("link", name=CHIP).get_attribute("href") == "?anno=2022&comune=offanengo"


def test_choice_at_home_is_kept_only_if_asked(reader):
    tab = reader()
    for is_asked in (False, True):
        tab.goto("/")
        tab.get_by_label("Il tuo Comune", exact=True).select_option("offanengo")
        tab.get_by_label("Ricordalo").set_checked(is_asked)
        tab.get_by_role("button", name="Vai al Comune").click()
        tab.wait_for_url("**/comuni/offanengo/")
        tab.wait_for_load_state()
        assert bar(tab).count() == is_asked


def test_list_is_narrowed_with_one_click(neighbour):
    neighbour.goto("/novita/?argomento=cer")

    assert neighbour.locator("select[name=comune] option").nth(1).inner_text() == "Offanengo"
    neighbour.get_by_role("link", name=CHIP).click()

    assert neighbour.url.endswith("/novita/?argomento=cer&comune=offanengo")
    assert neighbour.get_by_role("link", name=CHIP).count() == 0


def test_it_is_marked_on_maps_and_lists(neighbour):
    neighbour.goto("/comuni/")

    assert neighbour.locator(".mosaic-map .mosaic-ring").count() == 1
    assert "il mio Comune" in neighbour.locator("[data-comune=offanengo]").inner_text()


@pytest.mark.parametrize("path", ["/comuni/offanengo/", "/privacy/"])
def test_it_is_forgotten(neighbour, path):
    neighbour.goto(path)

    neighbour.get_by_role("button", name="Dimentica").click()

    neighbour.reload()
    assert bar(neighbour).count() == 0
    assert neighbour.evaluate("localStorage.length") == 0
    assert neighbour.get_by_role("banner").get_by_role("link", name="Scegli il tuo Comune").is_visible()


def test_browser_that_refuses_storage_says_so(reader):
    tab = reader()
    tab.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})")
    tab.goto("/comuni/offanengo/")

    tab.get_by_role("button", name="È il mio Comune").click()

    expect(tab.get_by_role("status")).to_contain_text("non permette")
    assert bar(tab).count() == 0


def test_without_scripts_everything_is_reached(reader):
    tab = reader(java_script_enabled=False, viewport={"width": 320, "height": 800})
    tab.goto("/")

    tab.get_by_role("link", name="Scegli il tuo Comune").click()
    tab.get_by_label("Il tuo Comune", exact=True).select_option("offanengo")
    tab.get_by_role("button", name="Vai al Comune").click()

    assert tab.url.endswith("/comuni/offanengo/")
    assert tab.get_by_role("button", name=re.compile("mio Comune|Dimentica")).count() == 0
    tab.goto("/comuni/offanengo/in-breve/")
    assert tab.get_by_role("region", name="Per Offanengo").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_with_a_chosen_comune_have_no_violation(neighbour, portal, width, scheme):
    neighbour.set_viewport_size({"width": width, "height": 800})
    neighbour.emulate_media(color_scheme=scheme)
    shared = portal.addresses["an initiative with everything"]

    def walk():
        for path in ("/", "/comuni/", "/comuni/offanengo/", "/comuni/crema/", "/novita/", "/privacy/", shared):
            neighbour.goto(path, wait_until="networkidle")
            assert neighbour.evaluate("document.scrollingElement.scrollWidth") <= width
            yield neighbour

    text = violations(walk())

    assert not text, text


def test_map_of_who_takes_part_is_read_with_the_keyboard(reader, portal):
    tab = reader()
    tab.goto(portal.addresses["an initiative with everything"])
    map = tab.get_by_role("group", name="Mappa di chi partecipa")
    first = map.get_by_role("link").first

    first.focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Shift+Tab")

    name = first.get_attribute("aria-label")
    assert tab.evaluate("document.activeElement.getAttribute('aria-label')") == name
    assert tab.locator(".mosaic-label tspan").all_text_contents() == re.split(": |, ", name)
    assert first.locator("path").evaluate("cell => getComputedStyle(cell).strokeWidth") == "5px"
    address = first.get_attribute("href")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**{address}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_states_are_told_from_the_line_between_cells(reader, portal, scheme):
    tab = reader(color_scheme=scheme)
    tab.goto(portal.addresses["an initiative with everything"])

    grounds = tab.evaluate(GROUNDS)
    contrasts = tab.evaluate(CONTRASTS.replace(".mosaic-map path", ".participation-map .ground"))

    assert len(grounds) == 5
    assert min(contrasts) >= 3


def test_picture_of_the_map_is_shown_as_an_image(reader, portal):
    tab = reader()
    tab.goto("/")
    address = f"{portal.addresses['an initiative with everything']}mappa.svg"

    size = tab.evaluate(
        """async (src) => { const image = new Image(); image.src = src; await image.decode();
        return [image.naturalWidth, image.naturalHeight]; }""",
        address,
    )

    assert size == [600, 510]


def test_initiative_answers_for_it_on_the_first_screen_of_a_phone(reader):
    tab = reader(viewport={"width": 390, "height": 844})
    tab.goto("/privacy/")
    tab.evaluate("localStorage.setItem('comune', JSON.stringify({slug: 'offanengo', name: 'Offanengo'}))")

    tab.goto("/iniziative/cer-del-cremasco/")

    answer = tab.get_by_role("heading", name="Offanengo è invitato.")
    answer.wait_for()
    assert answer.bounding_box()["y"] < 844
    assert tab.evaluate(SHIFTS) < 0.1
    assert violations([tab]) == ""


def test_initiative_answers_for_a_comune_without_scripts(reader):
    tab = reader(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    tab.goto("/iniziative/cer-del-cremasco/")

    tab.get_by_label("Il tuo Comune", exact=True).select_option("offanengo")
    tab.get_by_role("button", name="Mostra").click()

    assert tab.get_by_role("heading", name="Offanengo è invitato.").is_visible()
