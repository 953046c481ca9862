"""Everything can be reached with the Tab key, in sight, and left again."""

import re

import pytest

pytestmark = pytest.mark.any_database
PREPARE = """() => {
  // What shows focus: an outline, a shadow, or the stroke of what is drawn.
  const look = (element) => [element, ...element.querySelectorAll('*')].flatMap((part) =>
    [null, '::before', '::after'].map((layer) => {
      const style = getComputedStyle(part, layer);
      const outline = style.outlineStyle === 'none' || style.outlineWidth === '0px' ? '' : style.outline;
      return [outline, style.boxShadow, style.stroke, style.strokeWidth].join();
    })).join();
  // Some point of it, on a grid of 7 by 7, is covered by nothing else.
  const isSeen = (element) => [...element.getClientRects()].some((box) =>
    [1, 2, 3, 4, 5, 6, 7].some((x) => [1, 2, 3, 4, 5, 6, 7].some((y) =>
      element.contains(document.elementFromPoint(box.x + box.width * x / 8, box.y + box.height * y / 8)))));
  const faultOf = (element) =>
    !isSeen(element) ? 'is out of sight' : look(element) === atRest.get(element) ? 'looks as without focus' : '';

  const expected = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
    .filter((element) => element.tabIndex >= 0 && !element.disabled)
    .filter((element) => element.checkVisibility({visibilityProperty: true}));
  const atRest = new Map(expected.map((element) => [element, look(element)]));
  const met = new Map();
  // The key comes up when what it leads to has been brought into sight.
  window.isRound = false;
  let parts = 0; // of a date: day, month, year and calendar
  addEventListener('keyup', () => {
    const element = document.activeElement;
    if (window.isRound || element.tagName === 'IFRAME') return; // the stops within are those of another page
    parts = element.type === 'date' && element === [...met.keys()].at(-1) ? parts + 1 : 0;
    if (parts > 0 && parts < 4) return;
    window.isRound = element === document.body || met.has(element);
    if (!window.isRound) met.set(element, faultOf(element));
  }, true);
  window.faults = () => {
    for (const element of expected) if (!met.has(element)) met.set(element, 'is never reached');
    const faulty = [...met].filter(([, fault]) => fault);
    return faulty.map(([element, fault]) => `${element.outerHTML.slice(0, 160)} ${fault}`);
  };
}"""


def faults_on_the_way(tab):
    """Presses Tab until focus has gone round; what is wrong with the stops."""
    tab.evaluate(PREPARE)
    while not tab.evaluate("isRound"):
        for _ in range(8):
            tab.keyboard.press("Tab")
    return tab.evaluate("faults()")


@pytest.mark.parametrize("width", [320, 1280])
def test_tab_goes_round_every_page(visit, page_paths, width):
    how = {"viewport": {"width": width, "height": 800}}

    faults = [f"{path} {fault}" for path in page_paths.values() for fault in faults_on_the_way(visit(path, **how))]

    assert not faults, "\n".join(faults)


def test_first_stop_skips_to_the_contents(visit, page_paths):
    missed = []
    for path in page_paths.values():
        tab = visit(path)
        for key in ("Tab", "Enter", "Tab"):
            tab.keyboard.press(key)
        if not tab.evaluate("document.activeElement.closest('main') !== null"):
            missed.append(path)

    assert missed == []


def test_map_has_a_named_link_for_each_comune(visit, portal):
    tab = visit(portal.addresses["municipalities:index"])

    named = tab.get_by_role("group", name="Mappa").get_by_role("link", name=re.compile(r"\w"))

    assert len({link.get_attribute("href") for link in named.all()}) == 48
