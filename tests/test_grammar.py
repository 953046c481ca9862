"""Italian nouns and what agrees with them: in the sentences that Django says at the desk too."""

import pytest
from django.apps import apps
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, trans_real

from areaomogenea.desk.sentences import OurItalian
from areaomogenea.prose.grammar import Sentence

from .factories import rome


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("iniziativa", "L’iniziativa è stata letta. Un’iniziativa, un’altra iniziativa, questa iniziativa."),
        ("comunicato", "Il comunicato è stato letto. Un comunicato, un altro comunicato, questo comunicato."),
        ("Comune", "Il Comune è stato letto. Un Comune, un altro Comune, questo Comune."),
        ("immagine", "L’immagine è stata letta. Un’immagine, un’altra immagine, questa immagine."),
        ("persona", "La persona è stata letta. Una persona, un’altra persona, questa persona."),
        ("spostamento", "Lo spostamento è stato letto. Uno spostamento, un altro spostamento, questo spostamento."),
        (
            "identità del sito",
            (
                "L’identità del sito è stata letta. Un’identità del sito, un’altra identità del sito, "
                "questa identità del sito."
            ),
        ),
        (
            "hub degli annunci",
            (
                "L’hub degli annunci è stato letto. Un hub degli annunci, un altro hub degli annunci, "
                "questo hub degli annunci."
            ),
        ),
        ("Nome", "Il nome è stato letto. Un nome, un altro nome, questo nome."),
        ("PEC", "La PEC è stata letta. Una PEC, un’altra PEC, questa PEC."),
    ],
)
def test_article_and_participle_agree_with_the_noun(noun, expected):
    sentence = Sentence("{0:Il} è stat{0:o} lett{0:o}. {0:Un}, {0:altro}, {0:questo}.")

    assert sentence % noun == sentence.format(noun) == expected


@pytest.mark.parametrize(
    ("singular", "one", "many"),
    [
        ("iniziativa", "tutta l’iniziativa", "tutte le iniziative"),
        ("comunicato", "tutto il comunicato", "tutti i comunicati"),
        ("argomento", "tutto l’argomento", "tutti gli argomenti"),
        ("Comune", "tutto il Comune", "tutti i Comuni"),
        ("voce del glossario", "tutta la voce del glossario", "tutte le voci del glossario"),
        ("spostamento", "tutto lo spostamento", "tutti gli spostamenti"),
    ],
)
def test_plural_is_known_from_the_model(singular, one, many):
    plurals = {str(model._meta.verbose_name): str(model._meta.verbose_name_plural) for model in apps.get_models()}

    assert Sentence("{name:tutti}") % {"name": singular} == one
    assert Sentence("{name:tutti}") % {"name": plurals[singular]} == many


def test_each_of_two_nouns_has_its_article():
    assert Sentence("{0:altro}") % "scadenza o incontro" == "un’altra scadenza o un altro incontro"
    assert Sentence("{0:Il}") % "scadenza o incontro" == "La scadenza o l’incontro"


ARTICLES = {
    "Comune": "il Comune",
    "argomento": "l’argomento",
    "collegamento": "il collegamento",
    "comunicato": "il comunicato",
    "gruppo": "il gruppo",
    "hub degli annunci": "l’hub degli annunci",
    "identità del sito": "l’identità del sito",
    "immagine": "l’immagine",
    "indirizzo cercato e non trovato": "l’indirizzo cercato e non trovato",
    "indirizzo del vecchio sito": "l’indirizzo del vecchio sito",
    "iniziativa": "l’iniziativa",
    "persona": "la persona",
    "pubblicazione": "la pubblicazione",
    "voce del glossario": "la voce del glossario",
}


@pytest.mark.parametrize(("noun", "expected"), ARTICLES.items())
def test_every_model_of_the_desk_has_its_article(noun, expected):
    assert Sentence("{0:il}") % noun == expected


def test_every_sentence_of_ours_answers_one_of_django():
    keys = set(OurItalian()._catalog)
    django = set(trans_real.DjangoTranslation("it")._catalog.keys()) | UNTRANSLATED

    assert {key if isinstance(key, str) else key[0] for key in keys} <= {
        key if isinstance(key, str) else key[0] for key in django
    }


# Django asks for these, and has no Italian for them.
UNTRANSLATED = {
    "Error:",
    "Model name",
    "Add link",
    "Change or view list link",
    "Enter a valid domain name.",
    "Enter a valid %(protocol)s address.",
    "%(model)s instance with %(field)s %(value)r is not a valid choice.",
}


def test_sentence_of_one_and_of_many():
    messages = "Please correct the error below.", "Please correct the errors below."

    assert [ngettext(*messages, number) for number in (1, 2)] == [
        "Correggi l’errore qui sotto.",
        "Correggi gli errori qui sotto.",
    ]


def test_sentence_goes_on():
    text = gettext("The {name} “{obj}” was added successfully.") + " " + gettext("You may edit it again below.")

    assert text.format(name="immagine", obj="Piazza") == (
        "L’immagine «Piazza» è stata aggiunta. Qui sotto si può ancora cambiare."
    )


def test_days_and_months_are_small():
    assert date_format(rome(2026, 11, 30, 4, 37), "DATETIME_FORMAT") == "lunedì 30 novembre 2026, 04:37"
