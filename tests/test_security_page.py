"""The page on security: every point has a state, and every test that it names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "sicurezza.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if re.match(r"\| \d", line)]
STATES = {"tenuto", "aperto", "altrove", "non serve"}

pytestmark = pytest.mark.any_database


def test_each_point_says_its_state_once():
    assert [row for row in ROWS if len(row) != 5 or row[2] not in STATES] == []
    assert len({row[0] for row in ROWS}) == len(ROWS) > 100


def test_what_is_held_has_its_test_or_its_reason():
    assert [row[0] for row in ROWS if row[2] == "tenuto" and row[4] == "–"] == []


def test_every_test_that_the_page_names_exists():
    named = set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE))
    absent = [
        (path, name)
        for path, name in named
        if not (ROOT / path).exists() or (name and f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8"))
    ]

    assert named
    assert absent == []
