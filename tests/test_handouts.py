"""Every page leaves in other forms too: printed as PDF, as plain text, as Markdown."""

import re
import resource
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Semaphore, Thread

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files import locks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from markdown_it import MarkdownIt

from areaomogenea.checks import paper_can_be_made
from areaomogenea.distribution.exports import pdf_cache
from areaomogenea.distribution.exports.context import handed_out, to_print, with_ends, with_notes
from areaomogenea.distribution.exports.pdf import printed as pdf_of
from areaomogenea.distribution.exports.text_formats import WIDTH, as_markdown, as_plain
from areaomogenea.identity.models import Identity
from areaomogenea.library.images import WIDTHS, rendition_name
from areaomogenea.library.models import Picture
from areaomogenea.prose.html import clean, plain
from areaomogenea.publishing.models import FormerAddress

from .factories import (
    make_attachment,
    make_communique,
    make_deadline,
    make_initiative,
    make_municipality,
    make_picture,
    make_topic,
    picture_file,
    rome,
)
from .processor import timed
from .tagged import Tagged, faults

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # how a page is set on paper and in plain text
TYPES = {"pdf": "application/pdf", "txt": "text/plain", "md": "text/markdown"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
BODY = """
<p>Il testo, con <a href="https://example.org/bando?a=1&amp;b=2">il bando</a> e <strong>tutto</strong> il resto.</p>
<h2>Come si fa</h2><ul><li>Uno<ul><li>Dentro</li></ul></li><li>Due</li></ul><ol><li>Primo</li><li>Secondo</li></ol>
<h3>Dove</h3><blockquote><p>Lo ha detto la sindaca.</p></blockquote>
<table><caption>Gli orari</caption><tbody><tr><th scope="col">Giorno</th><th scope="col">Ore</th></tr>
<tr><th scope="row">Lunedì</th><td>9–12</td></tr></tbody></table>
"""


def address_of(publication, suffix):
    return f"{publication.get_absolute_url().rstrip('/')}.{suffix}"


def content(response):
    return b"".join(response)


def text_of(response):
    """What a reader finds in any form."""
    body = content(response)
    return Tagged(body).text if body.startswith(b"%PDF") else body.decode()


@pytest.fixture
def rich():
    """A communiqué with all that one can have."""
    within = make_picture(alternative_text="Il cantiere visto dall’alto")
    rich = make_communique(
        [make_topic(name="Energia")],
        [make_municipality(name="Crema"), make_municipality(name="Offanengo")],
        title="Il bando è aperto",
        subtitle="Si chiude in primavera",
        summary="Chi può chiedere, e come.",
        body=f'{BODY}<figure><img src="{within.file.url}" alt=""><figcaption>Il cantiere</figcaption></figure>',
        number="12/2026",
        office="Ufficio bandi",
        source_name="Il giornale",
        source_url="https://example.org/articolo",
        picture=make_picture(alternative_text="La piazza del mercato", credit="Foto di Ada Neri"),
    )
    make_deadline(rich, title="Domande per il bando", closes_at=rome(2030, 3, 31, 12, 0), url="https://example.org/fai")
    make_attachment(rich, name="Il modulo", description="Da compilare")
    return rich


@pytest.fixture
def shared():
    """An initiative with all that one can have."""
    shared = make_initiative(title="Insieme per il sole", summary="Chi c’è.", partners="Regione\nASST")
    group = shared.groups.create(name="Gerundo", president="Ada Neri", note="Forse.")
    for name, outside in (("Agnadello", False), ("Crespiatica", True)):
        place = make_municipality(name=name, in_area=not outside, province="LO" if outside else "CR")
        shared.participations.create(municipality=place, group=group, since=rome(2024, 11, 28).date())
    shared.milestones.create(title="Primo atto", on=rome(2024, 11, 1).date(), precision="month", is_done=True)
    shared.amounts.create(what="Pannelli", euros=200_000, funder="La Regione", is_about=True)
    shared.questions.create(question="Come si aderisce?", answer="<p>Scrivi al tuo Comune.</p>")
    make_deadline(shared, title="Assemblea", kind="incontro", opens_at=rome(2030, 5, 4, 18, 0), closes_at=None)
    return shared


# Addresses


@pytest.mark.parametrize("suffix", TYPES)
def test_page_leaves_in_another_form_by_its_ending(client, suffix, rich, shared):
    for publication in (rich, shared):
        response = client.get(address_of(publication, suffix))

        assert response["Content-Type"].split(";")[0] == TYPES[suffix]
        assert response["Link"] == f'<http://testserver{publication.get_absolute_url()}>; rel="canonical"'
        assert publication.title in text_of(response)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/pdf", "application/pdf"),
        ("text/plain", "text/plain"),
        ("text/markdown", "text/markdown"),
        ("text/markdown, text/html;q=0.9, */*;q=0.1", "text/markdown"),
        ("text/html;q=0.2, text/plain;q=0.7", "text/plain"),
        ("text/html;q=0, text/plain;q=0.1", "text/plain"),
        (BROWSER, "text/html"),
        ("*/*", "text/html"),
        ("text/*", "text/html"),
        ("application/json, text/plain, */*", "text/html"),
        ("text/plain, text/html", "text/html"),
        ("application/pdf;q=0", "text/html"),
        ("image/png", "text/html"),
        ("", "text/html"),
        ("text/plain;q=nan, text/html", "text/html"),
        ("text/plain;q=9, text/html", "text/html"),
        (",;=/ */ text/ ;q=\x00 <script>", "text/html"),
        ("a/b," * 3_000 + "text/html", "text/html"),
    ],
)
def test_page_answers_in_the_form_that_is_wanted_more_than_html(client, accept, media_type):
    page = make_communique().get_absolute_url()

    response = client.get(page, headers={"accept": accept})

    assert response.status_code == 200
    assert response["Content-Type"].split(";")[0] == media_type
    assert "Accept" in re.split(r",\s*", response["Vary"])


def test_answer_for_another_form_says_where_it_lies(client):
    initiative = make_initiative()

    response = client.get(initiative.get_absolute_url(), headers={"accept": "text/plain"})

    assert response["Content-Location"] == address_of(initiative, "txt")
    assert response.text == client.get(address_of(initiative, "txt")).text


def test_ending_alone_says_the_form(client):
    response = client.get(address_of(make_communique(), "md"), headers={"accept": "application/pdf"})

    assert response["Content-Type"].startswith("text/markdown")
    assert "Accept" not in re.split(r",\s*", response.get("Vary", ""))


@pytest.mark.parametrize("suffix", TYPES)
def test_former_address_leads_to_the_same_form(client, suffix):
    moved = make_communique(slug="adesso")
    FormerAddress.objects.create(kind=moved.kind, slug="prima", publication_id=moved.pk)

    response = client.get(f"/novita/comunicati/prima.{suffix}")

    assert (response.status_code, response["Location"]) == (301, f"/novita/comunicati/adesso.{suffix}")


def test_former_address_asked_for_another_form_leads_to_it(client):
    moved = make_communique(slug="adesso")
    FormerAddress.objects.create(kind=moved.kind, slug="prima", publication_id=moved.pk)

    response = client.get("/novita/comunicati/prima/", headers={"accept": "text/plain"}, follow=True)

    assert response.text.count(moved.title) == 1
    assert response["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("suffix", TYPES)
def test_what_was_withdrawn_says_why_in_words_that_fit(client, suffix):
    gone = make_communique(slug="tolto")
    gone.withdraw(None, "C’era un errore.")
    address = f"/novita/comunicati/tolto.{suffix}"

    program, person = client.get(address), client.get(address, headers={"accept": BROWSER})

    assert (program.status_code, person.status_code) == (410, 410)
    assert program.text == "Questa pagina è stata ritirata: C’era un errore.\n"
    assert "<h1" in person.text
    assert "C’era un errore." in person.text
    assert "Accept" in program["Vary"]


@pytest.mark.parametrize("suffix", TYPES)
@pytest.mark.parametrize(
    "state", [{"status": "draft"}, {"status": "review"}, {"publish_at": timezone.now() + timedelta(days=1)}]
)
def test_what_is_not_published_has_no_form(client, suffix, state):
    response = client.get(address_of(make_communique(**state), suffix))

    assert (response.status_code, response.text) == (404, "Questa pagina non c’è.\n")


@pytest.mark.parametrize("path", ["comunicati/x.docx", "iniziative/x.pdf", "altro/x.pdf", "comunicati/x.pdf/", "x.txt"])
def test_address_of_no_form_is_not_there(client, path):
    make_initiative(slug="x")

    assert client.get(f"/novita/{path}").status_code == 404


# Plain text


def test_text_is_a_letter(client, rich):
    letter = client.get(address_of(rich, "txt")).text

    assert letter.startswith("Area Omogenea Cremasca\n48 Comuni, un territorio\n")
    assert "Il bando è aperto\n=================\n" in letter
    assert "\nCome si fa\n----------\n" in letter
    assert "- Uno\n  - Dentro\n- Due\n" in letter
    assert "1. Primo\n2. Secondo\n" in letter
    assert "> Lo ha detto la sindaca." in letter
    assert "Giorno  Ore\n------  ----\nLunedì  9–12\n" in letter
    assert "[Immagine: Il cantiere visto dall’alto]" in letter
    assert "con il bando [2] e tutto il resto." in letter.replace("\n", " ")
    assert "\n[1] https://example.org/fai\n[2] https://example.org/bando?a=1&b=2\n" in letter


def test_text_tells_all_of_an_initiative(client, shared):
    letter = " ".join(client.get(address_of(shared, "txt")).text.split())

    for words in (
        "Agnadello Partecipa 28 novembre 2024 1. Gerundo",
        "Crespiatica (LO) Partecipa",
        "novembre 2024 Primo atto Fatta",
        "circa 200.000 La Regione Previsto",
        "Assemblea: 4 maggio 2030, ore 18:00.",
        "Come si aderisce? Scrivi al tuo Comune.",
        "Con chi: Regione; ASST",
    ):
        assert words in letter


@pytest.mark.parametrize("suffix", ["txt", "md"])
def test_no_line_ends_in_a_blank_that_means_nothing(client, suffix, rich, shared):
    for publication in (rich, shared):
        lines = client.get(address_of(publication, suffix)).text.split("\n")

        assert not [line for line in lines if re.search(r"\S [ ]?$|^\s+$", line) and not line.endswith("  ")]
        assert suffix == "md" or not [line for line in lines if line != line.rstrip()]
        assert suffix == "md" or not [line for line in lines if len(line) > WIDTH and "://" not in line]
        assert "\n\n\n" not in "\n".join(lines)


def test_table_that_does_not_fit_is_told_row_by_row():
    head = "".join(f'<th scope="col">Colonna{n}dalnomelungo</th>' for n in range(5))
    cells = "".join(f"<td>Contenuto{n}senzaspazi</td>" for n in range(5))

    text = as_plain(f"<table><tbody><tr>{head}</tr><tr>{cells}</tr></tbody></table>")

    assert text.startswith("Colonna0dalnomelungo: Contenuto0senzaspazi\nColonna1dalnomelungo: Contenuto1senzaspazi\n")


def test_cells_that_span_keep_the_columns():
    rows = '<tr><th colspan="2">Insieme</th><th>Fine</th></tr><tr><td>a</td><td>b</td><td>c</td></tr>'

    text = as_plain(f"<table><tbody>{rows}</tbody></table>")

    assert text.split("\n")[::2] == ["Insieme       Fine", "a        b    c"]


def test_table_without_a_head_has_no_line_under_its_first_row():
    rows = '<tr><th scope="row">Chi</th><td>I Comuni</td></tr><tr><th scope="row">Quando</th><td>Entro marzo</td></tr>'

    text = as_plain(f"<table><tbody>{rows}</tbody></table>")

    assert text == "Chi     I Comuni\nQuando  Entro marzo\n"


def test_text_that_looks_like_a_mark_stays_as_it_is_written():
    assert as_plain("<p># 5 * 3 _a_ [x] &lt;b&gt;</p>") == "# 5 * 3 _a_ [x] <b>\n"


def test_line_of_html_may_end_anywhere():
    html = "<ul>\n<li><strong>Chi:</strong>\n  i Comuni</li>\n</ul><p>Prima\nriga<br>e la\n  seconda</p>"

    assert as_plain(html) == "- Chi: i Comuni\n\nPrima riga\ne la seconda\n"
    assert as_markdown(html) == "- **Chi:** i Comuni\n\nPrima riga  \ne la seconda\n"


# Markdown


def tokens_of(markdown):
    return MarkdownIt("commonmark").enable("table").parse(markdown)


def structure(tokens):
    return [token.tag for token in tokens if token.nesting == 1 and token.tag not in ("p", "thead", "tbody", "tr")]


def words(tokens):
    """What a reader of the Markdown reads, once it is drawn."""
    blocks = (token.children or [] for token in tokens)
    marks = {"softbreak", "hardbreak"}
    lines = ("".join(" " if child.type in marks else child.content for child in block) for block in blocks)
    return " ".join(lines).split()


HOSTILE = [
    "# non un titolo",
    "1. non un elenco",
    "2024) neppure",
    "- no",
    "+ no",
    "* no *no* **no** _no_ __no__",
    "&gt; no",
    "===",
    "---",
    "***",
    "```",
    "~~~",
    "[a](http://b) ![c](d) [e]: f",
    "&lt;b&gt;no&lt;/b&gt; &lt;http://a.it&gt; &amp;amp; &amp;copy; &amp;#35;",
    "\\* \\_ \\\\ `no` | a | b |",
    "a | b<br>--- | ---",
    "    quattro spazi",
    "Titolo<br>===",
    "Titolo<br>---",
    "fine riga  <br>- no<br>1. no<br># no<br>&gt; no",
    "12\u00a0. a\u2028b",
    "a\n1. b\n- c\n# d\n&gt; e\n+ f\n=\n",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_would_be_markup_is_read_as_it_was_written(hostile):
    html = clean(f"<p>{hostile}</p>")

    tokens = tokens_of(as_markdown(html))

    assert structure(tokens) == []
    assert words(tokens) == plain(html).split()


@pytest.mark.parametrize("hostile", [text for text in HOSTILE if "<br>" not in text])
def test_nothing_breaks_out_of_a_cell_or_of_words_for_a_picture(hostile):
    row = f"<tr><th>{hostile}</th><th>B</th></tr><tr><td>{hostile}</td><td>d</td></tr>"

    tokens = tokens_of(as_markdown(f"<table><tbody>{row}</tbody></table><p>dopo</p>"))

    assert structure(tokens) == ["table", "th", "th", "td", "td"]
    alt = tokens_of(as_markdown(f'<p><img src="/a.webp" alt="{plain(hostile)}"></p>'.replace("<br>", "")))
    assert [child.type for token in alt for child in token.children or []] == ["image"]


@pytest.mark.parametrize(
    "address", ["https://a.it/x)y", "https://a.it/(x", "https://a.it/a b", "https://a.it/\\)", "/a_b*"]
)
def test_brackets_do_not_end_an_address(address):
    [paragraph] = [token for token in tokens_of(as_markdown(f'<p><a href="{address}">qui</a></p>')) if token.children]

    assert [child.type for child in paragraph.children] == ["link_open", "text", "link_close"]


@pytest.mark.parametrize(
    ("words", "address", "noted"),
    [
        ("qui", "https://a.it/qui", True),
        ("it", "https://a.it/", True),
        ("https://a.it/", "https://a.it", False),
        ("a.it", "https://www.a.it/", False),
        ("info@a.it", "mailto:info@a.it", False),
        ("più sotto", "#sotto", False),
    ],
)
def test_address_is_noted_where_the_words_do_not_say_it(words, address, noted):
    html = f'<p><a href="{address}">{words}</a></p>'

    assert with_notes(html)[1] == [address] * noted
    assert ("[1]" in as_plain(html)) == noted


def test_markdown_reads_back_as_the_page(client, rich):
    markdown = client.get(address_of(rich, "md")).text

    tokens = tokens_of(markdown)
    links = [child.attrs["href"] for token in tokens for child in token.children or [] if child.type == "link_open"]
    assert markdown.startswith("**Comunicato n. 12/2026**, ")
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1", "h2", "h2", "h3", "h2"]
    assert structure(tokens).count("table") == 1
    assert structure(tokens).count("ul") == 5  # facts, deadlines, two in the text, documents
    assert "https://example.org/bando?a=1&b=2" in links
    assert f"http://testserver{rich.get_absolute_url()}" in links
    assert set(plain(rich.body).split()) <= set(words(tokens))


def test_markdown_tells_what_who_reuses_it_needs(client, rich):
    markdown = client.get(address_of(rich, "md")).text

    assert "**In breve.** Chi può chiedere, e come." in markdown
    assert f"- **Pagina:** <http://testserver{rich.get_absolute_url()}>" in markdown
    assert "- **Licenza:** CC BY 4.0" in markdown


# Paper


def printed(client, publication):
    return Tagged(content(client.get(address_of(publication, "pdf"))))


def test_paper_is_all_that_pdf_ua_asks_for(client, rich, shared):
    for publication in (rich, shared, make_communique(body="<p>Breve.</p>")):
        assert faults(content(client.get(address_of(publication, "pdf")))) == []


def test_paper_says_all_that_the_page_says(client, rich):
    pdf = printed(client, rich)

    for fact in (
        "Area Omogenea Cremasca",
        "Comunicato n. 12/2026",
        "Si chiude in primavera",
        "Chi può chiedere, e come.",
        "Argomento: Energia",
        "Comuni: Crema, Offanengo",
        "Domande per il bando: entro il 31 marzo 2030, ore 12:00",
        "Foto di Ada Neri",
        "Come si fa",
        "Gli orari",
        "Lunedì",
        "Il cantiere",
        "Il modulo",
        "A cura di: Ufficio bandi",
        "https://example.org/bando?a=1&b=2",
        f"http://testserver{rich.get_absolute_url()}",
        "CC BY 4.0",
        "Pagina 1 di 2",
    ):
        assert fact in pdf.text


def test_paper_is_read_in_order_with_its_tables_and_pictures(client, rich):
    pdf = printed(client, rich)

    assert pdf.outline == [1, 2, 2, 3, 2, 2]
    assert [one.entry["/Alt"].partition(":")[0] for one in pdf.of("/Figure")] == [
        "La piazza del mercato",
        "Il cantiere visto dall’alto",
        "Codice QR che porta alla pagina http",
    ]
    assert [one.attributes["/Scope"] for one in pdf.of("/TH")] == ["/Column", "/Column", "/Row"]
    assert len(pdf.of("/Caption")) == 3
    assert {mark["/Title"] for mark in pdf.reader.outline if not isinstance(mark, list)} == {rich.title}


def test_paper_knows_its_title_its_hours_and_its_language(client, rich):
    rich.publish_at = rome(2026, 3, 1, 9, 30)
    rich.save()

    document = printed(client, rich).reader

    assert (document.metadata.title, document.metadata.subject) == (rich.title, rich.summary)
    assert document.metadata.author == Identity.current().owner
    assert document.metadata["/Keywords"] == "Comunicato, Energia"
    assert document.metadata.creation_date == rome(2026, 3, 1, 9, 30)
    assert document.trailer["/Root"]["/Lang"] == "it"


def test_paper_carries_our_letters_and_those_of_neighbours(client):
    pdf = printed(
        client, make_communique(title="Città, Šarić e Łódź", body="<p>Perché <em>così</em>: m², €, Šarić.</p>")
    )

    assert pdf.text.count("Šarić") == 2
    ours = {"Lora", "Lora-Bold", "Lora-Italic", "Lora-Ext", "Titillium-Web", "Titillium-Web-Bold"}
    assert {name.partition("+")[2] for name, _, _ in pdf.fonts} == ours | {"Titillium-Web-Ext-Bold"}


def test_paper_is_made_once_and_again_when_it_would_say_something_else(client, rich):
    def made():
        client.get(address_of(rich, "pdf"))
        folder = f"{pdf_cache.FOLDER}/{rich.pk}"
        return {
            name: default_storage.get_modified_time(f"{folder}/{name}") for name in default_storage.listdir(folder)[1]
        }

    first = made()
    assert made() == first
    changes = []
    for change in (
        lambda: rich.deadlines.get().move(None, "Proroga", closes_at=rome(2031, 1, 1)),
        lambda: Identity.objects.create(pk=1, phone="0373 000000"),
        lambda: type(rich).objects.filter(pk=rich.pk).update(summary="Altro."),
        lambda: rich.picture.__class__.objects.filter(pk=rich.picture.pk).update(alternative_text="Altra."),
    ):
        change()
        changes.append(made())
    assert [len(files) for files in [first, *changes]] == [1] * 5
    assert len({name for files in [first, *changes] for name in files}) == 5


def test_who_has_made_paper_still_refuses_half_a_picture(client, rich):
    client.get(address_of(rich, "pdf"))
    half = ContentFile(picture_file(size=(640, 360)).read()[:-200], "mezza.png")

    with pytest.raises(ValidationError, match="leggibile"):
        Picture(file=half, alternative_text="La piazza", credit="Archivio").full_clean()


def test_paper_that_a_reader_has_already_is_not_sent_again(client, rich):
    first = client.get(address_of(rich, "pdf"))

    again = client.get(address_of(rich, "pdf"), headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert first["Last-Modified"]
    assert first["Cache-Control"] == "public, max-age=0, s-maxage=5, stale-while-revalidate=2, stale-if-error=3600"


def test_who_has_paper_made_is_told_the_hour_that_all_others_are(client, rich):
    with time_machine.travel(timezone.now() + timedelta(hours=1)):  # the hour of a file is the system's
        first = client.get(address_of(rich, "pdf"))

    assert first["Last-Modified"] == client.get(address_of(rich, "pdf"))["Last-Modified"]


def test_paper_goes_with_its_page(client, rich, django_capture_on_commit_callbacks):
    client.get(address_of(rich, "pdf"))

    with django_capture_on_commit_callbacks(execute=True):
        rich.withdraw(None, "C’era un errore.")

    assert default_storage.listdir(f"{pdf_cache.FOLDER}/{rich.pk}")[1] == []


@pytest.mark.django_db(transaction=True)
def test_paper_that_was_being_made_goes_with_its_page(client):
    gone, answers = make_communique(slug="tolto"), []

    def ask():
        try:
            answers.append(client.get(address_of(gone, "pdf")))
        finally:
            connection.close()

    with pdf_cache.one_at_a_time():
        asking = Thread(target=ask)
        asking.start()
        asking.join(1)  # it has found the page, and waits for its turn
        gone.withdraw(None, "C’era un errore.")
    asking.join()

    assert (answers[0].status_code, answers[0].text) == (410, "Questa pagina è stata ritirata: C’era un errore.\n")
    assert default_storage.listdir(f"{pdf_cache.FOLDER}/{gone.pk}")[1] == []


@pytest.mark.slow
@pytest.mark.parametrize("word", ["a" * 100_000, "x&amp;y" * 20_000])
def test_word_without_end_holds_up_nobody(client, word):
    """As when somebody pastes a picture as the letters of its file."""
    communique = make_communique(body=f"<p>{word}</p>")

    with timed() as cost:
        pdf = content(client.get(address_of(communique, "pdf")))

    assert cost.own + cost.of_children < 15
    assert len(Tagged(pdf).text) > 50_000


def test_words_that_can_be_read_stay_as_they_are():
    html = f'<p>{"a" * 499} <a href="https://a.it/{"b" * 600}">c</a></p>'

    assert with_ends(html) == html


@contextmanager
def room_for(size):
    """As on a disk that is nearly full: no file may grow any further."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_paper_that_cannot_be_kept_whole_is_not_kept(client):
    communique = make_communique()
    size = len(content(client.get(address_of(communique, "pdf"))))
    pdf_cache.throw_away(communique)
    with room_for(size - 1):
        first = content(client.get(address_of(communique, "pdf")))

    assert first.endswith(b"%%EOF\n")
    assert default_storage.listdir(f"{pdf_cache.FOLDER}/{communique.pk}")[1] == []
    assert content(client.get(address_of(communique, "pdf"))).endswith(b"%%EOF\n")
    assert len(default_storage.listdir(f"{pdf_cache.FOLDER}/{communique.pk}")[1]) == 1


def test_paper_that_lacks_a_picture_is_not_kept(client):
    communique = make_communique(picture=make_picture())
    name = rendition_name(communique.picture.file.name, max(WIDTHS))
    with default_storage.open(name) as file:
        picture = file.read()
    default_storage.delete(name)

    lacking = client.get(address_of(communique, "pdf"))
    default_storage.save(name, ContentFile(picture))

    assert not default_storage.exists(f"{pdf_cache.FOLDER}/{communique.pk}")
    whole = client.get(address_of(communique, "pdf"), headers={"If-None-Match": lacking["ETag"]})
    assert whole.status_code == 200
    assert len(content(whole)) > len(content(lacking))
    assert len(default_storage.listdir(f"{pdf_cache.FOLDER}/{communique.pk}")[1]) == 1


def test_paper_waits_for_room_to_be_made_in(client):
    communique = make_communique()
    with room_for(4_000):
        response = client.get(address_of(communique, "pdf"))

    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert client.get(address_of(communique, "pdf")).status_code == 200


@pytest.mark.parametrize("suffix", ["stampe", "stampe/{pk}"])
def test_paper_is_made_where_nothing_can_be_kept(client, suffix):
    communique = make_communique()
    default_storage.save(suffix.format(pk=communique.pk), ContentFile(b"in the way"))

    assert content(client.get(address_of(communique, "pdf"))).startswith(b"%PDF")


def test_no_paper_without_a_lock(client, monkeypatch, tmp_path):
    (tmp_path / "var").write_text("in the way")
    monkeypatch.setattr(pdf_cache, "LOCK", tmp_path / "var" / "stampe.lock")

    response = client.get(address_of(make_communique(), "pdf"))

    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")


SECRETS = """
file:///etc/passwd http://169.254.169.254/latest/ https://example.org/a.png //example.org/a.png /file/documenti/x.pdf
/file/immagini/2026/altrui.webp handout:///../../manage.py ../../manage.py data:image/png;base64,AAAA ftp://a.it/b
""".split()


def test_paper_takes_nothing_from_elsewhere(monkeypatch):
    connections = []
    monkeypatch.setattr("socket.socket.connect", lambda self, place: connections.append(place))
    hidden = make_picture()
    make_communique(status="draft", picture=hidden)
    body = "".join(f'<p><img src="{address}" alt="Rubata"></p>' for address in [*SECRETS, hidden.file.url])
    body += '<link rel="stylesheet" href="file:///etc/passwd"><style>@import url(http://169.254.169.254/)</style>'
    body += '<link rel="attachment" href="file:///etc/passwd"><object data="file:///etc/passwd"></object>'
    communique = make_communique()
    type(communique).objects.filter(pk=communique.pk).update(body=body)  # as no form would keep it

    file, pictures, _ = pdf_cache.packed(to_print(handed_out(communique.kind).get(pk=communique.pk), pdf_cache.style()))
    pdf = Tagged(pdf_of(file, "elsewhere", pictures)["pdf"])  # here, where a connection would be seen

    assert connections == []
    assert "root:" not in pdf.text
    assert "/EmbeddedFiles" not in pdf.root.get("/Names", {})
    assert {image.name for page in pdf.reader.pages for image in page.images} == set()


def test_portal_goes_on_where_paper_cannot_be_made(client, monkeypatch, rich):
    monkeypatch.setattr(pdf_cache, "LIBRARIES", ("una-libreria-che-non-c-e",))
    pdf_cache.can_be_made.cache_clear()
    try:
        page, answer = client.get(rich.get_absolute_url()), client.get(address_of(rich, "pdf"))
        checked = [one.id for one in paper_can_be_made(None)]
    finally:
        pdf_cache.can_be_made.cache_clear()

    assert address_of(rich, "txt") in page.text
    assert address_of(rich, "pdf") not in page.text
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert answer.text == "Qui i PDF non si possono preparare: leggi la pagina, oppure stampala dal browser.\n"
    assert checked == ["areaomogenea.W001"]


def test_who_would_wait_too_long_is_told_to_come_back(client, monkeypatch, rich):
    monkeypatch.setattr(pdf_cache, "PATIENCE", 0)
    with pdf_cache.LOCK.open("wb") as other:
        assert locks.lock(other, locks.LOCK_EX)
        answer = client.get(address_of(rich, "pdf"))

    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert client.get(address_of(rich, "pdf")).status_code == 200


def test_burst_of_requests_for_paper_holds_few_threads():
    """Whoever finds no place in the line goes at once: the threads that pages need are never all held."""
    entered, leave, refused, held = Semaphore(0), Event(), [], []

    def ask():
        try:
            with pdf_cache.in_line():
                held.append(1)
                entered.release()
                leave.wait(30)
        except pdf_cache.BusyError:
            refused.append(1)
            entered.release()

    askers = [Thread(target=ask) for _ in range(12)]
    for asker in askers:
        asker.start()
    entries = [entered.acquire(timeout=30) for _ in askers]  # nobody of the twelve is left waiting without an answer
    leave.set()
    for asker in askers:
        asker.join()

    assert all(entries)
    assert (len(held), len(refused)) == (pdf_cache.PLACES, 12 - pdf_cache.PLACES)


def test_full_line_sends_away_at_once_and_leaves_pages_alone(client, rich):
    with pdf_cache.in_line(), pdf_cache.in_line():
        answer = client.get(address_of(rich, "pdf"))
        page = client.get(address_of(rich, "pdf"), headers={"Accept": "text/html"})
        home = client.get("/")

    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "60", "no-store")
    assert answer.text == "Stiamo preparando altri PDF: riprova fra un minuto.\n"
    assert (page.status_code, page["Retry-After"], home.status_code) == (503, "60", 200)
    assert f'href="{rich.get_absolute_url()}"' in page.text
    assert f'href="{address_of(rich, "txt")}"' in page.text


def test_line_opens_again_when_one_leaves(client, rich):
    with pytest.raises(RuntimeError), pdf_cache.in_line():
        raise RuntimeError

    assert client.get(address_of(rich, "pdf")).status_code == 200


def test_paper_that_is_kept_needs_no_place(client, rich):
    client.get(address_of(rich, "pdf"))

    with pdf_cache.in_line(), pdf_cache.in_line():
        assert client.get(address_of(rich, "pdf")).status_code == 200


@pytest.mark.parametrize("body", [f"<table><tr>{'<td>a</td>' * 2001}</tr></table>", f"<p>{'parola ' * 25_000}</p>"])
def test_page_that_would_take_too_much_paper_is_not_printed(client, body):
    communique = make_communique(body=body)

    answer = client.get(address_of(communique, "pdf"))

    assert (answer.status_code, answer.has_header("Retry-After")) == (503, False)
    assert "troppo lunga per un PDF" in answer.text
    assert address_of(communique, "pdf") not in client.get(communique.get_absolute_url()).text
    assert client.get(address_of(communique, "txt")).status_code == 200


# The page


def test_page_offers_its_forms_and_ways_to_send_it_on(client):
    communique = make_communique(title="Uno & due: 50%?", summary="In breve.")
    page = client.get(communique.get_absolute_url()).text

    for suffix, media_type in TYPES.items():
        assert f'<link rel="alternate" type="{media_type}"' in page
        assert f'<a href="{address_of(communique, suffix)}" type="{media_type}"' in page
    address = f"http%3A%2F%2Ftestserver{communique.get_absolute_url().replace('/', '%2F')}"
    title = "Uno%20%26%20due%3A%2050%25%3F"
    assert f'href="https://wa.me/?text={title}%20{address}" rel="noopener noreferrer nofollow"' in page
    assert f'href="https://t.me/share/url?url={address}&amp;text={title}" rel="noopener noreferrer nofollow"' in page
    assert f'href="mailto:?subject={title}&amp;body=In%20breve.%0D%0A%0D%0A{address}"' in page


def test_preview_offers_no_form(client, admin_client):
    draft = make_communique(status="draft")

    page = admin_client.get(f"/admin/news/communique/{draft.pk}/anteprima/pagina/").text

    assert 'rel="alternate" type="application/pdf"' not in page
