"""What a stored text may hold: one list for the whole house."""

from pathlib import Path
from random import Random
from unicodedata import category, is_normalized, normalize

import pytest

from areaomogenea.prose.characters import (
    OF_FONTS,
    is_settled,
    lines,
    normalised,
    normalised_html,
    normalised_line,
    shows_nothing,
    stripped,
    unhidden,
)
from areaomogenea.prose.html import clean

from .processor import timed

KEPT = {
    "an emoji of several": "👩\u200d🔬",
    "an emoji with its face": "❤\ufe0f e 1\ufe0f\u20e3",
    "a couple": "👩\u200d❤\ufe0f\u200d👨",
    "the flag of Wales": "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    "Persian": "می\u200cخواهم",
    "Hindi": "क्\u200dष",
    "Hebrew with a mark of direction": "שלום\u200f!",
    "a Japanese name": "葛\U000e0100城",
    "a hard space": "12\xa0km",
    "a tab": "a\tb",
    "what replaces a lost letter": "perch\ufffd",
}
CHANGED = {
    "end of line of Windows": ("a\r\nb", "a\nb"),
    "end of line of old": ("a\rb", "a\nb"),
    "end of line of Unicode": ("a\u2028b\u2029c\x85d", "a\nb\nc\nd"),
    "break of a word processor": ("a\x0bb\x0cc", "a\nb\nc"),
    "override": ("sp\u202ema\u202c x", "spma x"),
    "isolate": ("\u2066a\u2069", "a"),
    "mark of direction among Latin letters": ("\u200e31\u200e/12", "31/12"),
    "null and bell": ("a\0b\x07c\x7f", "abc"),
    "soft hyphen": ("comu\xadne", "comune"),
    "soft hyphen that ends a line": ("conven\xad\r\nzione", "conven-\nzione"),
    "zero widths": ("a\u200bb\u2060c\ufeffd", "abcd"),
    "joiners among Latin letters": ("a\u200cb\u200dc", "abc"),
    "joiner after an emoji alone": ("👩\u200d", "👩"),
    "selector without a sign": ("a\ufe0fb\U000e0101", "ab"),
    "message in tags": ("a\U000e0068\U000e0069", "a"),
    "flag without end": ("🏴\U000e0067\U000e0062", "🏴"),
    "bullet of Symbol": ("\uf0b7\tuno", "•\tuno"),
    "square of Wingdings": ("\uf0a7 uno", "▪ uno"),
    "private use": ("a\ue000b\U000f0000c\U0010fffdd", "abcd"),
    "no letters at all": ("a\ufffe\uffff\ufdd0\U0001fffeb", "ab"),
    "halves of letters": ("a\ud83db\udc00", "ab"),
    "quotes of Windows": ("dell\x92anno \x93nuovo\x94 \x96 \x80", "dell’anno “nuovo” – €"),
    "operators and annotations": ("a\u2061b\ufff9c\ufffcd\u206ae", "abcde"),
    "fillers": ("a\u3164b\u115fc\u034fd", "abcd"),
    "accents apart": ("perche\u0301", "perché"),
    "accent behind what nobody sees": ("perche\u200b\u0301", "perché"),
    "a pile of marks": ("a" + "\u0301\u0316" * 5_000, "á" + "\u0316" * 15 + "\u0301" * 14),
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_letter_that_means_something_stays(text):
    assert normalised(text) == text


@pytest.mark.parametrize(("text", "expected"), CHANGED.values(), ids=CHANGED)
def test_letter_that_means_nothing_goes(text, expected):
    assert normalised(text) == expected


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_clean_html_keeps_it_too(text):
    assert clean(f"<p>{text}</p>") == f"<p>{' '.join(text.split(chr(9)))}</p>".replace("\xa0", "&nbsp;")


@pytest.mark.parametrize(("text", "expected"), CHANGED.values(), ids=CHANGED)
def test_clean_html_leaves_it_out_too(text, expected):
    assert clean(f"<p>{text}</p>") == f"<p>{' '.join(expected.split())}</p>"


def test_any_mixture_settles_at_once():
    letters = [*"ab <>=#9", *"\n\r\t\x0b\x85\u2028\u200b\u200c\u200d\u200f\u061c\u180b\u180e\ufe0f\U000e0100👩🔬🏴"]
    letters += [
        *"\U000e0067\U000e007f\u0301\u0338\u0316نक\u094d\u1820\x92\uf0b7\ue000\ud800\ufdd0\u202e\u2126\u3164❤中"
    ]
    chance = Random(1)
    texts = ["".join(chance.choices(letters, k=chance.randint(1, 9))) for _ in range(5_000)]

    assert [text for text in texts if normalised(normalised(text)) != normalised(text)] == []
    assert [text for text in texts if not is_normalized("NFC", normalised(text))] == []
    assert [text for text in texts if normalised_html(normalised_html(text)) != normalised_html(text)] == []


def test_what_is_told_to_be_settled_no_rule_would_change_nor_in_any_part():
    pieces = [
        "a",
        "è",
        "e\u0301",
        "<b>",
        "</b>",
        "\u0338",
        "\u0301" * 40,
        "😀",
        "\u200d",
        "\ufe0f",
        "\u202e",
        "\n",
        "हि",
    ]
    chosen, settled = Random(7), 0
    for _ in range(3000):
        text = "".join(chosen.choices(pieces, k=4))
        if is_settled(text):
            settled += 1
            parts = [text[start:end] for start in range(len(text)) for end in range(start, len(text) + 1)]
            assert all(unhidden(normalize("NFC", part)) == part for part in parts), ascii(text)

    assert settled > 300


def test_no_mark_eats_the_end_of_a_tag():
    html = '<p><a href="/x">\u0338 onmouseover=alert(1) perche\u0301</a></p>'

    assert normalised_html(html) == '<p><a href="/x">\u0338 onmouseover=alert(1) perché</a></p>'
    assert normalised_html(clean(html)) == clean(html)


@pytest.mark.parametrize("letter", ["\u200b", "&#8203;", "\u202e", "&#x2066;", "\x00", "&#x1;", "\xad"])
def test_no_link_hides_where_it_leads_behind_letters(letter):
    assert clean(f'<p><a href="java{letter}script:alert(1)">x</a></p>') == "<p>x</p>"


def test_line_ends_where_the_eye_sees_it():
    assert lines("a\u200b\x85b\r\nc\u2028\x1cd") == ["a", "b", "c", "d"]
    assert normalised_line("a\r\n\tb\u2028c") == "a b c"
    assert stripped("\u200b\x85\xa0a b\u3000\ufeff") == "a b"


@pytest.mark.parametrize(
    "text", ["", " \xa0\u3000", "\u200b\x85", "\u202e\u2066", "\u3164", "\u2800", "\u0301", "\ue000"]
)
def test_text_may_show_nothing(text):
    assert shows_nothing(text)


@pytest.mark.parametrize("text", ["a", " 7 ", "😀", "…", "中", "•"])
def test_text_may_show_something(text):
    assert not shows_nothing(text)


@pytest.mark.parametrize(
    "text", [*"a\u200d\u202e\x92", "👩\u200d", "🏴\U000e0067", "\u0301\u0316", "\u200b\x85", "\r\n"]
)
def test_no_text_is_dear_to_normalise(text):
    with timed() as cost:
        normalised(text * (200_000 // len(text)))

    assert cost.own < 1


PAGE = Path(__file__).parent.parent / "docs" / "segni.md"
ALONE = {"tolt": "", "diventano fine di riga": "\n", "restano solo": "", "resta anche fra": "", "resta": None}


def letter_table():
    """{letter: what the page says of it}."""
    rows = [
        line.strip("|").split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| U+")
    ]
    return {chr(code): fate.strip() for codes, _, fate, _ in rows for span in codes.split() for code in codes_of(span)}


def codes_of(span):
    first, _, last = span.replace("U+", "").partition("–")
    return range(int(first, 16), int(last or first, 16) + 1)


def alone(letter, fate):
    if "quel segno" in fate:
        return bytes([ord(letter)]).decode("cp1252")
    if "che si vedeva" in fate:
        return OF_FONTS[letter]
    expected = next(expected for beginning, expected in ALONE.items() if fate.startswith(beginning))
    return letter if expected is None else expected


def test_page_of_letters_says_what_happens():
    fates = [
        (letter, fate)
        for number, (letter, fate) in enumerate(letter_table().items())
        if number % 7 == 0 or letter < "\uf900"
    ]

    assert [(letter, fate) for letter, fate in fates if normalised(letter) != alone(letter, fate)] == []


def test_page_of_letters_forgets_none():
    codes = [
        *range(0x20000),
        *range(0x2FFFE, 0xE0000, 0x10000),
        *range(0xE0000, 0xE1000),
        *range(0xF0000, 0x110000, 89),
    ]
    letters = set(map(chr, codes))
    changed = {letter for letter in letters if normalised(letter) != normalize("NFC", letter)}
    unseen = {letter for letter in letters if category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")}

    assert (changed | unseen) - letter_table().keys() == set()
