"""The parser of past listings: what it recognises, what it doubts, and that no word is lost."""

import datetime
import random
from itertools import count, islice
from pathlib import Path

import pytest

from areaomogenea.prose.blocks import Block
from areaomogenea.prose.typography import words
from news.archive import HEADINGS, UnreadableArchive, encoding_of, item_fingerprint, read_listing
from news.kinds import KINDS

SAMPLE = Path(__file__).parent / "data" / "archivio-di-prova.txt"
SENTENCE = "Il Comune di Offanengo apre lo sportello ogni martedì, dalle nove a mezzogiorno."


def items_of(text):
    return list(read_listing(map(Block.line, text.splitlines(keepends=True))))


def item_of(text, closing="\n\n5 Dicembre 2023\n"):
    [item] = items_of(f"Comunicato stampa\n\n{text}{closing}")
    return item


def sample():
    return items_of(SAMPLE.read_text(encoding="utf-8"))


def codes(item):
    return [code for code, _ in item.doubts]


def test_items_come_in_the_order_of_the_listing():
    assert [(item.title, item.date and item.date.isoformat()) for item in sample()] == [
        ("Pandino riapre l’archivio storico dopo i lavori", "2023-12-05"),
        ("Due serate sulle acque delle rogge", "2023-12-04"),
        ("Un corso per i volontari delle biblioteche", "2023-11-28"),
        ("Mercato contadino - Ogni sabato a Vailate", None),
        ("Comunicato Stampa - Area Omogenea Cremasca - Gli uffici cambiano orario", None),
        ("La ciclovia arriva a Montodine", "2023-11-20"),
    ]


def test_doubts_say_what_an_editor_should_look_at():
    assert [codes(item) for item in sample()] == [
        ["image-caption", "summary-suggested"],
        ["image-caption", "summary-suggested", "relative-time"],
        ["list-first-member"],
        ["date-impossible", "summary-suggested", "weekday-mismatch"],
        ["image-caption", "title-holds-type", "date-missing", "summary-suggested"],
        ["summary-suggested"],
    ]


def test_no_word_of_the_sample_is_lost():
    titles_repeated_in_the_text = [1, 3, 5]
    dates = ["5 Dicembre 2023", "4 Dicembre 2023", "28 Novembre 2023", "31 Novembre 2023", "", "20 Novembre 2023"]
    read_words = words("Comunicato stampa")
    for number, (item, date) in enumerate(zip(sample(), dates, strict=True)):
        repeated = item.title if number in titles_repeated_in_the_text else ""
        read_words += words(" ".join([item.caption, item.title, repeated, item.subtitle, item.text, date]))

    assert read_words == words(SAMPLE.read_text(encoding="utf-8"))


def test_no_word_of_a_random_text_is_lost():
    ends, starts = [".", "", ":", ",", "!"], ["Il Comune ", "la strada ", "  • ", "https://example.org/", "E’ l‘"]
    breaks = ["\n", "\n\n", "\n\xa0\n"]
    chance = random.Random(48)
    for _ in range(500):
        # Numbers make each line different: what is said twice is a title, and dropped.
        lines = [f"{chance.choice(starts)}{n}{chance.choice(ends)}{chance.choice(breaks)}" for n in range(12)]
        text = f"Il lavoro\n\n{''.join(lines)}\n"
        item = item_of(text)
        assert words(f"{item.title} {item.subtitle} {item.text}") == words(text)


def test_line_glued_under_a_date_is_the_caption_of_the_next_item():
    pandino, rogge, *_ = sample()

    assert (pandino.caption, rogge.caption) == ("sala-lettura.jpg", "30.11.2023")
    assert rogge.doubts[0] == (
        "image-caption",
        "La riga «30.11.2023» sopra il titolo non è presa per data: sembra di un’immagine.",
    )


def test_title_glued_under_a_date_stays_the_title():
    _, item = items_of(f"Uno\n\n{SENTENCE}\n\n5 Dicembre 2023\nIl nuovo orario\n\n{SENTENCE}\n\n4 Dicembre 2023")

    assert (item.title, item.caption) == ("Il nuovo orario", "")
    assert "title-glued" in codes(item)


def test_long_caption_may_be_the_title():
    glued = "I sindaci davanti al municipio"
    _, item = items_of(f"Uno\n\n{SENTENCE}\n\n5 Dicembre 2023\n{glued}\n\nDue\n\n{SENTENCE}\n\n4 Dicembre 2023")

    assert (item.title, item.caption, codes(item)[0]) == ("Due", glued, "title-or-caption")


def test_second_date_in_words_is_a_doubt_about_the_date():
    _, item = items_of(f"Uno\n\n{SENTENCE}\n\n5 Dicembre 2023\n3 Dicembre 2023\n\nDue\n\n{SENTENCE}\n\n4 Dicembre 2023")

    assert (item.title, item.date, codes(item)[0]) == ("Due", datetime.date(2023, 12, 4), "date-above")


def test_repeated_title_is_dropped_and_the_line_below_is_the_subtitle():
    rogge = sample()[1]

    assert rogge.subtitle == "Letture e immagini nella sala di Soncino"
    assert rogge.body.startswith("<p>È cominciato ieri a Soncino")


def test_title_made_of_the_first_two_lines_drops_both():
    mercato = sample()[3]

    assert mercato.subtitle == ""
    assert mercato.body.startswith("<p>I banchi aprono alle otto e chiudono alle tredici, anche se piove: perché")


def test_lone_line_below_the_title_is_a_doubtful_subtitle():
    item = item_of(f"Il nuovo orario\n\nPiù ore per tutti\n\n{SENTENCE}")

    assert (item.subtitle, item.body) == ("Più ore per tutti", f"<p>{SENTENCE}</p>")
    assert "title-or-subtitle" in codes(item)


@pytest.mark.parametrize("repeated", ["Orario nuovo allo sportello", "Orario nuovo\nallo sportello del Comune"])
def test_title_told_in_other_words_is_taken_out_and_told(repeated):
    item = item_of(f"Nuovo orario allo sportello\n\n{repeated}\n\n{SENTENCE}")

    assert (item.body, item.subtitle) == (f"<p>{SENTENCE}</p>", "")
    assert dict(item.doubts)["title-reworded"] == (
        f"Sopra il testo stava un titolo un po’ diverso, ora tolto: «{repeated.replace(chr(10), ' ')}»."
    )


PAGE = f"""Area Omogenea

Nuovo regolamento per gli uffici

Tipo articolo:
Avviso

Data Articolo:
Lunedì, 17 Ottobre, 2022 - 11:00

{SENTENCE}

Allegato\tDimensione
Regolamento 16.10.2022623.26 KB
modulo.pdf\t94 KB
"""


def test_page_of_one_article_has_its_date_above_the_text():
    [item] = items_of(PAGE)

    assert (item.title, item.kind, item.date.isoformat()) == (
        "Nuovo regolamento per gli uffici",
        "avvisi",
        "2022-10-17",
    )
    assert (item.body, item.is_complete) == (f"<p>{SENTENCE}</p>", True)
    assert dict(item.doubts)["attachments-listed"] == (
        "Allegati della vecchia pagina, da caricare: «Regolamento 16.10.2022 (623.26 KB)», «modulo.pdf (94 KB)»."
    )


def test_pages_one_after_the_other_are_parted_at_their_titles():
    items = items_of(PAGE + PAGE.replace("Nuovo regolamento", "Vecchio regolamento").replace("17", "18"))

    assert [(item.title, item.date.day, item.body) for item in items] == [
        ("Nuovo regolamento per gli uffici", 17, f"<p>{SENTENCE}</p>"),
        ("Vecchio regolamento per gli uffici", 18, f"<p>{SENTENCE}</p>"),
    ]


def test_page_without_its_date_is_whole_and_asks_for_it():
    [item] = items_of(f"Nuovo regolamento\n\nTipo articolo: News\n\n{SENTENCE}\n")

    assert (item.kind, item.date, item.is_complete) == ("notizie", None, True)
    assert "date-missing" in codes(item)


def test_date_without_label_between_title_and_text_is_a_doubt():
    [item] = items_of(f"Nuovo regolamento\n\n17 Ottobre 2022\n\n{SENTENCE}\n")

    assert (item.title, item.date.day, item.body) == ("Nuovo regolamento", 17, f"<p>{SENTENCE}</p>")
    assert "date-above-text" in codes(item)


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "Tipo articolo: News\n",
        "Allegato | Dimensione\n|---|---|\n| a.pdf | 3 KB |\n",
        "Stampa\nCondividi su Facebook\n",
    ],
)
def test_labels_and_links_of_a_page_are_no_text(rest):
    [item] = items_of(f"Nuovo regolamento\n\nData Articolo: 17 Ottobre 2022\n\n{rest}")

    assert (item.title, item.body) == ("Nuovo regolamento", "")
    assert "title-alone" in codes(item)


def test_text_that_goes_on_elsewhere_is_told():
    item = item_of(f"Il lavoro\n\n{SENTENCE}\n\nLeggi tutto")

    assert (item.body, "words-cut" in codes(item)) == (f"<p>{SENTENCE}</p>", True)


@pytest.mark.parametrize(
    ("line", "name", "address"),
    [
        ("Articolo tratto da Cremaonline", "Cremaonline", ""),
        ("(tratto da «La Provincia»)", "La Provincia", ""),
        ("Tratto dal Nuovo Torrazzo: https://example.org/1", "Nuovo Torrazzo", "https://example.org/1"),
        ("Fonte: CremaOggi", "CremaOggi", ""),
        ("Consulta l'articolo su https://www.example.org/1", "example.org", "https://www.example.org/1"),
    ],
)
def test_source_is_kept_in_its_own_field(line, name, address):
    for text in (f"{line}\n\n{SENTENCE}", f"{SENTENCE}\n\n{line}"):
        item = item_of(f"Il lavoro\n\n{text}")
        assert (item.source_name, item.source_url) == (name, address)
        assert (item.subtitle, item.body, "source-read" in codes(item)) == ("", f"<p>{SENTENCE}</p>", True)


@pytest.mark.parametrize("line", ["Il progetto è tratto da un’idea dei ragazzi delle scuole.", "La fonte è chiusa."])
def test_sentence_is_no_source(line):
    item = item_of(f"Il lavoro\n\n{SENTENCE}\n\n{line}")

    assert (item.source_name, line in item.text) == ("", True)


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("“Ciclabili senza luce", "Si apre.", "title-quotes"),
        ("‘Non c’è tempo", "Si apre.", None),
        ("‘Avanti insieme", "Si apre.", "title-quotes"),
        ("Il lavoro", "Dice: “si apre.", "quotes-unbalanced"),
        ("Il lavoro", "Dice: si apre».", "quotes-unbalanced"),
        ("Il lavoro", "Dice: «si apre.\nE si chiude».", None),
        ("“Il lavoro”", "Dice: “si apre”.", None),
    ],
)
def test_quotes_that_do_not_close_are_a_doubt(title, text, code):
    doubts = [one for one in codes(item_of(f"{title}\n\n{text}")) if "quotes" in one]

    assert doubts == ([code] if code else [])


@pytest.mark.parametrize(
    "line", ["Data di apertura: 3 maggio", "Anna Rossi (Comune di Crema)", "Luogo dell’incontro: la sala"]
)
def test_practical_line_that_stands_alone_begins_no_item(line):
    item = item_of(f"Il lavoro\n\n{SENTENCE}\n\n{line}\n\n{SENTENCE}")

    assert "date-perhaps-missing" not in codes(item)


def test_bullets_become_a_list_even_with_a_date_right_below():
    corso = sample()[2]

    assert corso.body == (
        "<p>Il corso si tiene in quattro sedi:</p>\n"
        "<p>Biblioteca di Castelleone</p>\n"
        "<ul><li>Biblioteca di Romanengo</li><li>Biblioteca di Trescore Cremasco</li>"
        "<li>Biblioteca di Ripalta</li></ul>"
    )


def test_break_inside_a_sentence_is_mended_also_in_a_bullet():
    item = item_of("Gli orari\n\nSi apre\ndi mattina.\nSi chiude:\n  • il lunedì\ne il martedì\n  • il sabato")

    assert item.body == (
        "<p>Si apre di mattina.</p>\n<p>Si chiude:</p>\n<ul><li>il lunedì e il martedì</li><li>il sabato</li></ul>"
    )


def test_address_becomes_a_link_as_it_is():
    address = "https://www.example.org/archivio/orari+2023?giorni=luned%C3%AC%2C+%27venerd%C3%AC%27"

    assert sample()[0].body.splitlines()[-1] == f'<p>Orari e regole su <a href="{address}">{address}</a></p>'


def test_address_leaves_out_the_full_stop_and_escapes_the_rest():
    item = item_of("Il sito\n\nScrivi a <b>noi</b> & leggi https://example.org/?a=1&b=2.")

    assert item.body == (
        "<p>Scrivi a &lt;b&gt;noi&lt;/b&gt; &amp; leggi "
        '<a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a>.</p>'
    )


def test_first_sentence_is_suggested_and_abbreviations_do_not_end_it():
    item = item_of("Il direttore\n\nIl Dott. Rossi, con l'Ing. Bianchi di S.p.A. Futura, lascia. Grazie a tutti.")

    assert item.summary == "Il Dott. Rossi, con l’Ing. Bianchi di S.p.A. Futura, lascia."


def test_long_first_sentence_is_not_suggested():
    item = item_of(f"Il direttore\n\n{'molto ' * 60}lungo. Breve.")

    assert (item.summary, "summary-suggested" in codes(item)) == ("", False)


def test_title_too_long_opens_the_text_too():
    long = "Una parola " * 30 + "ultima"
    item = item_of(f"{long}\n\n{SENTENCE}")

    assert (len(item.title) <= 200, item.title[-1]) == (True, "…")
    assert (item.body, codes(item)[0]) == (f"<p>{long}</p>\n<p>{SENTENCE}</p>", "title-too-long")


@pytest.mark.parametrize("text", ["Il lavoro\n\nAl 18.10 e al 02.09.2021,\n11-10-2021\n12.05.2022"])
def test_numeric_dates_inside_a_text_close_nothing(text):
    assert words(item_of(text).text) == words(text)[2:]


@pytest.mark.parametrize(
    ("closing", "date"),
    [
        ("9 Novembre 2022", "2022-11-09"),
        ("09  Novembre\xa02022", "2022-11-09"),
        ("1° Ottobre 2022", "2022-10-01"),
        ("Data Articolo: Lunedì, 17 Ottobre, 2022 - 11:00", "2022-10-17"),
        ("Data Articolo:\n\nLunedì, 17 Ottobre, 2022 - 11:00", "2022-10-17"),
    ],
)
def test_closing_dates_are_read(closing, date):
    item = item_of(f"Il lavoro\n\n{SENTENCE}", f"\n{closing}")

    assert (item.date.isoformat(), codes(item)) == (date, ["summary-suggested"])


@pytest.mark.parametrize("closing", ["31 Novembre 2022", "29 Febbraio 2023", "0 Maggio 2022", "1 Maggio 0022"])
def test_impossible_date_is_no_date(closing):
    item = item_of(f"Il lavoro\n\n{SENTENCE}", f"\n\n{closing}\n")

    assert (item.date, item.is_complete, codes(item)[0]) == (None, True, "date-impossible")


@pytest.mark.parametrize("line", ["7 novembre 2022", "7 Novenbre 2022", "La piscina riapre a giugno"])
def test_line_that_may_part_two_items_is_a_doubt(line):
    item = item_of(f"Il lavoro\n\n{SENTENCE}\n\n{line}\n\n{SENTENCE}")

    assert "date-perhaps-missing" in codes(item)


def test_repeated_title_inside_a_text_opens_an_item_without_inventing_a_date():
    *_, uffici, ciclovia = sample()

    assert (uffici.date, uffici.is_complete) == (None, True)
    assert uffici.body == (
        "<p>Gli uffici ricevono anche il giovedì pomeriggio. Nell’avviso n.\xa012 ci sono i numeri di telefono.</p>"
    )
    assert ciclovia.subtitle == "Undici chilometri fra i campi"


def test_text_that_no_date_closes_is_incomplete():
    whole, cut = items_of(f"Uno\n\n{SENTENCE}\n\n5 Dicembre 2023\n\nDue\n\nIl Comune di")

    assert (whole.is_complete, cut.is_complete, cut.title, codes(cut)) == (True, False, "Due", ["truncated"])


def test_title_without_text_is_a_doubt():
    assert codes(item_of("Il lavoro")) == ["title-alone"]


def test_sentence_in_place_of_the_title_is_a_doubt():
    assert "title-unlikely" in codes(item_of(f"{SENTENCE}\n\n{SENTENCE}"))


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Comunicato stampa", "comunicati"),
        ("News", "notizie"),
        ("Notizie", "notizie"),
        ("Avviso", "avvisi"),
        ("Area Omogenea", "comunicati"),
        ("News\n\nArea Omogenea", "notizie"),
    ],
)
def test_page_heading_tells_the_kind_and_is_no_title(heading, kind):
    [item] = items_of(f"{heading}\n\nIl lavoro\n\n{SENTENCE}\n\n5 Dicembre 2023")

    assert (item.kind, item.title) == (kind, "Il lavoro")


def test_listings_one_after_the_other_keep_their_kinds():
    page = f"\n\nIl lavoro\n\n{SENTENCE}\n\n5 Dicembre 2023\n"

    items = items_of(f"Comunicato stampa{page}News{page}Avviso{page}")

    assert [(item.kind, item.title, codes(item)) for item in items] == [
        ("comunicati", "Il lavoro", ["summary-suggested"]),
        ("notizie", "Il lavoro", ["summary-suggested"]),
        ("avvisi", "Il lavoro", ["summary-suggested"]),
    ]


def test_kinds_are_those_of_the_portal():
    assert {kind for kind in HEADINGS.values() if kind} <= {kind.code for kind in KINDS}


@pytest.mark.parametrize(
    ("passage", "is_wrong"),
    [
        ("martedì 18 ottobre", False),
        ("giovedi 20 e lunedi 24 ottobre", False),
        ("lunedì 18 ottobre", True),
        ("venerdì 21 e martedì 24 ottobre", True),
        ("mercoledì 4 gennaio", False),
        ("sabato 31 novembre", True),
        ("domenica 18 ottobre 2020", False),
    ],
)
def test_weekdays_are_checked_against_the_nearest_year(passage, is_wrong):
    item = item_of(f"Il lavoro\n\nCi vediamo {passage}.", "\n\n15 Ottobre 2022")

    assert ("weekday-mismatch" in codes(item)) == is_wrong


@pytest.mark.parametrize(
    ("passage", "is_doubt"),
    [("avvenuto ieri", True), ("Questa mattina", True), ("stamattina", True), ("ad oggi", False), ("Vieri", False)],
)
def test_relative_time_is_a_doubt(passage, is_doubt):
    assert ("relative-time" in codes(item_of(f"Il lavoro\n\n{passage}."))) == is_doubt


def test_listing_is_read_one_item_at_a_time():
    endless = (Block.line(line) for n in count() for line in (f"Titolo {n}", "", SENTENCE, "", "5 Dicembre 2023", ""))

    assert [item.title for item in islice(read_listing(endless), 3)] == ["Titolo 0", "Titolo 1", "Titolo 2"]


@pytest.mark.parametrize("text", ["", "\n\n", "\xa0\n \u200b\n"])
def test_nothing_comes_from_nothing(text):
    assert items_of(text) == []


def test_fingerprint_folds_how_a_title_was_typed():
    day = datetime.date(2023, 12, 5)

    assert item_fingerprint("L'area e’ qui", day) == item_fingerprint("L’AREA  è qui", day)
    assert item_fingerprint("L'area", day) != item_fingerprint("L'area", day + datetime.timedelta(days=1))
    assert item_fingerprint("L'area", None, "uno") != item_fingerprint("L'area", None, "due")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("più".encode(), "utf-8-sig"),
        ("più".encode("utf-8-sig"), "utf-8-sig"),
        ("più “qui”".encode("cp1252"), "cp1252"),
        ("più".encode("utf-16"), "utf-16"),
    ],
)
def test_encoding_is_found(tmp_path, content, encoding):
    path = tmp_path / "archivio.txt"
    path.write_bytes(content)

    assert encoding_of(path) == encoding


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "è vuoto"),
        ("\xa0\n\ufeff\n".encode(), "è vuoto"),
        (b"%PDF-1.7\n\x00\x01", "contiene caratteri di controllo: non è un file di testo"),
        ("testo".encode("utf-16-le"), "contiene caratteri di controllo: non è un file di testo"),
        (b"\x81\x8d", "non è un file di testo"),
        (b"\xff\xfea", "non è un file di testo"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path, content, reason):
    path = tmp_path / "archivio.txt"
    path.write_bytes(content)

    with pytest.raises(UnreadableArchive, match=f"^{reason}$"):
        encoding_of(path)
