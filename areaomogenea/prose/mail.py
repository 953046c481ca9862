"""A message of electronic mail read into lines: its subject, its day, its text; what came with it is only named."""

from email import message_from_binary_file
from email.policy import default
from email.utils import parsedate_to_datetime

from areaomogenea.sandbox import limits
from areaomogenea.sandbox.refusals import Refused, TooCostly

from .account import quoted
from .blocks import Block
from .html import clean, plain

EMPTY = "Il messaggio non ha un testo: se il comunicato è fra i suoi allegati, salva quello e caricalo."
LONGEST_SUBJECT = 300


def read(file):
    """The blocks of a message and the remarks on what of it was not taken."""
    message = message_from_binary_file(file, policy=default)
    text = text_of(message)
    if not text.strip():
        raise Refused(EMPTY)
    if len(text) > limits.LETTERS_OF_A_TEXT:
        raise TooCostly
    subject, day = " ".join(header(message, "subject").split())[:LONGEST_SUBJECT], day_of(message)
    blocks = [Block.line(line) for line in text.splitlines()]
    if subject:
        blocks.insert(0, Block(Block.line(subject).html, Block.TITLE))
    return blocks, list(remarks_on(message, subject, day))


def text_of(message):
    """Its plain text, or that of its page; "" if it has neither."""
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        content = body.get_content()
    except (LookupError, UnicodeError, KeyError):  # an alphabet that nobody knows
        content = (body.get_payload(decode=True) or b"").decode("latin-1")
    return plain(clean(content)) if body.get_content_subtype() == "html" else content


def header(message, name):
    try:
        return str(message.get(name, ""))
    except Exception:  # a broken header may break its parser in any way
        return ""


def day_of(message):
    try:
        return parsedate_to_datetime(header(message, "date")).strftime("%d/%m/%Y")
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def remarks_on(message, subject, day):
    told = f"È un messaggio di posta{f' del {day}' if day else ''}"
    told += f", con oggetto «{subject}», preso per titolo" if subject else ", senza oggetto"
    yield "mail", f"{told}. Togli dal testo saluti, firme e avvertenze di chi lo ha mandato."
    if names := [attached_name(part) for part in message.iter_attachments()]:
        yield "mail-attachments", f"Allegati del messaggio, che non sono stati presi: {quoted(names)}. Caricali tu."


def attached_name(part):
    try:
        return part.get_filename() or part.get_content_type()
    except Exception:  # as above
        return "un allegato"
