"""Documents as people write and send them, read into blocks that keep their structure."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby, takewhile
from pathlib import PurePosixPath
from typing import IO, Any
from xml.etree import ElementTree

from areaomogenea.sandbox import foreign, limits, office_files
from areaomogenea.sandbox.errors import Refused, TooCostly, Unreadable
from areaomogenea.sandbox.packages import DAMAGED, OPEN_DOCUMENT, TOO_COMPLEX, check_weight, opened
from areaomogenea.sandbox.process import ask

from . import mail, opendocument, tree, webmail, wordprocessing
from .account import Account, quoted
from .blocks import Block
from .characters import shows_nothing
from .html import clean, plain
from .numbering import NUMBER_MARK
from .plaintext import in_tables, sign_of

STYLES = """
p[style-name='Title'] => p.title:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Bullet 3'] => ul|ol > li > ul|ol > li > ul > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
p[style-name='List Number 3'] => ul|ol > li > ul|ol > li > ol > li:fresh
"""
HEADINGS = [f"h{level}" for level in range(1, 7)]
LOWEST_HEADING = 4
TITLE_WITHIN = 6  # blocks from the top
LISTS = ("ul", "ol")
BLOCKS = ("<p>", "<ul>", "<ol")
KEPT_TAGS = {"strong", "em", "sub", "sup", "ul", "ol", "li", "blockquote"}
EMPHASIS = ("strong", "em")
WEB = re.compile(r"^(?:https?://|mailto:|tel:)", re.IGNORECASE)
FILE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|tiff?|emf|wmf|svg)$", re.IGNORECASE)
# What office programs write by themselves: a guess, and no description.
SPACES = re.compile(r"\s+")
TAB = "\N{SYMBOL FOR HORIZONTAL TABULATION}"  # while HTML is written, which knows no tabs
TABBED_SIGN = re.compile(r"\s*([oØüvq§])\t")
GUESSED = re.compile(r"generat[ao] (?:automaticamente|dall.IA)|automatically generated|AI-generated", re.IGNORECASE)
NOT_TEXT = re.compile(r"^(?:word/(?:charts|diagrams|embeddings)/|Object \d+/)")
PAGE_NUMBER = re.compile(r"\W*(?:pag(?:ina|\.)?)?\W*\d*\W*(?:di|/)?\W*\d*\W*", re.IGNORECASE)
UNKNOWN_SIGN = re.compile(r"w:sym element.*char (\w+) in font (.+)$")
NUMBERED = re.compile(rf"{NUMBER_MARK}(\d{{1,4}})$")
PDF = (
    "Il testo viene da un PDF, che non dice dove finiscono i paragrafi né che cosa è un titolo, un elenco o una "
    "tabella: confrontalo con l’originale. Le immagini non ci sono."
)
# What stands on the pages of a PDF besides lines of words.
SEEN = [
    (
        "pdf-pages-lost",
        "Ci sono pagine senza parole leggibili, forse scansioni: quello che dicono nella bozza manca. Sono: {}.",
        lambda sheet: not sheet.has_words and (sheet.pictures or sheet.has_table),
    ),
    (
        "pdf-pictures",
        "Immagini del PDF che nella bozza non ci sono: {}.",
        lambda sheet: sheet.has_words and sheet.pictures,
    ),
    (
        "pdf-tables",
        "Quelle che sembrano tabelle sono nella bozza come righe di testo, da rifare o da allegare: {}.",
        lambda sheet: sheet.has_words and sheet.has_table,
    ),
]
MOST_PAGES_TOLD = 10
TOO_LONG = (
    "Il documento è troppo lungo: {letters} caratteri, circa {pages} fogli, e una pagina del portale ne tiene 200.000. "
    "Incolla qui sotto il testo del solo comunicato, e metti il documento intero fra gli allegati."
)
PAGES_WITH_MARGINS = 3  # fewer do not tell what is on each page from what is said twice
MERGED_CELLS = "cell merging may be incorrect"

logger = logging.getLogger(__name__)


@dataclass
class Image:
    data: bytes  # b"" if it is not in the document
    alternative_text: str  # as somebody wrote it
    after: int = 0  # blocks that stand before it, with that in which it stands


@dataclass
class Document:
    """`remarks` are (code, message) pairs: what of the document did not come along, or not as it was."""

    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    is_scan: bool = False  # it has no words, because its pages are images


def read_document(file: Any) -> Document | None:
    """The Document of a file, which is opened in a process of its own. Raises Refused, in words for who brings it."""
    try:
        answer = ask("areaomogenea.prose.document_reader:document_as_json", file, limits.OF_DOCUMENT)
    except TooCostly:
        raise Refused(TOO_COMPLEX) from None
    except Unreadable:
        raise Refused(DAMAGED) from None
    return Document(
        [Block(*block) for block in answer["blocks"]],
        [Image(*image) for image in answer["images"]],
        [(code, message) for code, message in answer["remarks"]],
        answer["is_scan"],
    )


def document_as_json(file: IO[bytes]) -> dict[str, Any]:
    """A document as JSON holds it."""
    document = parsed(file)
    return {
        "blocks": [(block.html, block.style, block.emphasis, block.text) for block in document.blocks],
        "images": [(image.data, image.alternative_text, image.after) for image in document.images],
        "remarks": document.remarks,
        "is_scan": document.is_scan,
    }


def parsed(file: IO[bytes]) -> Document:
    """A document read here and now. Raises Refused."""
    try:
        check_weight(file)
        if (kind := foreign.kind_of(file)) in READERS:
            return READERS[kind](file)
        with opened(file) as (kind, package):
            return document_of(OpenDocumentSource(package) if kind == OPEN_DOCUMENT else WordSource(package))
    except (Refused, TooCostly, MemoryError):
        raise
    except Exception as error:
        # Zip and XML have more ways of being broken than any reader knows: no file may bring the desk down.
        logger.warning("A document could not be read.", exc_info=error)
        raise Refused(DAMAGED) from error


def document_of(source: Source) -> Document:
    document = Document()
    writer = Writer(document, source)
    made = writer.blocks(source.tree)
    document.blocks = [block for block in with_tables_of_tabs(made, document) if not shows_nothing(block.text)]
    settle_places(document, made)
    document.remarks += remarks_on(source)
    draft = "\n".join([*(block.text for block in document.blocks), *writer.signs])
    document.remarks += source.account.missing(source.passages, draft)
    check_length(document)
    return document


def check_length(document: Document) -> None:
    """A page holds no book: who brings one is told how long it is."""
    letters = sum(len(block.html) for block in document.blocks)
    if letters > limits.LETTERS_OF_A_DOCUMENT:
        pages = sum(len(block.text) for block in document.blocks) // limits.LETTERS_OF_A_SHEET
        raise Refused(TOO_LONG.format(letters=f"{letters:,}".replace(",", "."), pages=pages))


def settle_places(document: Document, made: list[Block]) -> None:
    """Images stand after the same words, though blocks have become others."""
    places = {block.text: number for number, block in enumerate(document.blocks, start=1)}
    for image in document.images:
        image.after = next((places[block.text] for block in reversed(made[: image.after]) if block.text in places), 0)


def document_of_pdf(file: IO[bytes]) -> Document:
    sheets = office_files.text_of_pdf(file)
    pages = [sheet.lines for sheet in sheets]
    margins = lines_of_most(pages)
    lines = [line for page in pages for line in without_number(page) if line not in margins]
    if not pages:
        return Document(is_scan=True)
    remarks = [("pdf", PDF)]
    if margins:
        remarks.append(("page-margins", f"Intestazione e piè di pagina non sono nella bozza: {quoted(margins)}."))
    remarks += [(code, text.format(pages_told(seen, sheets))) for code, text, seen in SEEN if any(map(seen, sheets))]
    return Document([Block.line(line) for line in lines], remarks=remarks)


def pages_told(seen: Callable[[office_files.Sheet], bool], sheets: Iterable[office_files.Sheet]) -> str:
    numbers = [str(number) for number, sheet in enumerate(sheets, start=1) if seen(sheet)]
    more = len(numbers) - MOST_PAGES_TOLD
    listed = ", ".join(numbers[:MOST_PAGES_TOLD]) + (f" e altre {more}" if more > 0 else "")
    return f"{'pagina' if len(numbers) == 1 else 'pagine'} {listed}"


def without_number(page: list[str]) -> list[str]:
    """A page without its number, which stands at its head or at its foot."""
    written = [number for number, line in enumerate(page) if line]
    edges = {place for place in (*written[:1], *written[-1:]) if PAGE_NUMBER.fullmatch(page[place])}
    return [line for place, line in enumerate(page) if place not in edges]


def lines_of_most(pages: list[list[str]]) -> list[str]:
    """Lines of more than half of the pages, in their order: they belong to the paper, not to the text."""
    if len(pages) < PAGES_WITH_MARGINS:
        return []
    counted = Counter(line for page in pages for line in dict.fromkeys(page) if line)
    return [line for line, count in counted.items() if count * 2 > len(pages)]


def document_of_mail(file: IO[bytes]) -> Document:
    """The mail, with the headers of one that was forwarded as lines: who reads letters knows what to do with them."""
    read = mail.read(file)
    document, pictures = Document(), []
    for kind, text in read.parts:
        if kind == "page":
            source = PageSource(text)
            page = document_of(source)
            document.blocks += page.blocks
            document.remarks += page.remarks
            pictures += source.pictures
        else:
            document.blocks += [*map(Block.line, text.splitlines()), Block.line("")]
    if sum(len(block.text) for block in document.blocks) > limits.LETTERS_OF_A_TEXT:
        raise TooCostly
    document.remarks += read.remarks()
    if pictures:
        descriptions = quoted(words or "senza una descrizione" for words in pictures)
        document.remarks.append(("mail-pictures", f"Immagini del messaggio, che non sono state prese: {descriptions}."))
    return document


READERS = {"PDF": document_of_pdf, "MAIL": document_of_mail}


# Where a document's tree, images and remarks come from


class Source:
    """Where images come from: no more of them than a text has, however often it shows the same."""

    def __init__(self, package):
        self.package = package
        self.images_left, self.bytes_left = limits.IMAGES_OF_A_DOCUMENT, limits.IMAGES_TOGETHER

    def content_of(self, opened: Callable[[], Any]) -> bytes:
        """The bytes of an image that `opened` opens; none if it is not there, or one too many."""
        room = min(limits.IMAGE_BYTES, self.bytes_left) if self.images_left else 0
        try:
            with opened() as content:
                data = content.read(room + 1)
        except (ValueError, KeyError, OSError):  # it is outside the document, or nowhere
            return b""
        if len(data) > room:
            return b""
        self.images_left, self.bytes_left = self.images_left - 1, self.bytes_left - len(data)
        return data


class WordSource(Source):
    def __init__(self, package):
        import mammoth

        super().__init__(package)
        self.images = []
        plain = wordprocessing.plain(package)
        self.passages, self.margins, self.account = plain.passages, plain.margins, plain.account
        converted = mammoth.convert_to_html(
            plain.file,
            style_map=STYLES,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(self.keep),
        )
        self.tree = ElementTree.fromstring(f"<div>{converted.value}</div>")  # noqa: S314 (written by mammoth, not by the document)
        for message in converted.messages:
            self.note(message.message)

    def note(self, message: str) -> None:
        """Notes those of the converter's messages that say that something did not come along."""
        if sign := UNKNOWN_SIGN.search(message):
            self.account.leave("sign", name=f"{sign[1]} del carattere {sign[2]}", near="")
        elif MERGED_CELLS in message:
            self.account.note("table-merge")

    def keep(self, image: Any) -> dict[str, str]:
        self.images.append(self.content_of(lambda: self.package.open(name_in(image))))
        return {"src": str(len(self.images) - 1)}

    def image(self, source: str) -> bytes:
        return self.images[int(source)]


def name_in(image: Any) -> str:
    """The converter's copy of the package holds, in the place of each image, the name of its part."""
    with image.open() as content:
        return content.read().decode()


class OpenDocumentSource(Source):
    def __init__(self, package):
        super().__init__(package)
        self.tree, self.margins, self.passages, self.account = opendocument.read(package)

    def image(self, source: str) -> bytes:
        return self.content_of(lambda: self.package.open(str(PurePosixPath(source))))


class PageSource(Source):
    """The page of a mail; its pictures are elsewhere."""

    def __init__(self, html):
        super().__init__(None)
        self.tree, hidden, pale, self.pictures = webmail.tree_of(html)
        pieces = plain(ElementTree.tostring(self.tree, encoding="unicode", method="html"))
        self.margins, self.passages, self.account = [], pieces.split("\n"), Account()
        for text in hidden:
            self.account.leave("hidden-text", name=text, near="")
        for text in pale:
            self.account.leave("pale-text", name=text, near="")


def remarks_on(source: Source) -> Iterator[tuple[str, str]]:
    margins = dict.fromkeys(text for text in source.margins if text and not PAGE_NUMBER.fullmatch(text))
    if margins:
        yield "page-margins", f"Intestazione e piè di pagina non sono nella bozza: {quoted(margins)}."
    if source.package and "formula" not in source.account.left and any(map(NOT_TEXT.search, source.package.namelist())):
        source.account.note("not-text")
    yield from source.account.remarks()


# From a tree to blocks


class Writer:
    """Writes the HTML of each block of a tree, and remarks in the document what it cannot write."""

    def __init__(self, document, source):
        self.document, self.source = document, source
        self.headers_guessed, self.struck, self.links_dropped = [], [], []
        self.signs = []  # letters that stood for bullets

    def blocks(self, tree: ElementTree.Element) -> list[Block]:
        children = self.with_title(list(tree))
        used = sorted({element.tag for element in tree.iter() if element.tag in HEADINGS})
        # Levels are ranks: a text whose headings are all of level 3 has no holes above them.
        self.levels = {tag: f"h{min(2 + rank, LOWEST_HEADING)}" for rank, tag in enumerate(used)}
        blocks = []
        for child in children:
            met = len(self.document.images)
            blocks += [block for block in self.block(child) if not shows_nothing(block.text)]
            for image in self.document.images[met:]:
                image.after = len(blocks)
        self.remark(tree)
        return blocks

    def with_title(self, children: list[ElementTree.Element]) -> list[ElementTree.Element]:
        """The title by its style, else the only heading of the first level if it opens the document."""
        titles = [child for child in children if child.get("class") == Block.TITLE]
        firsts = [child for child in children if child.tag == "h1"]
        top = [child for child in children if words_of(child)][:TITLE_WITHIN]
        title = next((child for child in titles if child in top), None)
        if title is None and len(firsts) == 1 and firsts[0] in top:
            headings = [child for child in children if child.tag in HEADINGS]
            title = firsts[0] if headings[0] is firsts[0] else None
        for child in titles:
            child.attrib.pop("class")
            child.tag = "h1"
        if title is not None:
            title.tag = "p"
            title.set("class", Block.TITLE)
        return children

    def block(self, element: ElementTree.Element, is_inside: bool = False) -> Iterator[Block]:
        if element.tag in HEADINGS:
            inner = self.inner(element, plain_of=EMPHASIS)
            yield self.made(f"<{self.levels[element.tag]}>{inner}</{self.levels[element.tag]}>", Block.HEADING)
        elif element.tag in LISTS:
            yield from self.list_blocks(element)
        elif element.tag == "table":
            yield from self.table_blocks(element, is_inside)
        elif element.tag == "p":
            style = element.get("class", Block.PARAGRAPH)
            emphasis = next((tag for tag in EMPHASIS if is_all_in(element, tag)), "")
            yield self.made(f"<p>{self.with_bullet(element)}</p>", style, emphasis)
        else:
            yield self.made(f"<p>{self.html(element)}</p>")

    def list_blocks(self, element: ElementTree.Element) -> Iterator[Block]:
        for together in counted_on(element):
            is_alone = len(together) == 1 and is_all_in(together, "strong")  # a heading that Word counts
            if is_alone and element.tag == "ol" and (number := number_of(together[0])):
                html = f"<p><strong>{number}. {tree.without(self.cell(together[0]), {'strong', 'p'})}</strong></p>"
                yield self.made(html, emphasis="strong")
            elif words_of(together):
                yield self.made(self.list_html(together), Block.LIST, "strong" if is_alone else "")

    def list_html(self, element: ElementTree.Element) -> str:
        """A list that begins with the number of its first item."""
        number = number_of(element[0]) if element.tag == "ol" and len(element) else 0
        start = f' start="{number}"' if number != 1 and number else ""
        return f"<{element.tag}{start}>{self.inner(element)}</{element.tag}>"

    def made(self, html: str, style: str = Block.PARAGRAPH, emphasis: str = "") -> Block:
        html = html if style == Block.PARAGRAPH else html.replace(TAB, " ")
        return Block(clean(html) if words_in(html) else "<p></p>", style, emphasis)

    def with_bullet(self, element: ElementTree.Element) -> str:
        """A letter of a font of symbols and a tab are the sign of an item; without the tab it would be a word."""
        inner, sign = self.inner(element), TABBED_SIGN.match("".join(element.itertext()))
        if not sign:
            return inner
        self.signs.append(sign[1])
        return f"{'◦' if sign[1] == 'o' else '•'} {tree.without_start(inner.lstrip(f'{TAB} '), 1).lstrip(f'{TAB} ')}"

    def inner(self, element: ElementTree.Element, plain_of: tuple[str, ...] = ()) -> str:
        pieces = [text_html(element.text)]
        for child in element:
            pieces += [self.html(child, plain_of), text_html(child.tail)]
        return "".join(pieces)

    def html(self, element: ElementTree.Element, plain_of: tuple[str, ...] = ()) -> str:
        """`plain_of`: tags that say nothing where this element stands."""
        if element.tag == "img":
            self.keep_image(element)
            return ""
        if element.tag == "br":
            return "<br>"
        if element.tag == "table":
            return "".join(block.html for block in self.table_blocks(element, is_inside=True))
        if element.tag == "a":
            return self.link(element, plain_of)
        if element.tag in LISTS:
            return "".join(self.list_html(one) for one in counted_on(element) if words_of(one))
        inner = self.cell(element) if element.tag in ("li", "td", "th") else self.inner(element, plain_of)
        if element.tag == "s":
            self.struck.append(words_in(inner))
        if element.tag == "p" or element.tag in HEADINGS:  # no headings inside a cell
            return f"<p>{inner}</p>" if words_in(inner) else ""
        if element.tag not in KEPT_TAGS or element.tag in plain_of or not words_in(inner):
            return inner
        return f"<{element.tag}>{inner}</{element.tag}>"

    def cell(self, element: ElementTree.Element) -> str:
        """A lone paragraph in a cell or a list item needs no tag of its own, unless a list stands beside it."""
        paragraphs = [child for child in element if child.tag == "p" and words_of(child)]
        has_lists = any(child.tag in LISTS for child in element)
        is_lone = len(paragraphs) == 1 and not (element.text or "").strip() and not has_lists
        pieces = [text_html(element.text)]
        for child in element:
            pieces += [self.inner(child) if is_lone and child.tag == "p" else self.html(child), text_html(child.tail)]
        return in_paragraphs(pieces) if has_lists else "".join(pieces)

    def link(self, element: ElementTree.Element, plain_of: tuple[str, ...]) -> str:
        inner, address = self.inner(element, plain_of), element.get("href", "").strip()
        if address.startswith("#"):
            return "" if "-ref-" in address else inner  # a footnote's way back; or a way inside the document
        if WEB.match(address) and words_in(inner):
            return f'<a href="{escape(address)}">{inner}</a>'
        if address:
            self.links_dropped.append(words_in(inner) or address)
        return inner

    def keep_image(self, element: ElementTree.Element) -> None:
        alternative = " ".join(element.get("alt", "").split())
        is_written = alternative and not FILE_NAME.search(alternative) and not GUESSED.search(alternative)
        image = Image(self.source.image(element.get("src")), alternative if is_written else "")
        self.document.images.append(image)

    def table_blocks(self, table: ElementTree.Element, is_inside: bool = False) -> Iterator[Block]:
        """A table of one row or one column only places things on a page: its cells are the paragraphs of a text."""
        rows = own_rows(table)
        if is_inside or len(rows) < 2 or all(len(row) < 2 for row in rows):
            for cell in (cell for row in rows for cell in row):
                yield from self.cell_blocks(cell, is_inside)
            return
        headers = len(list(takewhile(is_header, rows)))
        if not headers:
            headers = 1
            self.headers_guessed.append(" · ".join(filter(None, map(words_of, rows[0]))))
        top = "".join(self.row(row, is_head=True) for row in rows[:headers])
        rest = "".join(self.row(row) for row in rows[headers:])
        yield self.made(f"<table><thead>{top}</thead><tbody>{rest}</tbody></table>", Block.TABLE)

    def cell_blocks(self, cell: ElementTree.Element, is_inside: bool) -> Iterator[Block]:
        if (cell.text or "").strip():
            yield self.made(f"<p>{text_html(cell.text)}</p>")
        for child in cell:
            yield from self.block(child, is_inside)

    def row(self, row: ElementTree.Element, is_head: bool = False) -> str:
        return f"<tr>{''.join(self.table_cell(cell, is_head) for cell in row)}</tr>"

    def table_cell(self, cell: ElementTree.Element, is_head: bool) -> str:
        spans = "".join(f' {name}="{cell.get(name)}"' for name in ("colspan", "rowspan") if cell.get(name))
        inner = self.cell(cell)
        if is_head and words_in(inner):  # an empty header names nothing
            return f'<th scope="col"{spans}>{inner}</th>'
        return f"<td{spans}>{inner}</td>"

    def remark(self, tree: ElementTree.Element) -> None:
        remarks = self.document.remarks
        if self.headers_guessed:
            text = f"La prima riga della tabella è presa per intestazione: {quoted(self.headers_guessed)}. È così?"
            remarks.append(("table-header", text))
        if self.struck:
            text = f"Era barrato e ora è testo normale: {quoted(self.struck)}. Toglilo, se non vale più."
            remarks.append(("struck", text))
        if self.links_dropped:
            text = f"Collegamenti che non portavano a una pagina web, ora semplice testo: {quoted(self.links_dropped)}."
            remarks.append(("link-dropped", text))
        if any(map(is_of_notes, tree)):
            remarks.append(("footnotes", "Le note a piè di pagina sono diventate un elenco in fondo al testo."))


def in_paragraphs(pieces: list[str]) -> str:
    """Text that stands beside lists gets a tag of its own, so that the last word before them keeps its distance."""
    runs = ((is_block, "".join(run)) for is_block, run in groupby(pieces, key=lambda piece: piece.startswith(BLOCKS)))
    return "".join(run if is_block or not words_in(run) else f"<p>{run}</p>" for is_block, run in runs)


def counted_on(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """A list as those lists of it whose items count on, one after the other; of bullets, and of notes, there is one."""
    if element.tag != "ol":
        yield element
        return
    part, number = ElementTree.Element("ol"), 0
    for item in element:
        number, before = number_of(item), number
        if number and len(part) and number != before + 1:
            yield part
            part = ElementTree.Element("ol")
        part.append(item)
    yield part


def number_of(item: ElementTree.Element) -> int:
    """The number of an item, as the reader of its document left it there; 0 where none is told."""
    marks = [item.get("id", ""), *(mark.get("id", "") for mark in item.iter("a"))]
    return next((int(number[1]) for mark in marks if (number := NUMBERED.search(mark))), 0)


def is_of_notes(element: ElementTree.Element) -> bool:
    return element.tag == "ol" and any("note" in member.get("id", "") for member in element)


def is_header(row: ElementTree.Element) -> bool:
    return any(cell.tag == "th" for cell in row)


def own_rows(table: ElementTree.Element) -> list[ElementTree.Element]:
    """The rows of a table, without those of tables inside its cells."""
    return [row for child in table for row in ([child] if child.tag == "tr" else child) if row.tag == "tr"]


def with_tables_of_tabs(blocks: list[Block], document: Document) -> Iterator[Block]:
    """Paragraphs that keep their columns apart with tabs become a table; elsewhere a tab is a space."""
    for are_rows, run in groupby(blocks, key=is_row_of_tabs):
        paragraphs = list(run)
        rows = [Block.line(block.text.replace(TAB, "\t")) for block in paragraphs] if are_rows else []
        spaced = [replace(block, html=block.html.replace(TAB, " "), text=None) for block in paragraphs]
        as_they_were = dict(zip(map(id, rows), spaced, strict=are_rows))
        read = [as_they_were.get(id(block), block) for block in in_tables(rows)] if are_rows else spaced
        if tables := [" · ".join(block.text.split("\n")) for block in read if are_rows and block.style == Block.TABLE]:
            text = f"Righe con tabulazioni sono diventate una tabella, controllala: {quoted(tables)}."
            document.remarks.append(("table-of-tabs", text))
        yield from read


def is_row_of_tabs(block: Block) -> bool:
    has_columns = block.style == Block.PARAGRAPH and TAB in block.text.strip(f"{TAB} ")
    return has_columns and "<a " not in block.html and not sign_of(block.text.replace(TAB, " "))


def text_html(text: str | None) -> str:
    return escape(SPACES.sub(lambda spaces: TAB if "\t" in spaces[0] else " ", text), quote=False) if text else ""


def words_of(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def words_in(html: str) -> str:
    return " ".join(plain(html.replace(TAB, " ")).split())


def is_all_in(element: ElementTree.Element, tag: str) -> bool:
    """Whether nothing that can be read stands outside this tag."""

    def outside(node: ElementTree.Element) -> Iterator[str]:
        if node.tag != tag:
            yield node.text or ""
            for child in node:
                yield from outside(child)
                yield child.tail or ""

    return bool(words_of(element)) and not "".join(outside(element)).strip()
