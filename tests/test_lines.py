"""Lines that a screen shows whole: what no formatter breaks for us is held to its length here."""

import pytest
from django.conf import settings

LONGEST = 160


def sources(folder, *suffixes):
    return sorted(path for path in (settings.BASE_DIR / folder).rglob("*") if path.suffix in suffixes)


def long_lines(path):
    return [line for line in path.read_text(encoding="utf-8").splitlines() if len(line) > LONGEST]


@pytest.mark.any_database
def test_style_sheets_and_scripts_are_read_without_scrolling():
    assert [path for path in sources("static/src", ".scss", ".css", ".js") if long_lines(path)] == []


@pytest.mark.any_database
def test_templates_are_read_without_scrolling():
    assert [path for path in sources("templates", ".html", ".txt", ".svg", ".xml") if long_lines(path)] == []
