"""The real portal with its demo contents, and a real Chromium to visit it."""

import json
import os
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.addresses import public_patterns

from .chromium import launch
from .desks import Desk
from .screens import LOOKS
from .served import Portal, empty_database
from .shapes import shape_of

FOLDER = Path(__file__).parent
PATIENCE = 20_000  # milliseconds: a state is waited for, and a busy machine comes to it late
FRAMES = {"embed_list", "embed_card"}  # parts of other sites' pages: tests/browser/test_embeds.py looks after them


def pytest_collection_modifyitems(items):
    """What pages are made of is told before any test has changed what they show."""
    numbers = [number for number, item in enumerate(items) if item.path.is_relative_to(FOLDER)]
    told_first = sorted((items[number] for number in numbers), key=lambda item: "tell_shape" not in item.fixturenames)
    for number, item in zip(numbers, told_first, strict=True):
        items[number] = item


@pytest.fixture(scope="package", autouse=True)
def _patience():
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def portal(tmp_path_factory):
    folder = tmp_path_factory.mktemp("portal")
    with empty_database(folder) as database:
        portal = Portal(database, folder / "media")
        try:
            portal.wait()
            portal.make_scenery()
            yield portal
        finally:
            portal.stop()


@pytest.fixture(scope="package")
def crawled(portal):
    """What links lead to: answers by path."""
    return portal.crawl()


@pytest.fixture(scope="package")
def pages(portal):
    """Paths of pages by name: one behind each door, and their states."""
    return {name: path for name, path in portal.addresses.items() if name not in FRAMES and portal.get(path).is_page}


@pytest.fixture(scope="package")
def others(crawled, pages):
    """Paths of the other pages that links lead to."""
    known = set(pages.values())
    return [path for path, answer in crawled.items() if answer.is_page and path not in known and "?" not in path]


@pytest.fixture(scope="package")
def tell_shape(pytestconfig):
    """tell_shape(name, html): notes what a page is made of where --tell-shapes wants it."""
    place = pytestconfig.getoption("tell_shapes")
    with Path(place or os.devnull).open("w", encoding="utf-8") as file:

        def tell_shape(name, html):
            shape = shape_of(html)
            assert any(line.startswith("html ") for line in shape), f"{name} is no page."
            file.writelines(f"{name}: {line}\n" for line in shape)

        yield tell_shape


@pytest.fixture(scope="package")
def page_paths(pages):
    """Paths of pages by name: one behind each door, without their states."""
    return {pattern.name: pages[pattern.name] for pattern in public_patterns() if pattern.name in pages}


@pytest.fixture(scope="package")
def chromium():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def visit(chromium, portal):
    """visit(path, **how): the page of Playwright at that path; one tab for each way of looking at pages.

    With media="print" it is looked at as it would be on paper.
    """
    tabs = {}

    def visit(path, media=None, **how):
        how = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"} | how
        if (way := f"{media} {how}") not in tabs:
            tabs[way] = chromium.new_page(base_url=portal.base, **how)
            tabs[way].emulate_media(media=media)
        tab = tabs[way]
        tab.goto(path)
        return tab

    return visit


@pytest.fixture
def visit_alone(chromium, portal):
    """visit_alone(path): as visit, in a tab of this test, which may change its screen."""
    tab = chromium.new_page(base_url=portal.base, reduced_motion="reduce")

    def visit_alone(path):
        tab.goto(path)
        return tab

    yield visit_alone
    tab.close()


@pytest.fixture
def reader(chromium, portal):
    """reader(**how): a tab of somebody who has never been here."""
    contexts = []

    def reader(**how):
        contexts.append(chromium.new_context(base_url=portal.base, reduced_motion="reduce", **how))
        return contexts[-1].new_page()

    yield reader
    for context in contexts:
        context.close()


@pytest.fixture(scope="package")
def results_of(visit, pages):
    """found_on(look): what its script finds against each page; pages without fault are left out."""

    def answers_of(tab, way):
        return {script: tab.evaluate(script) for script in LOOKS[way]}

    @cache
    def answers(way):
        return {path: answers_of(visit(path, **json.loads(way)), way) for path in pages.values()}

    def found_on(look):
        way, script = look
        return {path: results[script] for path, results in answers(way).items() if results[script]}

    return found_on


@pytest.fixture(scope="package")
def people(chromium, portal):
    """Everybody of the demo's desk; each enters once."""
    desk = Desk(chromium, portal)
    yield desk
    desk.close()


@pytest.fixture
def at_desk(people):
    """at_desk(role, path, **how): a tab of that person; all are closed when the test ends."""
    yield people
    people.close()
