"""Topics explain before they list, and their addresses never die."""

import re

import pytest
from django.core.exceptions import ValidationError

from areaomogenea.topics.keywords import Passage

from .factories import make_communique, make_office, make_topic

pytestmark = pytest.mark.django_db


def test_page_explains_then_lists_pinned_first(client):
    topic = make_topic(name="Comunità energetiche", slug="cer", explanation="<h2>Che cos’è</h2><p>Energia.</p>")
    make_communique([topic], title="Quella recente")
    make_communique([topic], title="Quella importante", pinned=True)
    make_communique([topic], title="Bozza", status="draft")

    page = client.get("/argomenti/cer/").text

    assert page.index("Che cos’è") < page.index("Quella importante") < page.index("Quella recente")
    assert "Bozza" not in page


def test_sections_of_its_text_share_no_id_with_the_page(client):
    make_office([make_topic(slug="cer", explanation="<h2>Novità</h2><h2>Indice</h2><h2>Contatti</h2>")])

    ids = re.findall(r' id="([^"]+)"', client.get("/argomenti/cer/").text)

    assert len(ids) == len(set(ids))


def test_all_its_news_leads_to_the_list_of_this_topic(client):
    make_communique([make_topic(slug="cer")])

    assert "/novita/?argomento=cer" in client.get("/argomenti/cer/").text


def test_old_slugs_redirect_for_ever(client):
    topic = make_topic(slug="energia")
    for slug in ("comunita-energetiche", "cer"):
        topic.slug = slug
        topic.save()

    for old in ("energia", "comunita-energetiche"):
        response = client.get(f"/argomenti/{old}/")
        assert (response.status_code, response["Location"]) == (301, "/argomenti/cer/")


def test_nobody_may_take_an_old_slug():
    topic = make_topic(slug="energia")
    topic.slug = "cer"
    topic.save()

    with pytest.raises(ValidationError, match="porta già a «Argomento"):
        make_topic(slug="altro").__class__(slug="energia").clean()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nasce una comunità energetica", True),
        ("NASCONO COMUNITÀ ENERGETICHE", True),
        ("Il CER si riunisce", True),
        ("Un cero acceso", False),
        ("Il cer minuscolo", False),
    ],
)
def test_keywords_suggest_whole_words_and_acronyms_in_capitals(text, expected):
    topic = make_topic(slug="cer", keywords="comunità energetic*\nCER")

    assert bool(topic.passages(text)) is expected


@pytest.mark.parametrize("keywords", ["   ", "\n\n", "*", "?", "*?"])
def test_empty_keywords_suggest_nothing(keywords):
    assert make_topic(keywords=keywords).passages("Un testo qualsiasi?") == []


def test_suggestion_shows_the_passage():
    topic = make_topic(keywords="comunità energetic*")

    assert topic.passages("Le comunità energetiche") == [Passage(3, "comunità energetiche", is_weak=False)]
