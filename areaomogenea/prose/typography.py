"""Italian micro-typography for plain text that comes from elsewhere: the same words, better signs."""

import re
import unicodedata

NBSP = "\N{NO-BREAK SPACE}"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\xad"
NOT_SHOWN = re.compile(f"[{INVISIBLE}]+")
ACCENT = re.compile("[\u0300-\u036f]+")
ADDRESS = re.compile(r"https?://[^\s<>\"“”«»]*[\w/#=&+%~-]", re.IGNORECASE)

# A sign that stands for an object in a text: here for an address, while the rules run.
OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"
KEPT = re.compile(rf"{ADDRESS.pattern}|{OBJECT}", re.IGNORECASE)

END, DIGIT, VOWEL = rf"(?![\w{OBJECT}])", r"(?=\d)", "(?=[aeiouhàèéìòùAEIOUHÈ])"


def after(endings, sign):
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
        (rf"[\"“”„](?<![^\s(\[‘’«/–—-].)(?=[\w‘’«(…€{OBJECT}]|\.\.)", "“"),
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


def typeset(text):
    """Never loses or adds a word: `words` are the same before and after. Addresses stay as they are."""
    text = unicodedata.normalize("NFC", NOT_SHOWN.sub("", text))
    addresses = iter(KEPT.findall(text))
    text = KEPT.sub(OBJECT, text)
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return re.sub(OBJECT, lambda _: next(addresses), unicodedata.normalize("NFC", text))


def words(text):
    """The words in order, however their quotes, accents, capitals and spaces were typed."""
    folded = unicodedata.normalize("NFKD", NOT_SHOWN.sub("", text).casefold())
    return re.findall(r"\w+", ACCENT.sub("", folded))
