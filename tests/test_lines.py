"""Lines that a screen shows whole: what no formatter breaks for us is held to its length here."""

import csv

import pytest
from django.conf import settings

LONGEST = 160


def sources(folder, *suffixes):
    return sorted(path for path in (settings.BASE_DIR / folder).rglob("*") if path.suffix in suffixes)


def long_lines(path):
    return sum(len(line) > LONGEST for line in path.read_text(encoding="utf-8").splitlines())


@pytest.mark.any_database
def test_style_sheets_and_scripts_are_read_without_scrolling():
    assert [path for path in sources("static/src", ".scss", ".css", ".js") if long_lines(path)] == []


@pytest.mark.any_database
def test_templates_with_longer_lines_are_known_and_only_become_fewer():
    """The table says how many each still has: who breaks one takes it off, and nobody adds any."""
    with (settings.BASE_DIR / "tests/data/long-template-lines.csv").open(encoding="utf-8") as table:
        known = {row["template"]: int(row["lines"]) for row in csv.DictReader(table)}
    counts = {path: long_lines(path) for path in sources("templates", ".html", ".txt", ".svg", ".xml")}

    assert {str(path.relative_to(settings.BASE_DIR / "templates")): n for path, n in counts.items() if n} == known
