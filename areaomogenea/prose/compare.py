"""Two versions of a text compared in words: what a reader would see, with the addresses that links lead to."""

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from .html import plain

SAME, REMOVED, ADDED, SKIPPED = "same", "removed", "added", "skipped"
LINK = re.compile(r"<a\b([^<>]*)>|</a>")
ADDRESS = re.compile(r'\bhref="([^"]*)"')
IMAGE = re.compile(r"<img\b[^<>]*>")
ALTERNATIVE_TEXT = re.compile(r'\balt="([^"]*)"')
MEMBER = re.compile(r"<li\b[^<>]*>(?:\s*<p>)?")
PIECES = re.compile(r"\s+|[^\s]+")
LONGEST = 4_000  # pieces of a passage: past it, words are not paired but replaced as a whole
STEPS = 1_000_000  # of one comparison, or of all those of a page: past them passages are replaced as a whole
COUNTED_AT_ONCE = 8  # pieces that are counted in the time of a step
SHARE = 4  # the part of what is left that one passage may use up before it is cut at its landmarks


def in_words(html):
    """Plain lines of a body, in which links show their address, images their text and list members a dot."""
    html = _with_addresses(html)
    html = IMAGE.sub(lambda image: f"<p>[immagine: {''.join(ALTERNATIVE_TEXT.findall(image[0]))}]</p>", html)
    return plain(MEMBER.sub(r"\g<0>• ", html))


def _with_addresses(html):
    """Each link followed by where it leads."""
    open_addresses = []

    def told(tag):
        if tag[0] != "</a>":
            open_addresses.append("".join(ADDRESS.findall(tag[1])[:1]))
            return ""
        return f" [{open_addresses.pop()}]" if open_addresses else ""

    return LINK.sub(told, html)


@dataclass
class Effort:
    """What a comparison may still cost, in steps; shared by those that one page shows."""

    left: int = STEPS

    def spend(self, steps):
        self.left -= steps
        return self.left > 0


def compare(before, after, effort=None):
    """The two texts as one list of (SAME | REMOVED | ADDED, passage): paragraphs are paired first, then words.

    However long and alike they are, it ends: what there is no more effort for is told as a whole, removed and added.
    """
    effort = effort or Effort()
    return list(_joined(_passages(_lines(before), _lines(after), _words, effort)))


def near_changes(passages, lines=2):
    """The same passages without what is far from any change: (SKIPPED, how many lines) stands in its place."""
    last = len(passages) - 1
    for number, (kind, text) in enumerate(passages):
        parts = text.splitlines(keepends=True)
        before, after = (lines if number else 0), (lines if number < last else 0)
        skipped = len(parts) - before - after
        if kind != SAME or last == 0 or skipped < lines:
            yield kind, text
            continue
        yield from _told(same="".join(parts[:before]))
        yield SKIPPED, skipped
        yield from _told(same="".join(parts[len(parts) - after :]))


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
        if end < match.here or to < match.there:
            yield from within(before[end : match.here], after[to : match.there], effort)
        end, to = match.here + match.size, match.there + match.size
        if match.size:
            yield SAME, "".join(before[match.here : end])


# Which pieces are the same


@dataclass(frozen=True, order=True)
class Match:
    here: int
    there: int
    size: int


@dataclass(frozen=True)
class Span:
    """A part of the one list, and the part of the other that it is compared with."""

    start: int
    end: int
    from_: int
    to: int

    def around(self, match):
        yield Span(self.start, match.here, self.from_, match.there)
        yield Span(match.here + match.size, self.end, match.there + match.size, self.to)

    @property
    def size(self):
        return self.end - self.start + self.to - self.from_

    @property
    def is_worth_it(self):
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
    here, there = Counter(before[span.start : span.end]), Counter(after[span.from_ : span.to])
    return sum(times * there[piece] for piece, times in here.items())


def _longest(before, places, span, effort):
    """The longest run of the same pieces, the first of several; None if there is none, or no effort left."""
    best, runs = None, {}
    for here in range(span.start, span.end):
        lengths, there = {}, places.get(before[here], ())
        first, last = bisect_left(there, span.from_), bisect_left(there, span.to)
        if not effort.spend(1 + last - first):
            return None
        for place in there[first:last]:
            length = lengths[place] = runs.get(place - 1, 0) + 1
            if best is None or length > best.size:
                best = Match(here - length + 1, place - length + 1, length)
        runs = lengths
    return best


def _landmarks(before, after, span, effort):
    """What both begin and end with, or else pieces that each has once, as many as stand in the same order."""
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
    """(place here, place there) of the pieces that each has once."""
    here, there = Counter(before[span.start : span.end]), Counter(after[span.from_ : span.to])
    places = {after[place]: place for place in range(span.from_, span.to) if there[after[place]] == 1}
    for place in range(span.start, span.end):
        if here[before[place]] == 1 and before[place] in places:
            yield place, places[before[place]]


def _in_order(pairs):
    """The longest choice of pairs in which both places grow, as Matches of one piece each."""
    ends, chains = [], []  # the lowest place there at which a choice of this length ends, and the choice
    for here, there in pairs:
        length = bisect_left(ends, there)
        chain = (Match(here, there, 1), chains[length - 1] if length else None)
        ends[length : length + 1], chains[length : length + 1] = [there], [chain]
    found, chain = [], chains[-1] if chains else None
    while chain:
        match, chain = chain
        found.append(match)
    return found[::-1]


def _between(span, landmarks):
    edges = [Match(span.start, span.from_, 0), *landmarks, Match(span.end, span.to, 0)]
    for one, other in pairwise(edges):
        yield Span(one.here + one.size, other.here, one.there + one.size, other.there)


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
