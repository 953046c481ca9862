"""Micro-typography mends signs and never touches words."""

import random
from pathlib import Path

import pytest

from areaomogenea.prose.typography import NBSP, typeset, typeset_html, words


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("l'acqua dell'area", "l’acqua dell’area"),
        ("l‘Università e l`Asilo", "l’Università e l’Asilo"),
        ("Rossi: ‘Non c'è tempo’", "Rossi: ‘Non c’è tempo’"),
        ("Rossi: 'Non c'è tempo'", "Rossi: ‘Non c’è tempo’"),
        ("un po' di più", "un po’ di più"),
        ("previsto dall’ articolo", "previsto dall’articolo"),
        ("per ‘Nobel’ e ‘All’ aperto’", "per ‘Nobel’ e ‘All’aperto’"),
    ],
)
def test_apostrophes_and_single_quotes_curl(typed, expected):
    assert typeset(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('La proposta "Ciclabili"', "La proposta “Ciclabili”"),
        ('disse: "Spegnere le luci”.', "disse: “Spegnere le luci”."),
        ("detto “chiuso“, poi", "detto “chiuso”, poi"),
        ('("Area") e dell\'"Area"', "(“Area”) e dell’“Area”"),
        ('"...e poi"', "“...e poi”"),
        ("''Area''", "“Area”"),
        ("le «marcite»", "le «marcite»"),
        ('chiusa" e basta', "chiusa” e basta"),
    ],
)
def test_double_quotes_find_their_side(typed, expected):
    assert typeset(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("due  spazi\xa0 e\u202faltri", "due spazi e altri"),
        ("Papa , hanno ; chi ? noi !", "Papa, hanno; chi? noi!"),
        ("energetica . L’incontro", "energetica. L’incontro"),
        ("Energia:L'emergenza", "Energia: L’emergenza"),
        ('Energia:"Spegnere"', "Energia: “Spegnere”"),
        ("alle 10:30, rapporto 2:1", "alle 10:30, rapporto 2:1"),
        ("zero\u200b larghezza\ufeff", "zero larghezza"),
    ],
)
def test_spaces_stand_where_italian_wants_them(typed, expected):
    assert typeset(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("E’ stato, si e’ posto, c'e'", "È stato, si è posto, c’è"),
        ("piu' e gia’ puo' cioe’ cosi'", "più e già può cioè così"),
        ("perchè PERCHÈ poichè affinchè perche'", "perché PERCHÉ poiché affinché perché"),
        ("nè qui nè là, caffè", "né qui né là, caffè"),
        ("e\u0300 composto", "è composto"),
    ],
)
def test_accents_are_mended(typed, expected):
    assert typeset(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("n.243 e n. 5", f"n.{NBSP}243 e n.{NBSP}5"),
        ("art. 17", f"art.{NBSP}17"),
        ("4000 mq, 30 m², 11 km", f"4000{NBSP}mq, 30{NBSP}m², 11{NBSP}km"),
        ("10 milioni di euro, 500 euro, 5 €, 8 %", f"10{NBSP}milioni di euro, 500{NBSP}euro, 5{NBSP}€, 8{NBSP}%"),
        ("48 Comuni, 3 minuti", "48 Comuni, 3 minuti"),
    ],
)
def test_numbers_stay_with_what_they_count(typed, expected):
    assert typeset(typed) == expected


def test_addresses_stay_as_they_are():
    address = "https://example.org/a:Bc+%27d%27?e=l'f"

    assert typeset(f'l\'elenco su {address} , "{address}"') == f"l’elenco su {address}, “{address}”"


def test_what_stands_for_an_object_leaves_no_trace():
    assert (
        typeset("prima \N{OBJECT REPLACEMENT CHARACTER} dopo https://example.org") == "prima dopo https://example.org"
    )


def test_words_are_equal_however_they_were_typed():
    assert (
        words("E’ l‘Università:Perchè\xa0no")
        == words("È  l'università: perché no")
        == [
            *["e", "l", "universita", "perche", "no"],
        ]
    )


def test_no_word_is_lost_or_added():
    signs = [*"'\"‘’“”«»`:,.;!? \xa0()€%n"]
    pieces = [*signs, *"E’ perchè l' n.5 Area https://a.it/b:C 10:30 più all’".split(), "10 km"]
    chance = random.Random(48)
    for _ in range(3000):
        typed = "".join(chance.choices(pieces, k=12))
        assert words(typeset(typed)) == words(typed)


def test_mended_text_needs_no_more_mending():
    for line in (Path(__file__).parent / "data" / "archivio-di-prova.txt").read_text(encoding="utf-8").splitlines():
        assert typeset(typeset(line)) == typeset(line)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p>Lo <strong>"sportello"</strong> e\' qui</p>', "<p>Lo “<strong>sportello</strong>” è qui</p>"),
        ("<p><em>perche'</em> si</p>", "<p><em>perché</em> si</p>"),
        ('<td>l\'area</td><td>"due"</td>', "<td>l’area</td><td>“due”</td>"),
        ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<p>a<br>b</p>", "<p>a<br>b</p>"),
        (
            "<p>Su https://example.org/?a=1&amp;b=2.</p>",
            '<p>Su <a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a>.</p>',
        ),
        ('<p><a href="https://example.org/">https://example.org/</a></p>',) * 2,
    ],
)
def test_html_is_typeset_between_its_tags(html, expected):
    assert typeset_html(html) == expected
