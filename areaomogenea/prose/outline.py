"""What a clean text is made of, read once: its blocks of words, its links, its images."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from . import tree

BLOCKS = set("p h2 h3 h4 li th td blockquote caption figcaption".split())
HEADINGS = {"h2": 2, "h3": 3, "h4": 4}


@dataclass(frozen=True)
class Block:
    text: str
    level: int = 0  # of a heading; 0 for all else
    is_tabular: bool = False

    @property
    def is_running(self) -> bool:
        """Sentences to be read one after the other: no heading, no cell of a table."""
        return not self.level and not self.is_tabular


@dataclass(frozen=True)
class Link:
    href: str
    text: str


@dataclass(frozen=True)
class Image:
    src: str
    alt: str


@dataclass
class Outline:
    blocks: list[Block] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    abbreviations: set[str] = field(default_factory=set)  # those that carry their expansion

    @property
    def headings(self) -> list[Block]:
        return [block for block in self.blocks if block.level]

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks)

    @property
    def running_text(self) -> str:
        return "\n".join(block.text for block in self.blocks if block.is_running)


def outline(html: str) -> Outline:
    return tree.read(html, _Reader)


class _Reader:
    def __init__(self):
        self.outline = Outline()
        self.words, self.level, self.tables = [], 0, 0
        self.link = self.abbreviation = None  # the words inside, as long as one is open
        self.href = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in BLOCKS or tag == "br":
            self.end_block()
        self.level = HEADINGS.get(tag, self.level)
        self.tables += tag == "table"
        if tag == "a":
            self.href, self.link = attributes.get("href", ""), []
        elif tag == "abbr" and attributes.get("title"):
            self.abbreviation = []
        elif tag == "img":
            self.outline.images.append(Image(attributes.get("src", ""), attributes.get("alt", "").strip()))

    def end(self, tag: str) -> None:
        if tag in BLOCKS or tag == "table":
            self.end_block()
        self.tables -= tag == "table"
        if tag in HEADINGS:
            self.level = 0
        elif tag == "a" and self.link is not None:
            self.outline.links.append(Link(self.href, on_one_line(self.link)))
            self.link = None
        elif tag == "abbr" and self.abbreviation is not None:
            self.outline.abbreviations.add(on_one_line(self.abbreviation))
            self.abbreviation = None

    def data(self, data: str) -> None:
        for words in (self.words, self.link, self.abbreviation):
            if words is not None:
                words.append(data)

    def close(self) -> Outline:
        self.end_block()
        return self.outline

    def end_block(self) -> None:
        if text := on_one_line(self.words):
            self.outline.blocks.append(Block(text, self.level, self.tables > 0))
        self.words = []


def on_one_line(pieces: Iterable[str]) -> str:
    return " ".join("".join(pieces).split())
