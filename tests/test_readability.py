"""Sentences as Italian writes them, and the index that says how hard they are."""

import pytest

from areaomogenea.prose.readability import gulpease, readability, sentences


@pytest.mark.parametrize(
    "parts",
    [
        ["Il ponte apre lunedì.", "La strada resta chiusa!", "Perché?", "Lo dice il Comune…", "E poi"],
        ["Lo dice il dott. Rossi con la sig.ra Bianchi."],
        ["Vedi l’art. 3 e il n. 12 del regolamento, pag. 4."],
        ["Gli uffici, le scuole ecc. Restano chiusi."],
        ["Padania Acque S.p.A. Crema è fra i soci."],
        ["Lo gestisce Padania Acque S.p.A.", "Il servizio resta attivo."],
        ["Costa 3.500,50 euro alle 18.30 di sera."],
        ["G. Verdi era presente."],
        ["«Siamo pronti.»", "Lo ha detto il sindaco."],
        ["1. Compila la domanda."],
        ["Il termine è il 3 marzo.", "20 domande sono già arrivate."],
        ["Tre punti... e poi basta."],
    ],
    ids=lambda parts: parts[0],
)
def test_sentences_end_where_a_reader_pauses(parts):
    assert [sentence.text for sentence in sentences(" ".join(parts))] == parts


def test_each_block_ends_a_sentence():
    assert [sentence.text for sentence in sentences("Servono:\nla domanda;\n—\nun documento")] == [
        "Servono:",
        "la domanda;",
        "un documento",
    ]


def test_index_is_that_of_the_formula():
    text = sentences("Il gatto dorme. La casa ha un tetto rosso.")  # 9 words, 33 letters, 2 sentences

    assert [sentence.words for sentence in text] == [3, 6]
    assert gulpease(text) == min(100, round(89 + (300 * 2 - 10 * 33) / 9))


def test_web_address_is_one_short_word():
    [sentence] = sentences("Leggi https://www.example.org/una/pagina/molto/lunga.html e scrivi")

    assert sentence.counts == (4, len("Leggisitoescrivi"))


EASY = (
    "Il Comune apre un nuovo ufficio. Si trova in piazza. Apre alle nove. Chiude alle sei. Tutti possono entrare. " * 2
)
HARD = (
    "L’amministrazione comunale, nell’ambito della programmazione pluriennale degli interventi infrastrutturali, "
    "ha approvato definitivamente la documentazione progettuale concernente la riqualificazione complessiva "
    "dell’illuminazione pubblica sovracomunale. "
)


def test_easy_and_hard_texts_stand_apart():
    easy, hard = readability(EASY), readability(HARD * 2)

    assert (easy.meaning, hard.meaning) == (
        "facile per chi ha la licenza elementare",
        "difficile anche per chi ha un diploma",
    )


def test_hardest_sentences_come_first():
    assert readability(EASY + HARD).hardest[0].text == HARD.strip()


def test_short_text_is_not_measured():
    assert readability("Il ponte apre lunedì.") is None


def test_names_in_a_list_do_not_make_a_text_look_easy():
    names = "\n".join(["Crema", "Offanengo", "Ripalta Cremasca"] * 20)

    assert readability(f"{HARD * 2}\n{names}").index == readability(HARD * 2).index
