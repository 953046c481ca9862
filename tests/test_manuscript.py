"""One communiqué as its author sends it: what is title, date, letterhead and text, and that no word is lost."""

import datetime
import random

import pytest

from areaomogenea.prose.blocks import Block
from areaomogenea.prose.document_reader import parsed
from areaomogenea.prose.plaintext import lines_of
from areaomogenea.prose.typography import words
from news.archive import NEWS, PRESS_RELEASE
from news.manuscript import read_manuscript

from .manuscripts import WordFile
from .test_archive import SAMPLE, SENTENCE, codes

PROGRAMME = "Due giorni di incontri\n\n12 Marzo 2024\nSaluti\n\n13 Marzo 2024\nVisite"


def item_of(text, **how):
    [item] = read_manuscript(lines_of(text), **how)
    return item


def bold(text):
    return Block(f"<p><strong>{text}</strong></p>", emphasis="strong")


def paragraph(text):
    return Block(f"<p>{text}</p>")


def test_text_without_heading_and_date_is_complete_and_no_date_is_invented():
    item = item_of(f"Il nuovo orario\n\n{SENTENCE}")

    assert (item.title, item.body, item.date, item.is_complete) == ("Il nuovo orario", f"<p>{SENTENCE}</p>", None, True)
    assert codes(item) == ["date-missing", "summary-suggested"]


@pytest.mark.parametrize(
    "line",
    [
        "Crema, 5 dicembre 2023",
        "Crema, lì 5 dicembre 2023",
        "Crema li 5 Dicembre 2023.",
        "Crema, martedì 5 dicembre 2023",
        "Casaletto di Sopra, 05/12/2023",
        "5 dicembre 2023",
        "5 Dicembre 2023",
        "Data Articolo: Martedì, 5 Dicembre, 2023 - 11:00",
    ],
)
@pytest.mark.parametrize("text", ["{}\n\nIl lavoro\n\n" + SENTENCE, "Il lavoro\n\n" + SENTENCE + "\n\n{}\n\nL’ufficio"])
def test_line_of_place_and_date_is_the_date(line, text):
    item = item_of(text.format(line))

    assert (item.title, item.date) == ("Il lavoro", datetime.date(2023, 12, 5))
    assert item.doubts[0] == ("date-read", f"«{line}» è presa per data del comunicato, e tolta dal testo.")
    assert line not in item.text


@pytest.mark.parametrize(
    "line", ["Il 5 dicembre 2023 si apre", "Scadenza 5 dicembre 2023", "16.10.2022", "Crema, 31 novembre 2023"]
)
def test_other_dates_stay_in_the_text(line):
    item = item_of(f"Il lavoro\n\n{SENTENCE}\n{line}")

    assert (item.date, codes(item)[0]) == (None, "date-missing")
    assert line in item.text


def test_two_dates_decide_nothing():
    item = item_of(PROGRAMME, is_one=True)

    assert (item.date, codes(item)[0]) == (None, "date-several")
    assert "12 Marzo 2024" in item.text


def test_entries_of_a_programme_are_no_communiques():
    assert len(read_manuscript(lines_of(PROGRAMME))) == 1


def test_listing_gives_all_its_items_unless_it_is_one():
    lines = lines_of(SAMPLE.read_text(encoding="utf-8"))

    assert len(read_manuscript(lines)) == 6
    assert len(read_manuscript(lines, is_one=True)) == 1


def test_letterhead_is_left_out_and_quoted():
    head = "Comune di Offanengo\nUfficio stampa\n\nCOMUNICATO STAMPA n. 12/2024\n\n"
    item = item_of(f"{head}Il nuovo orario\n\n{SENTENCE}")

    assert (item.title, item.number, item.text) == ("Il nuovo orario", "12/2024", SENTENCE)
    assert (
        "letterhead",
        "Righe sopra il titolo, che non sono nella bozza: «Comune di Offanengo», «Ufficio stampa».",
    ) in (item.doubts)


def test_sentences_above_a_heading_are_no_letterhead():
    item = item_of(f"Il nuovo orario\n{SENTENCE}\nComunicato stampa\nSi apre alle nove.")

    assert item.title == "Il nuovo orario"
    assert "Comunicato stampa" in item.text


def test_kind_is_the_chosen_one_and_another_heading_is_a_doubt():
    item = item_of(f"Comunicato stampa\n\nIl lavoro\n\n{SENTENCE}", kind=NEWS)

    assert (item.kind, item.title) == (NEWS, "Il lavoro")
    assert "kind-differs" in codes(item)
    assert "kind-differs" not in codes(item_of(f"Comunicato stampa\n\nIl lavoro\n\n{SENTENCE}", kind=PRESS_RELEASE))


def test_first_bold_line_is_the_title_and_the_next_a_doubtful_subtitle():
    blocks = [paragraph("Comune di Crema"), bold("Il nuovo orario"), bold("Più ore per tutti"), paragraph(SENTENCE)]
    [item] = read_manuscript(blocks)

    assert (item.title, item.subtitle, item.text) == ("Il nuovo orario", "Più ore per tutti", SENTENCE)
    assert "title-or-subtitle" in codes(item)


def test_bold_lines_above_a_text_become_headings_without_bold_and_number():
    blocks = [
        bold("Il nuovo orario"),
        paragraph(SENTENCE),
        bold("1. Dove"),
        paragraph("In piazza."),
        bold("1.1 Quando"),
    ]
    [item] = read_manuscript([*blocks, paragraph("Di mattina."), bold("Vi aspettiamo")])

    assert item.body.splitlines()[1::2] == ["<h2>Dove</h2>", "<h3>Quando</h3>", "<p><strong>Vi aspettiamo</strong></p>"]
    assert [message for code, message in item.doubts if code.startswith("heading")] == [
        "Righe in grassetto, ora titoli di sezione: «1. Dove», «1.1 Quando». Se non lo sono, falle paragrafi.",
        "Righe in grassetto che forse sono titoli di sezione: «Vi aspettiamo».",
    ]


def test_bullets_typed_in_a_document_become_a_list_and_keep_their_emphasis():
    blocks = [paragraph("Gli orari"), paragraph("Si apre:"), bold("• il lunedì"), paragraph("• il martedì")]
    [item] = read_manuscript(blocks)

    assert item.body == "<p>Si apre:</p>\n<ul><li><strong>il lunedì</strong></li><li>il martedì</li></ul>"


def test_text_of_a_document_is_typeset_across_its_tags():
    text = "Lo <strong>\"sportello\"</strong> e' aperto: https://example.org/a?b=1&amp;c=2, <em>perche'</em> serve"
    [item] = read_manuscript([paragraph("Lo sportello"), paragraph(text)])

    assert item.body == (
        "<p>Lo “<strong>sportello</strong>” è aperto: "
        '<a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a>, <em>perché</em> serve</p>'
    )


@pytest.mark.parametrize("title", ["🎉🎉", "★", "🎉" * 300, "x" * 10_000, "parola " * 1500])
def test_strange_titles_are_doubts(title):
    item = item_of(f"{title}\n\n{SENTENCE}")

    assert 0 < len(item.title) <= 200
    assert {"title-unlikely", "title-too-long"} & set(codes(item))
    assert "…" not in item.title or title.strip() in item.text


def test_list_that_opens_a_document_lends_its_first_words_and_stays():
    [item] = read_manuscript([Block("<ul><li>Il pane</li><li>Il vino</li></ul>", Block.LIST), paragraph(SENTENCE)])

    assert (item.title, item.body) == ("Il pane", f"<ul><li>Il pane</li><li>Il vino</li></ul>\n<p>{SENTENCE}</p>")
    assert "title-unlikely" in codes(item)


@pytest.mark.slow
def test_any_lines_give_a_title_on_one_line():
    pool = [
        "",
        "Crema, 5 dicembre 2023",
        "6 Dicembre 2023",
        "COMUNICATO STAMPA",
        "Comune di Crema",
        SENTENCE,
        "•",
        "🎉",
    ]
    pool += ["  • uno", "16.10.2022", "foto.jpg", "Data Articolo:", "Il lavoro", "https://example.org/", "x" * 300]
    pool += [bold("Il ponte"), bold("Crema, 5 dicembre 2023"), Block("<h2>Gli orari</h2>", Block.HEADING)]
    pool += [Block("<ol><li>uno</li></ol>", Block.LIST), Block("<table><tr><td>a</td></tr></table>", Block.TABLE)]
    chance = random.Random(48)
    for _ in range(3000):
        chosen = chance.choices(pool, k=chance.randint(1, 9))
        lines = [line if isinstance(line, Block) else Block.line(line) for line in chosen]
        if any(lines):
            for item in read_manuscript(lines, is_one=chance.random() < 0.5):
                assert 0 < len(item.title) <= 200
                assert "\n" not in item.title + item.subtitle + item.summary


def test_words_of_a_document_are_the_words_of_the_draft():
    word = WordFile()
    texts = [
        "Il nuovo orario dell'ufficio",
        "Più ore per tutti",
        f'"{SENTENCE}"',
        "Gli orari",
        "Di mattina",
        "e' presto",
    ]
    texts += ["uno", "due", "tre", "Comune", "Ore", "Crema", "9-12", "L' ufficio  stampa risponde"]
    word.title(texts[0])
    word.text(texts[1], "Subtitle")
    word.run(word.text(texts[2]), "")
    word.heading(texts[3], 2)
    word.text(f"{texts[4]} ", bold=True)
    word.text(texts[5], italic=True)
    word.item(texts[6])
    word.item(texts[7], 1)
    word.text(f"• {texts[8]}")
    word.table(texts[9:11], texts[11:13])
    word.text(texts[13])

    [item] = read_manuscript(parsed(word.file()).blocks)

    assert words(" ".join([item.title, item.subtitle, item.text])) == words(" ".join(texts))


def test_signs_typed_in_a_document_become_lists_and_keep_their_emphasis():
    blocks = [paragraph("Il bando"), paragraph("Si chiede:"), paragraph("<strong>1)</strong> la <em>residenza</em>")]
    blocks += [paragraph("2) l’età"), paragraph("a) da 18"), paragraph("b) a 40 anni"), paragraph("- un modulo")]
    [item] = read_manuscript(blocks)

    assert item.body == (
        "<p>Si chiede:</p>\n<ol><li>la <em>residenza</em></li><li><p>l’età</p><ol><li>da 18</li>"
        "<li><p>a 40 anni</p><ul><li>un modulo</li></ul></li></ol></li></ol>"
    )


def test_letters_of_a_list_that_the_text_names_are_a_doubt():
    item = item_of("Il bando\n\na) residenza\nb) età\n\nDalla lettera b) sono esclusi gli studenti.")

    assert (
        "list-letters",
        "Le lettere di un elenco sono diventate numeri («a) residenza», «b) età»): il testo le nomina, correggilo.",
    ) in item.doubts


def test_table_of_tabs_is_a_table_and_a_doubt():
    item = item_of("Gli orari\n\nSi apre così.\nComune\tOre\nCrema\t9-12")

    assert item.body.endswith(
        '<table><tbody><tr><th scope="col">Comune</th><th scope="col">Ore</th></tr>'
        "<tr><td>Crema</td><td>9-12</td></tr></tbody></table>"
    )
    assert "table-of-tabs" in codes(item)


@pytest.mark.parametrize(
    "title",
    [
        "Firmato il protocollo per la legalità",
        "Il gruppo di prot. civile cerca volontari",
        "Il protocollo 2027 per l’ambiente",
        "Ai cittadini di Crema un nuovo sportello",
        "Il Sindaco incontra i cittadini",
        "Allegati alla scuola tre nuovi spazi",
    ],
)
def test_words_of_letters_in_a_title_are_words(title):
    item = item_of(f"{title}\n\n{SENTENCE}")

    assert (item.title, item.number, item.text) == (title, "", SENTENCE)


@pytest.mark.parametrize(
    "last",
    [
        "Il Sindaco di Crema ringrazia chi ha partecipato",
        "I cittadini mandano cordiali saluti al nuovo parroco, che arriva domenica prossima da Lodi con i suoi libri",
        "Allegati alla domanda servono due documenti.",
        "Per informazioni: Ufficio tributi, tel. 0373 000000",
        "Il Comune di Offanengo",
    ],
)
def test_last_lines_that_sign_nothing_stay(last):
    item = item_of(f"Il lavoro\n\n{SENTENCE}\n\n{last}")

    assert item.text.endswith(last)
