"""The contract of our HTML: what it may carry, and that the sanitiser, the reader and the writer spell it alike."""

import random
import re

import pytest

from areaomogenea.prose import tree
from areaomogenea.prose.blocks import at_breaks
from areaomogenea.prose.html import clean, clean_with_pictures
from areaomogenea.prose.normalize import KNOWN, Element, write

from .browser.clipboards import CLIPBOARDS
from .payloads import DEEP, PAYLOADS, UNCLOSED

EVERY_TAG = tree.TAGS | tree.PICTURE_TAGS
EVERY_ATTRIBUTE = tree.ATTRIBUTES | tree.PICTURE_ATTRIBUTES
SPELLING = '<img src="/file/immagini/2026/a.webp" alt="L’ora &gt; le 12 &amp; &quot;mezza&quot;&nbsp;&lt;a&gt;\n\tb">'
ODD = [
    "",
    "a &lt; b &amp; c &gt; d \" ' &nbsp; e]]&gt;",
    "<p>uno<br>due</p><hr><p>tre</p>",
    "<table><tbody><tr><td></td><th></th></tr></tbody></table><p></p>",
    f"<figure>{SPELLING}<figcaption>Foto</figcaption></figure>",
    '<p><a href="/x?a=1&amp;b=%20" rel="noopener">è 👨\u200d👩\u200d👧 \u2028</a></p>',
]
# What an element may carry, as the editor's lists name it; whoever adds to these adds to the pages of all readers.
CARRIED = {
    "a": ["href", "rel"],
    "abbr": ["title"],
    "img": ["alt", "height", "src", "width"],
    "ol": ["start"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
}
TEMPTING = (
    "title lang dir id class style name role tabindex hidden value type align width height href src alt start scope"
    " colspan rowspan rel target srcset data-x aria-label onclick xlink:href xmlns is slot part nonce"
).split()


def sanitised(html):
    return tree.ANY_OF_OURS.clean(html)


def carried(html):
    return {
        (match[1], name)
        for match in re.finditer(r"<(\w+)([^<>]*)>", html)
        for name in re.findall(r' ([^\s="]+)="[^"<>]*"', match[2])
    }


@pytest.mark.parametrize("tag", sorted(EVERY_TAG | KNOWN))
def test_element_carries_what_the_list_names_and_nothing_else(tag):
    values = {"href": "/x/", "src": "/file/immagini/2026/a.webp", "scope": "row"}
    attributes = " ".join(f'{name}="{values.get(name, "2")}"' for name in TEMPTING)
    element = f"<{tag} {attributes}>parola</{tag}>"
    around = {"caption": "table", "tbody": "table", "tr": "table", "td": "table", "th": "table", "li": "ul"}.get(tag)
    html = clean_with_pictures(f"<{around}>{element}<tr><td>a</td></tr></{around}>" if around else element)

    assert {name for one, name in carried(html) if one == tag} <= set(CARRIED.get(tag, []))
    assert re.sub(r"</?[a-z0-9]+(?: [a-z]+=\"[^\"<>]*\")*>", "", html) in ("parola", "parolaa", "aparola", "", "a")


def test_attributes_are_those_of_the_list():
    lists = {tag: sorted(names | ({"rel"} if tag == "a" else set())) for tag, names in EVERY_ATTRIBUTE.items()}

    assert lists == CARRIED


@pytest.mark.parametrize("html", ODD)
def test_sanitiser_writes_as_we_do(html):
    """Quotes around each value, names of four signs alone, no end of what is void."""
    assert sanitised(html) == html
    assert tree.write(tree.read(html)) == html


def test_pieces_are_written_as_the_sanitiser_writes_them():
    text, pieces = "a < b & c > d \xa0 \" '", []
    write(Element("p", {}, [text, Element("a", {"href": '/x?a=1&b="'}, ["c"]), Element("br", {}, [])]), pieces.append)

    assert "".join(pieces) == sanitised("".join(pieces))
    assert sanitised("".join(pieces)).startswith(f"<p>{tree.written(text)}<a href=")


def test_what_nobody_sanitised_is_made_well_formed_first():
    assert tree.write(tree.read("<P>a & b<br>&eacute;<b>c<script>d</script>")) == "<p>a &amp; b<br>éc</p>"


@pytest.mark.parametrize("html", ["\0a\x01<p>\x0b\ufffe", "<p>&#1;&#x0b;&#xfffe;a</p>", "\ud800<p>a"])
def test_signs_that_no_xml_may_hold_are_no_obstacle(html):
    assert "".join(tree.read(html).itertext()).strip() == "a"


def soup(number):
    """The same hostile tags for the same number."""
    chance, pieces, opened = random.Random(number), [], []
    tags = sorted(EVERY_TAG | KNOWN | {"span", "template", "svg", "math", "mtext", "select", "button", "b", "font"})
    words = [
        "parola",
        " ",
        "\xa0",
        "\n",
        "&amp;",
        "<",
        "&#1;",
        "\0",
        "\x0b",
        "\ufffe",
        "\u202e",
        "e\u0301",
        "]]>",
        "<!--",
        "12\xa0km",
    ]
    attributes = [
        "",
        ' href="/x\n/"',
        ' href="https://a.it?utm_source=x"',
        " title='a\tb'",
        ' scope="row"',
        " colspan=3",
        ' alt="<"',
    ]
    for _ in range(chance.randint(3, 60)):
        if (kind := chance.random()) < 0.4:
            pieces.append(chance.choice(words))
        elif kind < 0.75 or not opened:
            opened.append(chance.choice(tags))
            pieces.append(f"<{opened[-1]}{chance.choice(attributes)}>")
        else:
            pieces.append(f"</{opened.pop(chance.randrange(len(opened)))}>")
    return "".join(pieces)


CORPUS = [
    *(f"{before}{payload}</figure>" for payload in PAYLOADS + UNCLOSED for before in ("", ODD[4])),
    *(clipboard.html for clipboard in CLIPBOARDS.values()),
    *map(soup, range(300)),
    *(
        "".join(f"<{tag}>" for tag in (tags.split() * DEEP)[:DEEP])
        for tags in ("div", "b a", "table tr td", "ul li p", "svg b")
    ),
]


def test_what_is_clean_is_the_same_to_the_sanitiser_and_to_the_tree():
    for html in CORPUS:
        for cleaner in (clean, clean_with_pictures):
            cleaned = cleaner(html)

            assert sanitised(cleaned) == cleaned
            assert tree.write(tree._parsed(cleaned, None)) == cleaned
            assert carried(cleaned) <= {(tag, name) for tag, names in CARRIED.items() for name in names}


def test_what_is_clean_stays_as_it_is():
    for html in CORPUS:
        cleaned = clean_with_pictures(html)

        assert clean_with_pictures(cleaned) == cleaned


@pytest.mark.parametrize(
    ("html", "rest"),
    [
        ("parole", "role"),
        ("<em>a</em><strong>b</strong>c", "c"),
        ("&amp;<strong>bc</strong>", "<strong>c</strong>"),
        ('<a href="/x/" rel="noopener">abc</a>&nbsp;d', '<a href="/x/" rel="noopener">c</a>&nbsp;d'),
    ],
)
def test_letters_are_taken_from_within_their_marks(html, rest):
    assert tree.without_start(html, 2) == rest


def test_marks_go_on_over_a_break():
    assert at_breaks('<p>a <strong>b<br>c <em>d</em><br></strong>&amp; e<img src="/x" alt="y"></p>') == [
        "a <strong>b</strong>",
        "<strong>c <em>d</em></strong>",
        '<strong></strong>&amp; e<img src="/x" alt="y">',
    ]


def test_element_leaves_the_words_behind_it():
    root = tree.read("a<br>b<hr>c")

    tree.drop(root.find("br"))
    tree.drop(root.find("hr"))

    assert tree.write(root) == "abc"
