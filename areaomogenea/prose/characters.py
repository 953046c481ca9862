"""Letters that a text may hold: what nobody sees, or what turns the line round, comes along unseen with what is pasted.

docs/segni.md is the same in words, and a test reads it. Secrets, tokens and signed values never pass through here.
"""

import re
from functools import cache
from unicodedata import category, combining, is_normalized, normalize

from . import tree

LINE_END = re.compile("[\r\v\f\x85\u2028\u2029]")
# Where Windows is taken for Latin-1 these are quotes and dashes; nobody has ever typed the controls of their number.
WINDOWS = {chr(code): bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0) if code != 0x85}
# Signs of the fonts Symbol and Wingdings, by the numbers under which word processors keep those that they type for us.
OF_FONTS = {
    "\uf0b7": "•",
    "\uf0a7": "▪",
    "\uf076": "❖",
    "\uf0d8": "➢",
    "\uf0fc": "✓",
    "\uf02d": "–",
    "\uf0e0": "→",
    "\uf04a": "☺",
}
BROKEN_WORD = re.compile(r"(?<=\w)\xad(?=[ \t]*\n)")  # there alone its hyphen is seen
MEANT = WINDOWS | OF_FONTS

# Within these scripts joiners and marks of direction make other words: Hebrew to Myanmar, Khmer, Mongolian and kin.
SCRIPTS = (
    "\u0590-\u061b\u061d-\u109f\u1780-\u17b3\u17b6-\u180a\u1810-\u18af\ua840-\ua87f\ua8e0-\ua8ff\ua9e0-\uaa7f"
    "\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00011fff\U0001e800-\U0001eeff"
)
PICTURES = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
VARIED = (  # what a selector gives another face: symbols, figures, ideographs
    f"#*0-9©®\u2030-\u205e\u2100-\u2bff\u3001-\u303f\u3200-\u9fff\uf900-\ufaff\U0001f000-\U0001faff"
    f"\U00020000-\U0003fffd{SCRIPTS}"
)
JOINERS = "\u200c-\u200f\u061c\u180e"
SELECTORS, MORE_SELECTORS = "\ufe00-\ufe0f\u180b-\u180d\u180f", "\U000e0100-\U000e01ef"
TAGS = "\U000e0020-\U000e007e"  # letters of the name of a region, after a black flag
FLAG_END = "\U000e007f"
UNSEEN = (
    "\0-\x08\x0e-\x1f\x7f"  # controls
    "\xad\u200b\u2060\ufeff"  # where a line may break or not, on another page
    "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # fillers
    "\u202a-\u202e\u2066-\u2069"  # turns of the direction of writing
    "\u2061-\u2065\u206a-\u206f\ufff0-\ufffc"  # operators, annotations, what stands for an object
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # halves of letters, and what is no letter at all
    "\ue000-\uf8ff"  # private use
)
MORE_UNSEEN = (
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
    "\U000f0000-\U000ffffd\U00100000-\U0010fffd"
    + "".join(chr(plane + last) for plane in range(0x10000, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
)
REMOVED = re.compile(f"[{UNSEEN}]+")
MAPPED = re.compile(f"[{''.join(MEANT)}]")
# Each pattern begins with the letter that it is about and looks behind after it, and so scans fast.
OUT_OF_CONTEXT = [
    re.compile(pattern, re.DOTALL)
    for pattern in (
        f"[\u200c\u200e\u200f\u061c\u180e](?<![{SCRIPTS}].)(?![{SCRIPTS}])",
        f"\u200d(?<![{SCRIPTS}].)(?![{SCRIPTS}])(?!(?:(?<=[{PICTURES}].)|(?<=[{PICTURES}]\ufe0f.))[{PICTURES}])",
        f"[{SELECTORS}](?<![{VARIED}].)",
    )
]
OUT_OF_CONTEXT_BEYOND = re.compile(
    f"(?<=\U0001f3f4)([{TAGS}]{{3,6}}{FLAG_END})|[{MORE_UNSEEN}{TAGS}{FLAG_END}]+|(?<![{VARIED}])[{MORE_SELECTORS}]"
)
# In two: a class of letters of the first plane alone is a table, and looks at 200,000 of them in a millisecond.
SUSPECT = re.compile(f"[\r\v\f\x80-\x9f\u2028\u2029{UNSEEN}{JOINERS}{SELECTORS}]")
BEYOND = re.compile("[\U00010000-\U0010ffff]")
SUSPECT_BEYOND = re.compile(f"[{MORE_UNSEEN}{MORE_SELECTORS}{TAGS}{FLAG_END}]")
OF_CONTEXT = re.compile(f"[{JOINERS}{SELECTORS}]+")
OF_CONTEXT_BEYOND = re.compile(f"[{MORE_SELECTORS}{TAGS}{FLAG_END}]+")
ROUNDS = 4  # what goes lets marks change places; who piles up more than that wants no joiner
MOST_MARKS = 30  # on one letter (UAX 15, 13): to put more of them in order takes the square of their number
GAP = re.compile(r"[\t\n]+")


def normalised(text: str) -> str:
    """The text as it is stored: NFC, lines that end in "\\n", and no letter that nobody sees where it means nothing."""
    if (text.isascii() and text.isprintable()) or is_settled(text):
        return text
    text = unpiled(text)
    for _ in range(ROUNDS):
        text = normalize("NFC", text)
        seen = unhidden(text)
        if seen == text:
            return text
        text = seen
    return normalize("NFC", unpiled(OF_CONTEXT_BEYOND.sub("", OF_CONTEXT.sub("", text))))


def is_settled(text: str) -> bool:
    """Whether nothing in it is to be changed, nor in any part of it: nearly every text, told in one look."""
    if SUSPECT.search(text) or not is_normalized("NFC", text):
        return False
    return not (BEYOND.search(text) and SUSPECT_BEYOND.search(text)) and unpiled(text) == text


def normalised_line(text: str) -> str:
    """The normalised text of what stands on one line."""
    return GAP.sub(" ", normalised(text))


def unhidden_line(text: str) -> str:
    """The text of one line without what no text may hold; its accents as they were written."""
    return GAP.sub(" ", unhidden(text))


def normalised_html(html: str) -> str:
    """The HTML with its words normalised: no mark is ever composed with the end of a tag."""
    if is_settled(html):
        return html
    pieces = tree.TAG.split(html)
    pieces[::2] = map(normalised, pieces[::2])
    return "".join(pieces)


def unhidden(text: str) -> str:
    """The text without the letters that no text may hold, its accents as they were written."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n")
    if SUSPECT.search(text):
        text = BROKEN_WORD.sub("-", LINE_END.sub("\n", text))
        text = REMOVED.sub("", MAPPED.sub(lambda letter: MEANT[letter[0]], text))
        for pattern in OUT_OF_CONTEXT if OF_CONTEXT.search(text) else ():
            text = pattern.sub("", text)
    if BEYOND.search(text) and SUSPECT_BEYOND.search(text):
        text = OUT_OF_CONTEXT_BEYOND.sub(r"\1", text)
    return unpiled(text)


def unpiled(text: str) -> str:
    """The text with no more marks on a letter than any language writes."""
    if text.isascii():
        return text
    piles, more = piles_of_marks()
    text = piles.sub(_most_of, text)
    return more.sub(_most_of, text) if BEYOND.search(text) else text


def _most_of(pile):
    return pile[0][:MOST_MARKS]


@cache
def piles_of_marks() -> list[re.Pattern[str]]:
    """Patterns of what stands on a letter beyond the most; of the first plane, and of all."""
    marks = [chr(code) for code in range(0x300, 0x20000) if combining(chr(code))]
    classes = "".join(mark for mark in marks if mark < "\U00010000"), "".join(marks)
    return [re.compile(f"[{those}][{those}]{{{MOST_MARKS},}}") for those in classes]


def lines(text: str) -> list[str]:
    """The lines of a text: they end where they do for the eye, and nowhere else."""
    return normalised(text).split("\n")


def stripped(text: str) -> str:
    """The normalised text without what is blank at its ends."""
    return normalised(text).strip()


def shows_nothing(text: str) -> bool:
    """Whether a reader would see no sign at all: spaces, what is left out, and marks on no letter."""
    return all(letter == "\u2800" or category(letter)[0] in "ZCM" for letter in unhidden(text))
