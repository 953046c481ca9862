"""What a log or a letter must not carry on: data of people that stand in the message of an error."""

import re

HIDDEN = "…"
# Each begins where nothing of it stands before, or is short: a stranger's text is looked through once.
PERSONAL = re.compile(
    r"""
    (?P<detail>(?:\n|^)(?:DETAIL|CONTEXT):.*)               # PostgreSQL tells there what stands in the row
    | (?P<query>(?<=\w)/?\?[^\s'"?]{1,200}=[^\s'"]*)         # of an address
    | (?P<url_user>(?<=://)[^\s/@]{1,200}@)
    | (?P<email>(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<tax_code>\b[A-Za-z]{6}\d{2}[A-Za-z]\d{2}[A-Za-z]\d{3}[A-Za-z]\b)
    | (?P<ip>(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]) | (?<![\w:])(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}(?![\w:]))
    | (?P<phone>(?<!\w)(?!\d{4}-\d\d-\d\d)\+?\d[\d ./-]{7,16}\d(?!\w))
    """,
    re.VERBOSE,
)
LONGEST = 20_000  # characters that are looked through


def masked(text: str) -> str:
    """The text without e-mail and IP addresses, telephone numbers, tax codes, queries and rows of the database."""
    return PERSONAL.sub(HIDDEN, text[-LONGEST:])
