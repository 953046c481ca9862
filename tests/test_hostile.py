"""What is made to harm: it costs its sender a message, within the bounds that are told, and nobody else anything."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from areaomogenea.desk import spreadsheet_rows
from areaomogenea.library import document_checks, images
from areaomogenea.municipalities.gazetteer import Gazetteer
from areaomogenea.prose.blocks import Block
from areaomogenea.prose.diff import STEPS, Effort, body_lines, compare
from areaomogenea.prose.document_reader import read_document
from areaomogenea.prose.html import addresses, clean, for_reading, plain
from areaomogenea.prose.outline import outline
from areaomogenea.prose.plaintext import lines_of
from areaomogenea.prose.tree import shallow
from areaomogenea.prose.typography import typeset_html
from areaomogenea.quality.content_checks import CheckInput, Count, findings
from areaomogenea.sandbox import limits
from areaomogenea.sandbox.errors import Refused
from areaomogenea.search.engines import stems
from areaomogenea.topics.glossary import explain
from areaomogenea.topics.models import Topic
from initiatives.board.matching import MOST_GUESSED, NameReader
from news.archive import read_listing
from news.intake import LONGEST_TEXT
from news.manuscript import read_one

from .factories import make_communique, make_editor, make_topic
from .hostile import FILES, TAKEN, TEXTS, text_of
from .processor import timed
from .test_desk import LIST, form_data

pytestmark = pytest.mark.any_database  # a text or file is judged before any row
ENTRIES = {
    "attachment": document_checks.check_document,
    "picture": images.check_picture,
    "document": read_document,
    "sheet": spreadsheet_rows.read,
}
HEAVIEST = {
    "attachment": limits.ATTACHMENT_BYTES,
    "picture": limits.PICTURE_BYTES,
    "document": limits.DOCUMENT_BYTES,
    "sheet": limits.SHEET_BYTES,
}


def refusal_of(entry, file):
    try:
        ENTRIES[entry](file)
    except ValidationError as error:
        return " ".join(error.messages)
    except Refused as refused:
        return str(refused)
    return TAKEN


@pytest.mark.slow
@pytest.mark.parametrize("what", FILES)
def test_hostile_file_costs_its_sender_a_message(what):
    entry, name, make, words = FILES[what]
    file = ContentFile(make(), name)

    with timed() as cost:
        message = refusal_of(entry, file)

    assert len(file) <= HEAVIEST[entry]  # its weight alone would be no reason
    assert (words in message) if words else message == TAKEN
    assert cost.of_children < limits.OF_ATTACHMENT.cpu + 1.5
    assert cost.own < 1.5


# Texts

LONGEST = 200_000
SECONDS = 3  # of the processor, six times the goal: what was quadratic took from eight to minutes


@pytest.fixture(scope="module")
def cleaned():
    """The clean HTML of hostile texts, and what it cost to clean them."""
    results = {}
    for what in TEXTS:
        with timed() as cost:
            html = clean(text_of(what, LONGEST))
        results[what] = html, cost.own
    return results


def seconds(function, text):
    with timed() as cost:
        function(text)
    return cost.own


def checks(body):
    counts = Count(36, "x", ("Banda ultralarga", "CER")), Count(30, "y", ("Polo",))
    return findings(CheckInput(title=body[:200], body=body, expansions={"CER": "Comunità energetica"}, counts=counts))


def page(body):
    return outline(body), for_reading(body), addresses(body), explain(body, TERMS)


CHECKED = "breaks|paragraphs|headings|links|numbers of Comuni|stops|initials|brackets|capitals|deadlines|weekdays"
QUOTED = "quotes in unclosed tags|tags in tags|links in marks|breaks|quotes|apostrophes|addresses|blanks"
TERMS = [{"acronym": f"S{number}", "slug": "s", "expansion": "Sigla"} for number in range(100)]


@pytest.mark.slow
def test_no_text_is_dear_to_clean(cleaned):
    assert {what: cost for what, (_, cost) in cleaned.items() if cost > SECONDS} == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "texts"),
    [
        (
            checks,
            CHECKED,
        ),
        (page, "breaks|paragraphs|headings|links|tables in tables|lists in lists|letters"),
    ],
)
def test_no_clean_text_is_dear_to_read(cleaned, function, texts):
    spent = {what: seconds(function, cleaned[what][0]) for what in texts.split("|")}

    assert {what: cost for what, cost in spent.items() if cost > SECONDS} == {}


LETTERS = (
    "words|lines apart|dots of a list|signs in signs|rows of tabs|headers of mails|headers on a line|greetings"
    "|protocols|addressees|enclosures|signatures"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "texts"),
    [
        (
            typeset_html,
            QUOTED,
        ),
        (body_lines, "tags without end|pictures without end|links|less than|ampersands"),
        (stems, "words|letters|accents"),
        (
            lambda text: list(read_listing(map(Block.line, text.splitlines()))),
            "words|lines apart|dots of a list|deadlines",
        ),
        (lambda text: read_one(lines_of(text[:LONGEST_TEXT])), LETTERS),
    ],
    ids=["typography", "words of a field", "stems", "listing", "letter"],
)
def test_no_text_is_dear_as_it_came(function, texts):
    spent = {what: seconds(function, text_of(what, LONGEST)) for what in texts.split("|")}

    assert {what: cost for what, cost in spent.items() if cost > SECONDS} == {}


def rows(number, mixed=False):
    made = [f"riga {n} | {n * 7 % number} | x\n" for n in range(number)]
    return "".join(sorted(made, key=lambda line: line.split("|")[1]) if mixed else made)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n" * 25_000, "a\n" * 24_000 + "b\n" + "a\n" * 999),
        (rows(6_000), rows(6_000, mixed=True)),
        (rows(6_000), "".join(reversed(rows(6_000).splitlines(keepends=True)))),
        (("a " * 1_900 + "\n") * 50, ("b " + "a " * 1_950 + "\n") * 50),
        ("ab\ncd\n" * 30_000, "cd\nab\nef\n" * 20_000),
    ],
    ids=["equal lines", "rows in another order", "rows turned round", "equal words", "lines in turns"],
)
def test_comparison_ends_and_is_true(before, after):
    effort = Effort()

    passages = compare(before, after, effort)

    assert "".join(text for kind, text in passages if kind != "added") == before
    assert "".join(text for kind, text in passages if kind != "removed") == after
    assert effort.left > -STEPS / 2  # it stops soon after it has nothing left


def test_without_effort_left_a_passage_is_told_as_a_whole():
    assert compare("Il ponte riapre.\n", "Il ponte chiude.\n", Effort(0)) == [
        ("removed", "Il ponte riapre.\n"),
        ("added", "Il ponte chiude.\n"),
    ]


def test_a_change_in_a_long_text_is_found_between_its_landmarks():
    before = rows(8_000) + "Il ponte riapre lunedì.\n" + "uguale\n" * 8_000

    changes = [passage for passage in compare(before, before.replace("lunedì", "martedì")) if passage[0] != "same"]

    assert changes == [("removed", "lunedì."), ("added", "martedì.")]


def test_a_long_list_of_names_is_compared_with_ours_only_so_far():
    reader = NameReader(Gazetteer([]))

    reader.read(", ".join(f"nome{number}" for number in range(3_000)))

    assert len(reader.guesses) == MOST_GUESSED


@pytest.mark.parametrize("what", ["tags in tags", "lists in lists", "links in marks"])
def test_what_nests_too_deep_keeps_its_words(what):
    html = "<p>Il ponte</p>" + text_of(what, 20_000) + "<p>riapre</p>"

    assert [word for word in plain(clean(html)).split() if len(word) > 1] == ["Il", "ponte", "riapre"]


def test_what_nests_as_texts_do_is_left_alone():
    html = "<div>" * 60 + "<ul><li>uno<ul><li><b><i>due</i></b></li></ul></li></ul>" * 300 + "</div>" * 60

    assert shallow(html) == html


# Doors


@pytest.fixture
def writer(client):
    client.force_login(make_editor(role="Responsabile"))
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "length", "message"),
    [
        ("body", 200_001, "200001 caratteri, e il massimo è 200000"),
        ("title", 2_001, "2001 caratteri, e il massimo è 2000"),
    ],
)
def test_panel_says_of_a_text_that_it_is_too_long_to_be_checked(writer, field, length, message):
    page = writer.post(f"{LIST}controlla/", form_data(**{field: "a" * length})).text

    assert f"Troppo lungo per essere controllato: {message}." in page
    assert "Manca il t" not in page


@pytest.mark.django_db
def test_form_refuses_too_long_a_text_before_it_reads_it(writer):
    with timed() as cost:
        page = writer.post(f"{LIST}add/", form_data(body="<b>a" * 500_000, _save="1")).text

    assert "Il testo è troppo lungo: 2.000.000 caratteri, e il massimo è 200.000." in page
    assert cost.own < SECONDS


@pytest.mark.django_db
def test_words_that_suggest_a_topic_are_some_lines(writer):
    with pytest.raises(ValidationError, match="Il testo è troppo lungo"):
        Topic(name="CER", slug="cer", keywords="a" * 10_001).full_clean(exclude=["short", "summary", "explanation"])


@pytest.mark.django_db
def test_listing_of_more_lines_than_a_communique_has_is_refused(writer):
    page = writer.post(f"{LIST}da-documento/", {"text": "a\n" * 5_001, "kind": "comunicati"}).text

    assert "Il testo ha 5.001 righe, il massimo è 5.000" in page


@pytest.mark.django_db
def test_note_of_a_decision_is_as_long_as_its_column(writer):
    live = make_communique([make_topic()])
    author = make_editor(role="Redattore")
    live.propose(author, live.content() | {"title": "Il ponte"}, "")
    form = {"proposal": live.pending_proposal.pk, "version": live.version, "comment": "a" * 300, "_verb_refuse": "1"}

    page = writer.post(f"{LIST}{live.pk}/proposta/", form).text

    assert "La nota è troppo lunga: 300 caratteri, e il massimo è 255." in page


@pytest.mark.django_db
def test_table_that_a_browser_brings_back_is_read_within_bounds(writer):
    for table in ("", "titolo\n" + "\n" * 20_000, "titolo\n" + "a\n" * 900):
        page = writer.post(f"{LIST}importa/", {"confirm": "1", "table": table})

        assert (page.status_code, "errorlist" in page.text) == (200, True)
