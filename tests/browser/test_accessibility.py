"""axe-core finds nothing against WCAG 2.2 AA, at any width and in both colour schemes."""

from collections import defaultdict

import pytest

from .screens import HALVES, half_of, on_screens
from .served import ROOT
from .shapes import made_anew
from .test_layout import TOO_WIDE

pytestmark = pytest.mark.any_database
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL, COLOURS = {"type": "tag", "values": RULES}, {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# A style sheet that axe would fetch again to read it is stopped by the content policy of the desk.
RUN = "what => axe.run({runOnly: what, resultTypes: ['violations'], preload: false})"
# Where each element lies, and whether it is seen: what a page is but for its colours, as long as its elements stay.
DRAWN = """() => [...document.querySelectorAll('*')].map((element) => {
  const {x, y, width, height} = element.getBoundingClientRect();
  return [x, y, width, height, getComputedStyle(element).visibility];
}).join()"""

# The contrast of each cell of the map with the line around it, as WCAG reckons it.
CONTRASTS = """() => {
  const light = (colour) => {
    const [red, green, blue] = colour.match(/[\\d.]+/g).map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  return [...document.querySelectorAll('.mosaic-map path')].map((cell) => {
    const {fill, stroke} = getComputedStyle(cell);
    const [dark, bright] = [light(fill), light(stroke)].sort((one, other) => one - other);
    return bright / dark;
  });
}"""


def bring_axe(tab):
    """Into the page that a click has brought, once it is all there: a click returns when its first byte is."""
    tab.wait_for_load_state()
    tab.evaluate(AXE)


def judged(tab, widths=()):
    """For each screen, what axe has against the page on it: the names of its rules, with what breaks them.

    Where the second scheme only colours what the first has drawn, only colours are judged again.
    """
    bring_axe(tab)
    drawn = {}
    for screen in on_screens(tab, widths) if widths else [""]:
        before, now = drawn.get(tab.viewport_size["width"]), tab.evaluate(DRAWN)
        drawn[tab.viewport_size["width"]] = now
        violations = tab.evaluate(RUN, COLOURS if before == now else ALL)["violations"]
        yield screen, [(rule["id"], node) for rule in violations for node in rule["nodes"]]


def violations(tabs, widths=()):
    """What axe has against the pages, in words; each with the addresses where it is, since headers repeat.

    On the screen as it is or, with widths, at each of them in both colour schemes.
    """
    pages = defaultdict(list)
    for tab in tabs:
        for screen, nodes in judged(tab, widths):
            for rule, node in nodes:
                pages[f"{rule}: {node['html'][:200]}\n{node['failureSummary']}"].append(f"{tab.url} {screen}")
    return "\n\n".join(f"{text}\n{len(urls)} times, first at {urls[0]}" for text, urls in pages.items())


@pytest.mark.parametrize("half", HALVES)
def test_pages_have_no_violation(visit_alone, pages, half):
    text = violations(map(visit_alone, half_of(pages.values(), half)), widths=[320, 768, 1280])

    assert not text, text


def test_what_else_links_lead_to_has_no_violation(visit, crawled, pages, others):
    """Of the pages of many Comuni and many texts, those in which anything is made otherwise than in the others."""
    known = [crawled[path].text for path in pages.values() if path in crawled]
    looked_at = list(made_anew({path: crawled[path].text for path in others}, known))

    text = violations(map(visit, looked_at))

    assert looked_at
    assert not text, text


def test_feed_that_somebody_opens_has_no_violation_and_fits(visit_alone):
    tab = visit_alone("/feed/rss.xml?argomento=cer")

    text = violations([tab], widths=[320, 768, 1280])

    assert not text, text
    assert [part for _ in on_screens(tab, [320, 768, 1280]) for part in tab.evaluate(TOO_WIDE)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_map_is_read_without_its_colours(visit, portal, scheme):
    contrasts = visit(portal.addresses["municipalities:index"], color_scheme=scheme).evaluate(CONTRASTS)

    assert len(contrasts) == 48
    assert min(contrasts) >= 3
