"""Pages fit where they are read: small, enlarged, printed, still, without scripts."""

import re
from io import BytesIO

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import expect
from pypdf import PdfReader

from .screens import look

SIDES = ("top", "right", "bottom", "left")
TOO_WIDE = """() => {
  const width = document.scrollingElement.scrollWidth;
  const out = [...document.querySelectorAll('*')].filter((part) => part.getBoundingClientRect().right > innerWidth);
  return width <= innerWidth ? [] : [`${width} px wide`, ...out.map((part) => part.outerHTML.slice(0, 120))];
}"""
# Even a colour that fades: whoever asks for stillness gets it.
MOVING = look("""() => [...document.querySelectorAll('*')].filter((element) => {
  const style = getComputedStyle(element);
  return [style.transitionDuration, style.animationDuration].join().split(',').some((time) => parseFloat(time) > 0.01)
    || style.scrollBehavior === 'smooth';
}).map((element) => element.outerHTML.slice(0, 120))""")
SCREENS = {
    "320 px": look(TOO_WIDE, viewport={"width": 320, "height": 800}),
    # What is left of 1280 by 1024 when the reader enlarges.
    "200 %": look(TOO_WIDE, viewport={"width": 640, "height": 512}, device_scale_factor=2),
    "400 %": look(TOO_WIDE, viewport={"width": 320, "height": 256}, device_scale_factor=4),
}
IS_PRINTED = """const isPrinted = (part) => {
  const {width, height} = part.getBoundingClientRect();
  return width > 0 && height > 0 && getComputedStyle(part).visibility === 'visible';
}"""
UNPRINTED = look(
    f"""() => {{
  {IS_PRINTED};
  const missing = [...document.querySelectorAll('main :is(.lead, .reading p)')].filter((part) => !isPrinted(part));
  const title = document.querySelector('h1');
  return [...title && isPrinted(title) ? [] : ['the title'], ...missing.map((part) => part.outerHTML.slice(0, 120))];
}}""",
    media="print",
)
TO_CLICK = look(
    f"""() => {{
  {IS_PRINTED};
  const parts = [...document.querySelectorAll('form, button, nav')];
  return parts.filter(isPrinted).map((part) => part.outerHTML.slice(0, 120));
}}""",
    media="print",
)


@pytest.mark.any_database
@pytest.mark.parametrize("screen", SCREENS)
def test_pages_need_no_sideways_scrolling(results_of, screen):
    assert results_of(SCREENS[screen]) == {}


@pytest.mark.any_database
def test_long_word_widens_no_small_page(chromium):
    word = "precipitevolissimevolmente" * 2
    (style,) = settings.BASE_DIR.glob("static/dist/**/portal.css")
    path = render_to_string("components/breadcrumb.html", {"url": "/argomenti/", "label": word, "page_title": word})
    written = "".join(f"<{tag}>{word}</{tag}>" for tag in ("h1", "h2", "h3", "p"))
    page = chromium.new_page(viewport={"width": 320, "height": 800})

    page.set_content(f"<main><div class='container-xxl'>{path}{written}</div></main>")
    page.add_style_tag(content=style.read_text(encoding="utf-8"))

    assert page.evaluate(TOO_WIDE) == []


@pytest.mark.any_database
def test_what_else_links_lead_to_needs_no_sideways_scrolling(visit, others):
    wide = {path: visit(path, viewport={"width": 320, "height": 800}).evaluate(TOO_WIDE) for path in others}

    assert {path: faults for path, faults in wide.items() if faults} == {}


@pytest.mark.any_database
def test_title_and_text_are_printed(results_of):
    assert results_of(UNPRINTED) == {}


@pytest.mark.any_database
def test_heading_is_printed_with_what_it_is_of(visit):
    pdf = visit("/iniziative/cer-del-cremasco/").pdf(format="A4", margin=dict.fromkeys(SIDES, "1.27cm"))
    pages = [[line.strip() for line in page.extract_text().splitlines()] for page in PdfReader(BytesIO(pdf)).pages]

    (headed,) = (page for page in pages if "I Comuni" in page)
    assert any("Nessuna notizia" in line for line in headed)  # the map


@pytest.mark.any_database
def test_printed_pages_show_nothing_to_click(results_of):
    assert results_of(TO_CLICK) == {}


@pytest.mark.any_database
def test_paper_is_white_in_the_dark_too(chromium, portal):
    tab = chromium.new_page(base_url=portal.base)
    tab.emulate_media(media="print", color_scheme="dark")
    tab.goto("/")

    colours = tab.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")

    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


@pytest.mark.any_database
def test_nothing_moves_for_those_who_ask(results_of):
    assert results_of(MOVING) == {}


@pytest.fixture
def without_scripts(visit):
    return lambda path: visit(path, java_script_enabled=False, viewport={"width": 320, "height": 800})


def test_search_works_without_scripts(without_scripts):
    tab = without_scripts("/")

    tab.get_by_role("banner").get_by_role("link", name="Cerca").click()
    tab.get_by_role("searchbox").fill("energia")
    tab.get_by_role("button", name="Cerca").click()

    expect(tab).to_have_url(re.compile("q=energia"))
    expect(tab.get_by_role("article").first).to_be_visible()


def test_filters_work_without_scripts(without_scripts):
    tab = without_scripts("/novita/")

    tab.get_by_label("Argomento").select_option("cer")
    tab.get_by_role("button", name="Mostra").click()

    expect(tab).to_have_url(re.compile("argomento=cer"))
    expect(tab.get_by_role("article").first).to_be_visible()


def test_comune_can_be_chosen_without_scripts(without_scripts):
    tab = without_scripts("/")

    tab.get_by_label("Il tuo Comune", exact=True).select_option("crema")
    tab.get_by_role("button", name="Vai al Comune").click()

    expect(tab).to_have_url(re.compile("/comuni/crema/$"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Crema")


def test_menu_works_without_scripts(without_scripts):
    tab = without_scripts("/")

    tab.get_by_role("button", name="Menu").click()
    tab.get_by_role("navigation", name="Principale").get_by_role("link", name="Novità").click()

    expect(tab).to_have_url(re.compile("/novita/$"))


def test_bold_can_be_told_from_the_text_around(visit_alone):
    tab = visit_alone("/incorpora/")
    tab.locator("summary", has_text="WordPress").click()
    bold = tab.locator("details[open] strong").first
    drawn = bold.screenshot()

    bold.evaluate("part => { part.style.fontWeight = 'inherit' }")

    assert bold.screenshot() != drawn
