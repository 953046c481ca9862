"""The screens on which a page is looked at, without asking for it again on each."""

import json
from itertools import product

import pytest

HALVES = [pytest.param(0, id="first half"), pytest.param(1, id="second half")]
SCHEMES = ["light", "dark"]
# Colours that fade from one scheme to the other, as the links of the admin do, are there at once.
FINISH = (
    """() => document.getAnimations().filter((one) => one instanceof CSSTransition).forEach((one) => one.finish())"""
)


LOOKS = {}  # scripts by the way in which pages are looked at: one visit of each page answers them all


def look(script, **how):
    """A script to be asked of every page, visited so; found_on() tells what it finds."""
    way = json.dumps(how, sort_keys=True)
    LOOKS.setdefault(way, []).append(script)
    return way, script


def on_screens(tab, widths, schemes=SCHEMES):
    """Says in words on which screen the tab is: no script of ours asks for the width, so no page has to come anew."""
    for scheme, width in product(schemes, widths):
        tab.emulate_media(color_scheme=scheme)
        tab.set_viewport_size({"width": width, "height": 800})
        tab.evaluate(FINISH)
        yield f"{width} px, {scheme}"


def half_of(paths, half):
    """So that two runs, each on its database, share what cannot depend on it."""
    return [*paths][half::2]
