"""Acronyms are explained where they are first met, and only there."""

import pytest

from areaomogenea.topics.glossary import explain

from .factories import make_communique, make_term, make_topic

pytestmark = pytest.mark.any_database  # how a text is written with its terms
CER = {"acronym": "CER", "slug": "cer", "expansion": "Comunità energetica rinnovabile"}
CERL = {"acronym": "CERL", "slug": "cerl", "expansion": "Comunità energetica lombarda"}
MARKED = '<a class="term" href="/glossario/#cer"><abbr title="Comunità energetica rinnovabile">CER</abbr></a>'


def test_first_use_is_explained_and_the_others_left_alone():
    assert explain("<p>La CER, poi la CER.</p>", [CER]) == f"<p>La {MARKED}, poi la CER.</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<h2>La CER</h2>",
        '<p><a href="/x">la CER</a></p>',
        "<p><a>CER e <strong>CER</strong></a></p>",
        '<p><abbr title="x">CER</abbr></p>',
        '<p><a title="CER">qui</a></p>',
        "<p>CERtezza, ACER, cer</p>",
    ],
)
def test_headings_links_attributes_and_other_words_are_left_alone(html):
    assert explain(html, [CER]) == html


def test_longest_acronym_wins():
    assert "#cerl" in explain("<p>La CERL</p>", [CER, CERL])


def test_expansion_cannot_break_the_markup():
    hostile = CER | {"expansion": '"><script>alert(1)</script>'}

    assert "<script>" not in explain("<p>CER</p>", [hostile])


@pytest.mark.django_db
def test_page_explains_and_the_stored_text_stays_as_it_was(client):
    make_term(acronym="CER", slug="cer", expansion="Comunità energetica rinnovabile")
    communique = make_communique(body="<p>La CER nasce.</p>")

    assert MARKED in client.get(communique.get_absolute_url()).text
    communique.refresh_from_db()
    assert communique.body == "<p>La CER nasce.</p>"


@pytest.mark.django_db
def test_glossary_leads_to_the_topic(client):
    make_term(acronym="CER", explanation="Si divide l’energia.", topic=make_topic(slug="energia", name="Energia"))

    page = client.get("/glossario/").text

    assert "Si divide l’energia." in page
    assert "/argomenti/energia/" in page
