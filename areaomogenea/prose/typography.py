"""Italian micro-typography for text that comes from elsewhere: the same words, better signs."""

import re
from html import escape, unescape
from unicodedata import normalize

from . import tree
from .characters import OF_CONTEXT, normalised

NBSP = "\N{NO-BREAK SPACE}"
ACCENT = re.compile("[\u0300-\u036f]+")
ADDRESS = re.compile(r"https?://[^\s<>\"“”«»]*[\w/#=&+%~-]", re.IGNORECASE)

# Signs that stand for what is no text while the rules run: an address, which is like a word, and a tag.
OBJECT, MARKUP = "\N{OBJECT REPLACEMENT CHARACTER}", "\N{INTERLINEAR ANNOTATION ANCHOR}"

END, DIGIT, VOWEL = rf"(?![\w{OBJECT}])", r"(?=\d)", "(?=[aeiouhàèéìòùAEIOUHÈ])"


def after(endings: str, sign: str) -> str:
    """The pattern of a sign that follows one of these endings, which the match leaves out."""
    return f"{sign}(?:{'|'.join(f'(?<={ending}{sign})' for ending in endings.split())})"


# Where it can, a rule begins with the sign that it mends, looks behind after it, and so scans fast.
RULES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in [
        # spaces
        (r"[^\S\n]{2,}|[^\S\n ]", " "),
        (r" (?=[,;:!?.](?:[\s\"”’»)]|$))", ""),
        (r":(?<=[^\W\d_]:)(?=[\"“«]?[A-ZÀ-Þ])", ": "),
        # apostrophes and single quotes
        (r"''|``|´´", '"'),
        (r"[`´]", "'"),
        (r"'(?<!\w')([^\W\d](?:[^'\n]|(?<=\w)'(?=\w))*)'(?!\w)", r"‘\1’"),
        (r"'|‘(?<=\w‘)(?=\w)", "’"),
        (after(r"\b[Ll] [Aaeu]ll", "’ ") + VOWEL, "’"),
        # double quotes
        (rf"[\"“”„](?<![^\s(\[‘’«/–—-].)(?=[\w‘’«(…€{OBJECT}{MARKUP}]|\.\.)", "“"),
        (r"\"|„|“(?=[\s.,;:!?)]|$)(?!\.\.)", "”"),
        # accents
        (after(r"\b[Ee] \b[Pp]iu \b[Gg]ia \b[Pp]uo \b[Cc]ioe \b[Cc]osi", "’") + END, "\N{COMBINING GRAVE ACCENT}"),
        (after(r"\w[Cc]he \wCHE", "’") + END, "\N{COMBINING ACUTE ACCENT}"),
        (after(r"\w[Cc]h \b[NnSs]", "è") + END, "é"),
        (after(r"\wCH", "È") + END, "É"),
        # what a line must not part
        (after(r"\b[Nn] \b[Nn]n \b[Aa]rt \b[Aa]rtt \b[Pp]ag \b[Pp]agg", r"\.") + f" ?{DIGIT}", f".{NBSP}"),
        (r" (?<=\d )(?=(?:mq|m[²³]?|km|kg|ha|[kMG]Wh?|euro|metri|mila|milion[ei]|miliard[oi])(?!\w)|[€%°])", NBSP),
        (after("€", " ") + DIGIT, NBSP),
    ]
]


def typeset(text: str) -> str:
    """Never loses or adds a word: `words` are the same before and after. Addresses stay as they are."""
    return _by_rules(normalised(text))


def is_bare(text: str) -> bool:
    """Whether it is a word and nothing else, such as a cell of a table: no rule has anything to mend there."""
    return text.isascii() and text.isalnum()


def _by_rules(text):
    if is_bare(text):
        return text
    addresses = iter(ADDRESS.findall(text))
    text = ADDRESS.sub(OBJECT, text)
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return re.sub(OBJECT, lambda _: next(addresses), normalize("NFC", text))


def typeset_html(html: str) -> str:
    """Typesets what stands between the tags of clean HTML, and makes a link of each address that is none."""
    pieces = tree.BLOCK_TAG.split(html)
    pieces[::2] = map(_typeset_inline, pieces[::2])
    return "".join(pieces)


def _typeset_inline(html):
    """The rules see signs in the place of tags, so they see whole sentences."""
    if is_bare(html):
        return html
    pieces = tree.TAG.split(html)
    _move_quotes(pieces)
    tags = pieces[1::2]
    texts = _by_rules(MARKUP.join(normalised(unescape(text)) for text in pieces[::2])).split(MARKUP)
    is_link, written = False, []
    for text, tag in zip(texts, [*tags, ""], strict=True):
        written += [escape(text, quote=False) if is_link else _linked(text), tag]
        is_link = tag.startswith("<a ") or (is_link and tag != "</a>")
    return "".join(written)


def _move_quotes(pieces):
    """Quotes look at the word beside them, so tags go inside. `pieces` are texts and, at odd places, tags."""
    last = len(pieces) - 1
    for place in range(last, 1, -2):
        text, start = pieces[place], place - 1
        following = text[1:2] or ("<" if place < last else "")
        if text.startswith('"') and following.strip() and _opens(pieces[start]):
            while start > 1 and not pieces[start - 1] and _opens(pieces[start - 2]):
                start -= 2
            pieces[place], pieces[start - 1] = text[1:], f'{pieces[start - 1]}"'
    for place in range(0, last, 2):
        text, end = pieces[place], place + 1
        before = text[-2:-1] or (">" if place else "")
        if text.endswith('"') and before.strip() and pieces[end].startswith("</"):
            while end + 2 < last and not pieces[end + 1] and pieces[end + 2].startswith("</"):
                end += 2
            pieces[place], pieces[end + 1] = text[:-1], f'"{pieces[end + 1]}'


def _opens(tag):
    return not tag.startswith(("</", "<>"))


def _linked(text):
    html, end = [], 0
    for address in ADDRESS.finditer(text):
        url = escape(address[0])
        html += [escape(text[end : address.start()], quote=False), f'<a href="{url}">{url}</a>']
        end = address.end()
    return "".join(html) + escape(text[end:], quote=False)


def words(text: str) -> list[str]:
    """The words in order, however their quotes, accents, capitals and spaces were typed."""
    if is_bare(text):
        return [text.casefold()]
    folded = normalize("NFKD", OF_CONTEXT.sub("", normalised(text)).casefold())
    return re.findall(r"\w+", ACCENT.sub("", folded))
