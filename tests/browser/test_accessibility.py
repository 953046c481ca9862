"""axe-core finds nothing against WCAG 2.2 AA, at any width and in both colour schemes."""

from collections import defaultdict

import pytest

from .served import ROOT

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "rules => axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})"


def violations(tabs):
    """What axe has against the pages, in words; each with the addresses where it is, since headers repeat."""
    found = defaultdict(list)
    for tab in tabs:
        tab.evaluate(AXE)
        for rule in tab.evaluate(RUN, RULES)["violations"]:
            for node in rule["nodes"]:
                found[f"{rule['id']}: {node['html'][:200]}\n{node['failureSummary']}"].append(tab.url)
    return "\n\n".join(f"{text}\n{len(urls)} times, first at {urls[0]}" for text, urls in found.items())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_pages_have_no_violation(visit, pages, width, scheme):
    how = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}

    found = violations(visit(path, **how) for path in pages.values())

    assert not found, found


def test_what_else_links_lead_to_has_no_violation(visit, pages, crawled):
    others = [
        path for path, answer in crawled.items() if answer.is_page and path not in pages.values() and "?" not in path
    ]

    found = violations(visit(path) for path in others)

    assert not found, found
