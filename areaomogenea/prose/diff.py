"""Two versions of a text compared in words: what a reader would see, and what else of it may not change unseen."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from . import tree

SAME, REMOVED, ADDED, SKIPPED = "same", "removed", "added", "skipped"
ASIDES = {"a": "href", "abbr": "title"}  # what a reader finds behind the words, told after them
OUR_PICTURES = "/file/immagini/"
ENDS = set("p h1 h2 h3 h4 h5 h6 li tr td th blockquote caption figcaption br img".split())  # of what is read in one go
# The tags that give words a meaning; all others, and which kind of list or heading, are only a matter of form.
MEANT = {"a": "collegamento", "abbr": "sigla", "sub": "pedice", "sup": "apice", "img": "immagine", "table": "tabella"}
MEANT |= {"caption": "titolo di tabella", "tr": "riga", "td": "cella", "th": "intestazione", "ol": "elenco"}
CLOSED = {"a", "abbr", "sub", "sup"}  # where they end matters too
BLANK = re.compile(r"\s+")
PIECES = re.compile(r"\s+|[^\s]+")
LONGEST = 4_000  # pieces of a passage: past it, words are not paired but replaced as a whole
STEPS = 1_000_000  # of one comparison, or of all those of a page: past them passages are replaced as a whole
COUNTED_AT_ONCE = 8  # pieces that are counted in the time of a step
SHARE = 4  # the part of what is left that one passage may use up before it is cut at its landmarks


@dataclass(frozen=True)
class Line:
    """A piece of a version that is read in one go; lines of the same `face` differ in their form at most."""

    words: str
    face: object
    exact: str  # all that the face says, for where the words alone would hide what changes


def body_lines(html: str) -> str:
    """Plain lines of a body, in which links show their address, images their text and file, list members a dot."""
    return text_of(lines_of(html))


def text_of(lines: Iterable[Line]) -> str:
    return "\n".join(line.words for line in lines if line.words)


def lines_of(html: str) -> list[Line]:
    """The Lines of a body, one for each block."""
    return tree.read(html, Reader)


class Reader:
    """The Lines of a tree: of each block its words, its face and all that the face says."""

    def __init__(self):
        self.lines, self.asides = [], []  # what is behind the words of each element that is open
        self.words, self.face, self.exact = [], [], []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.mean(tag, attributes)
        if tag in ASIDES:
            self.asides.append(attributes.get(ASIDES[tag], ""))
        elif tag == "img":
            file = attributes.get("src", "").removeprefix(OUR_PICTURES)
            self.data(f"[immagine: {attributes.get('alt', '')}{f', file {file}' if file else ''}]")
        elif tag == "ol" and "start" in attributes:
            self.data(f"[numerato da {attributes['start']}]")
            self.end_line()
        elif tag in ("td", "th"):
            spans = (("colspan", "colonne"), ("rowspan", "righe"))
            if spanned := [f"{attributes[side]} {what}" for side, what in spans if side in attributes]:
                self.data(f"[su {' e '.join(spanned)}] ")
        elif tag == "li":
            self.data("• ")

    def end(self, tag: str) -> None:
        if tag in CLOSED:
            self.face.append(f"</{tag}>")
            self.exact.append(f"[fine {MEANT[tag]}]")
        if tag in ASIDES and ((aside := self.asides.pop()) or tag == "a"):
            self.data(f" [{aside}]")
        if tag in ENDS:
            self.end_line()

    def data(self, text: str) -> None:
        self.words.append(text)
        self.face.append(tree.written(BLANK.sub(" ", text)))  # no letters are ever taken for a tag
        self.exact.append(text)

    def mean(self, tag: str, attributes: Mapping[str, str]) -> None:
        """The tag as it is meant, if it is not only of form."""
        kept_attributes = {name: value for name, value in sorted(attributes.items()) if name != "rel"}
        if tag in MEANT and (tag != "ol" or "start" in kept_attributes):
            self.face.append(
                f"<{tag}{''.join(f' {name}={tree.quoted(value)}' for name, value in kept_attributes.items())}>"
            )
            self.exact.append(
                f"[{MEANT[tag]}{''.join(f' {name}: {value}' for name, value in kept_attributes.items())}]"
            )

    def end_line(self) -> None:
        lines = (" ".join(line.split()) for line in "".join(self.words).split("\n"))
        words = "\n".join(filter(None, lines))
        face, exact = (BLANK.sub(" ", "".join(pieces)).strip() for pieces in (self.face, self.exact))
        if words or face:
            self.lines.append(Line(words, face, exact))
        self.words, self.face, self.exact = [], [], []

    def close(self) -> list[Line]:
        self.end_line()
        return self.lines


def told_apart(before: list[Line], after: list[Line]) -> tuple[str, str]:
    """The texts of two lists of Lines: what differs in more than form differs in the words too."""
    faces_before, faces_after = _faces(before), _faces(after)
    unclear = {
        words
        for words in faces_before.keys() | faces_after.keys()
        if _is_unclear(words, faces_before.get(words), faces_after.get(words))
    }
    texts = [_text(lines, unclear) for lines in (before, after)]
    if texts[0] == texts[1] and [line.face for line in before] != [line.face for line in after]:
        texts = [_text(lines, {line.words for line in lines}) for lines in (before, after)]
    end = "\n" if any("\n" in text for text in texts) else ""  # the last of some lines is a line as all are
    one, other = (text and text + end for text in texts)
    return one, other


def _faces(lines):
    faces = {}
    for line in lines:
        faces.setdefault(line.words, []).append(line.face)
    return faces


def _is_unclear(words, before, after):
    if not words:
        return before != after
    return bool(before and after) and before != after and len({*before, *after}) > 1


def _text(lines, unclear):
    texts = (line.exact if line.words in unclear else line.words for line in lines)
    return "\n".join(filter(None, texts))


@dataclass
class Effort:
    """Steps that a comparison may still cost; shared by those that one page shows."""

    left: int = STEPS

    def spend(self, steps: int) -> bool:
        self.left -= steps
        return self.left > 0


def compare(before: str, after: str, effort: Effort | None = None) -> list[tuple[str, str]]:
    """The two texts as one list of (SAME | REMOVED | ADDED, passage): paragraphs are paired first, then words.

    However long and alike they are, it ends: what there is no more effort for is told as a whole, removed and added.
    """
    effort = effort or Effort()
    return list(_joined(_passages(_lines(before), _lines(after), _words, effort)))


def near_changes(passages: Collection[tuple[str, str]], lines: int = 2) -> Iterator[tuple[str, int | str]]:
    """The passages without what is far from any change: (SKIPPED, how many lines) stands in its place."""
    last = len(passages) - 1
    for number, (kind, text) in enumerate(passages):
        whole = text.splitlines(keepends=True)
        before, after = (lines if number else 0), (lines if number < last else 0)
        skipped = len(whole) - before - after
        if kind != SAME or last == 0 or skipped < lines:
            yield kind, text
            continue
        yield from _told(same="".join(whole[:before]))
        yield SKIPPED, skipped
        yield from _told(same="".join(whole[len(whole) - after :]))


def _lines(text):
    return text.splitlines(keepends=True)


def _words(before, after, effort):
    before, after = PIECES.findall("".join(before)), PIECES.findall("".join(after))
    if len(before) + len(after) > LONGEST:
        return [(REMOVED, "".join(before)), (ADDED, "".join(after))]
    return _passages(before, after, _replaced, effort)


def _replaced(before, after, effort):
    return [(REMOVED, "".join(before)), (ADDED, "".join(after))]


def _passages(before, after, within, effort):
    end, to = 0, 0
    for match in [*sorted(_matches(before, after, effort)), Match(len(before), len(after), 0)]:
        if end < match.in_before or to < match.in_after:
            yield from within(before[end : match.in_before], after[to : match.in_after], effort)
        end, to = match.in_before + match.size, match.in_after + match.size
        if match.size:
            yield SAME, "".join(before[match.in_before : end])


# Which pieces are the same


@dataclass(frozen=True, order=True)
class Match:
    in_before: int
    in_after: int
    size: int


@dataclass(frozen=True)
class Span:
    """A part of the one list, and the part of the other that it is compared with."""

    start: int
    end: int
    from_: int
    to: int

    def around(self, match: Match) -> Iterator[Span]:
        yield Span(self.start, match.in_before, self.from_, match.in_after)
        yield Span(match.in_before + match.size, self.end, match.in_after + match.size, self.to)

    @property
    def size(self) -> int:
        return self.end - self.start + self.to - self.from_

    @property
    def is_worth_it(self) -> bool:
        return self.start < self.end and self.from_ < self.to


def _matches(before, after, effort):
    """Runs of the same pieces in the same order, the longest first; where that is dear, between landmarks."""
    places = {}
    for number, piece in enumerate(after):
        places.setdefault(piece, []).append(number)
    waiting = [Span(0, len(before), 0, len(after))]
    while waiting:
        span = waiting.pop()
        if not span.is_worth_it or not effort.spend(span.size // COUNTED_AT_ONCE):
            continue
        is_dear = _pairs(before, after, span) * SHARE > effort.left
        if is_dear and (landmarks := _landmarks(before, after, span, effort)):
            yield from landmarks
            waiting += _between(span, landmarks)
        elif match := _longest(before, places, span, effort):
            yield match
            waiting += span.around(match)


def _pairs(before, after, span):
    """How many pieces of the one could be one of the other."""
    in_before, in_after = Counter(before[span.start : span.end]), Counter(after[span.from_ : span.to])
    return sum(times * in_after[piece] for piece, times in in_before.items())


def _longest(before, places, span, effort):
    """The longest run of the same pieces, the first of several; None if there is none, or no effort left."""
    best, runs = None, {}
    for in_before in range(span.start, span.end):
        lengths, in_after = {}, places.get(before[in_before], ())
        first, last = bisect_left(in_after, span.from_), bisect_left(in_after, span.to)
        if not effort.spend(1 + last - first):
            return None
        for place in in_after[first:last]:
            length = lengths[place] = runs.get(place - 1, 0) + 1
            if best is None or length > best.size:
                best = Match(in_before - length + 1, place - length + 1, length)
        runs = lengths
    return best


def _landmarks(before, after, span, effort):
    """Matches at both ends, or else of pieces that each has once, as many as stand in the same order."""
    if not effort.spend(span.size):
        return []
    return list(_ends(before, after, span)) or _in_order(_once(before, after, span))


def _ends(before, after, span):
    most = min(span.end - span.start, span.to - span.from_)
    head = next((n for n in range(most) if before[span.start + n] != after[span.from_ + n]), most)
    if head:
        yield Match(span.start, span.from_, head)
    most -= head
    tail = next((n for n in range(most) if before[span.end - 1 - n] != after[span.to - 1 - n]), most)
    if tail:
        yield Match(span.end - tail, span.to - tail, tail)


def _once(before, after, span):
    """(place in the one, place in the other) of the pieces that each has once."""
    in_before, in_after = Counter(before[span.start : span.end]), Counter(after[span.from_ : span.to])
    places = {after[place]: place for place in range(span.from_, span.to) if in_after[after[place]] == 1}
    for place in range(span.start, span.end):
        if in_before[before[place]] == 1 and before[place] in places:
            yield place, places[before[place]]


def _in_order(pairs):
    """The longest choice of pairs in which both places grow, as Matches of one piece each."""
    ends, chains = [], []  # the lowest place in the other at which a choice of this length ends, and the choice
    for in_before, in_after in pairs:
        length = bisect_left(ends, in_after)
        chain = (Match(in_before, in_after, 1), chains[length - 1] if length else None)
        ends[length : length + 1], chains[length : length + 1] = [in_after], [chain]
    matches, chain = [], chains[-1] if chains else None
    while chain:
        match, chain = chain
        matches.append(match)
    return matches[::-1]


def _between(span, landmarks):
    edges = [Match(span.start, span.from_, 0), *landmarks, Match(span.end, span.to, 0)]
    for one, other in pairwise(edges):
        yield Span(one.in_before + one.size, other.in_before, one.in_after + one.size, other.in_after)


def _joined(passages):
    """Neighbours of one kind become one; a lone space between two changes belongs to both."""
    same, removed, added = [], [], []
    for kind, text in passages:
        is_between_changes = text == " " and (removed or added)
        if kind == SAME and not is_between_changes:
            yield from _told(removed=removed, added=added)
            same.append(text)
            removed, added = [], []
            continue
        yield from _told(same=same)
        same = []
        removed += [text] if kind != ADDED else []
        added += [text] if kind != REMOVED else []
    yield from _told(same=same, removed=removed, added=added)


def _told(**pieces):
    return [(kind, text) for kind, texts in pieces.items() if (text := "".join(texts))]
