"""Two versions of a text compared in words: what a reader would see, with the addresses that links lead to."""

import re
from difflib import SequenceMatcher

from .html import plain

SAME, REMOVED, ADDED, SKIPPED = "same", "removed", "added", "skipped"
LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
IMAGE = re.compile(r"<img\b[^>]*>")
ALTERNATIVE_TEXT = re.compile(r'\balt="([^"]*)"')
MEMBER = re.compile(r"<li\b[^>]*>(?:\s*<p>)?")
PIECES = re.compile(r"\s+|[^\s]+")
LONGEST = 4_000  # pieces of a passage: past it, words are not paired but replaced as a whole


def in_words(html):
    """Plain lines of a body, in which links show their address, images their text and list members a dot."""
    html = LINK.sub(r"\2 [\1]", html)
    html = IMAGE.sub(lambda image: f"<p>[immagine: {''.join(ALTERNATIVE_TEXT.findall(image[0]))}]</p>", html)
    return plain(MEMBER.sub(r"\g<0>• ", html))


def compare(before, after):
    """The two texts as one list of (SAME | REMOVED | ADDED, passage): paragraphs are paired first, then words."""
    return list(_joined(_passages(_lines(before), _lines(after), _words)))


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


def _words(before, after):
    before, after = PIECES.findall("".join(before)), PIECES.findall("".join(after))
    if len(before) + len(after) > LONGEST:
        return [(REMOVED, "".join(before)), (ADDED, "".join(after))]
    return _passages(before, after, lambda *sides: zip((REMOVED, ADDED), map("".join, sides), strict=True))


def _passages(before, after, within):
    for what, start, end, from_, to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield SAME, "".join(before[start:end])
        else:
            yield from within(before[start:end], after[from_:to])


def _joined(passages):
    """Neighbours of one kind become one; a lone space between two changes belongs to both."""
    same = removed = added = ""
    for kind, text in passages:
        is_between_changes = text == " " and (removed or added)
        if kind == SAME and not is_between_changes:
            yield from _told(removed=removed, added=added)
            same, removed, added = same + text, "", ""
            continue
        yield from _told(same=same)
        same = ""
        removed += text if kind != ADDED else ""
        added += text if kind != REMOVED else ""
    yield from _told(same=same, removed=removed, added=added)


def _told(**texts):
    return [(kind, text) for kind, text in texts.items() if text]
