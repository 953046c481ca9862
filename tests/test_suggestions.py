"""What a text is about: topics and Comuni that are certain, and those that it only touches on."""

import pytest

from areaomogenea.quality.suggestions import LONGEST_OPENING, Written
from tests.suggestion_cases import CASES, answers, demo_suggester


@pytest.fixture(scope="module")
def suggester():
    return demo_suggester()


@pytest.mark.parametrize(("title", "text", "topics", "places", "perhaps"), CASES)
def test_text_suggests_what_it_is_about_and_asks_about_the_rest(suggester, title, text, topics, places, perhaps):
    assert answers(suggester, title, text) == (topics, places, perhaps)


def test_opening_goes_on_until_it_says_something_and_no_further():
    greeting = Written("Titolo", "Gentili cittadini,\n" + "la biblioteca apre. " * 6 + "\nIl resto.")
    endless = Written("Titolo", "parola " * 400)

    assert greeting.rest == "\nIl resto."
    assert len(endless.opening) <= LONGEST_OPENING


def test_parts_of_a_text_lose_no_word():
    written = Written(" Il  titolo ", "Uno.\nDue.\n" + "tre " * 300, "Il sottotitolo", "In breve")

    assert written.text.split() == ["Il", "titolo", "Il", "sottotitolo", "In", "breve", "Uno.", "Due.", *["tre"] * 300]
