"""Forms as offices write them: one source for each, the draft that it must give, and the files that hold it.

A source is its wanted draft (`key: value` lines; of what is not said, none is wanted), a line of three dashes, and the
text. In a `document` each line is a paragraph: `!` a title, `=` a subtitle, `#1` a heading of a level, `>` a line at
the right, `*` and `+` items with bullets and numbers (two spaces more: one level in), `| a | b |` the row of a table,
`→` a tab, `⏎` a break, `**bold**` and `_italics_`. A `text` stands as it is. `missed:`
names what the reader does not get right.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from areaomogenea.prose.document_reader import parsed
from areaomogenea.prose.plaintext import lines_of

from .files import DIALECTS

FOLDER = Path(__file__).parent
PARAGRAPH = re.compile(r"(?P<sign>!|=|#(?P<level>\d)|>|(?P<indent> *)[*+](?!\*)) (?P<text>.*)", re.DOTALL)
RUN = re.compile(r"\*\*(?P<bold>.+?)\*\*|(?<!\w)_(?P<italic>[^_]+?)_(?!\w)")
KINDS = {"!": "title", "=": "subtitle", ">": "right", "*": "bullet", "+": "number", "#": "heading"}
FIELDS = ["title", "subtitle", "date", "number", "kind", "headings", "items", "tables", "topics", "comuni"]
LISTED = {"headings": " | ", "topics": " ", "comuni": ", ", "doubts": " ", "missed": " "}


@dataclass(frozen=True)
class Paragraph:
    """`runs` are (text, looks) pairs; a table has `rows` of texts instead."""

    kind: str
    runs: tuple = ()
    level: int = 0
    rows: tuple = ()


@dataclass(frozen=True)
class Source:
    name: str
    form: str
    expected: dict
    doubts: set
    missed: set
    text: str

    def __str__(self):
        return self.name

    @property
    def dialects(self):
        return ["text"] if self.form == "text" else list(DIALECTS)

    def blocks(self, dialect):
        """As the portal reads them."""
        return lines_of(self.text) if dialect == "text" else parsed(DIALECTS[dialect](self.paragraphs)).blocks

    @property
    def paragraphs(self):
        lines, paragraphs = self.text.split("\n"), []
        for number, line in enumerate(lines):
            if not line.startswith("|"):
                paragraphs.append(paragraph_from(line))
            elif not number or not lines[number - 1].startswith("|"):
                paragraphs.append(Paragraph("table", rows=tuple(rows_from(lines[number:]))))
        return paragraphs

    @property
    def words(self):
        """The text without its notation, and without the ends of lines that paper cut."""
        if self.form == "text":
            return re.sub(r"-\n(?=[a-z])", "", self.text)
        signs = (PARAGRAPH.sub(r"\g<text>", line) for line in self.text.split("\n"))
        return RUN.sub(r"\g<bold>\g<italic>", "\n".join(signs)).replace("⏎", " ")


def paragraph_from(line):
    match = PARAGRAPH.fullmatch(line)
    if not match:
        return Paragraph("paragraph", runs_from(line))
    kind = KINDS[match["sign"].strip()[0]]
    level = int(match["level"] or 0) or len(match["indent"] or "") // 2
    return Paragraph(kind, runs_from(match["text"]), level)


def rows_from(lines):
    for line in lines:
        if not line.startswith("|"):
            return
        yield tuple(cell.strip() for cell in line.strip("|").split("|"))


def runs_from(line):
    runs, end = [], 0
    for match in RUN.finditer(line):
        runs += [
            (line[end : match.start()], ""),
            (match["bold"] or match["italic"], "bold" if match["bold"] else "italic"),
        ]
        end = match.end()
    return tuple((text, look) for text, look in [*runs, (line[end:], "")] if text)


def source_from(path):
    head, _, text = path.read_text(encoding="utf-8").partition("\n---\n")
    fields = {name: value.strip() for name, _, value in (line.partition(":") for line in head.split("\n"))}
    expected = {field: fields.get(field, "") for field in FIELDS}
    for field in ("headings", "topics", "comuni"):
        expected[field] = listed(expected[field], LISTED[field])
    expected |= {field: sorted(expected[field]) for field in ("topics", "comuni")}
    for field in ("items", "tables"):
        expected[field] = int(expected[field] or 0)
    doubts, missed = (set(listed(fields.get(field, ""), " ")) for field in ("doubts", "missed"))
    return Source(path.stem, fields["form"], expected, doubts, missed, text.rstrip("\n").replace("→", "\t"))


def listed(value, separator):
    return [one.strip() for one in value.split(separator.strip() or " ") if one.strip()]


SOURCES = [source_from(path) for path in sorted(FOLDER.glob("*.txt"))]
CASES = [(source, dialect) for source in SOURCES for dialect in source.dialects]
