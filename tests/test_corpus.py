"""The forms of offices, in the files that Word and LibreOffice write: each gives its draft, and loses no word."""

import pytest

from .corpus import CASES
from .reading import reading_of
from .suggestion_cases import demo_suggester


@pytest.fixture(scope="module")
def suggester():
    return demo_suggester()


@pytest.mark.parametrize(("source", "dialect"), CASES, ids=str)
def test_form_gives_its_draft(source, dialect, suggester):
    reading = reading_of(source, dialect, suggester)

    right = {field: value for field, value in source.expected.items() if field not in source.missed}
    assert {field: reading.fields[field] for field in right} == right
    assert reading.wrong(source.expected) == source.missed
    assert source.doubts - reading.doubts == set()
    assert (dict(reading.lost), dict(reading.invented)) == ({}, {})
