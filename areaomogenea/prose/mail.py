"""A message of electronic mail taken apart: its headers as lines, its texts; what came with it is only named."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_binary_file
from email.policy import default
from email.utils import parsedate_to_datetime
from typing import IO, Any

from areaomogenea.sandbox import limits
from areaomogenea.sandbox.errors import Refused, TooCostly

from .account import quoted
from .html import clean, plain

EMPTY = "Il messaggio non ha un testo: se il comunicato è fra i suoi allegati, salva quello e caricalo."
LONGEST_HEADER = 300
DEEPEST = 5  # messages in messages
TEXTS = {"text/plain": "text", "text/html": "page"}
UNKNOWN = "non detto"


@dataclass
class Mail:
    """`parts` are (kind, text) pairs in their order: "headers", "text" or "page"."""

    parts: list[tuple[str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # of what is attached
    subject: str = ""
    day: str = ""

    def remarks(self) -> Iterator[tuple[str, str]]:
        opening = f"È un messaggio di posta{f' del {self.day}' if self.day else ''}"
        opening += f", con oggetto «{self.subject}»" if self.subject else ", senza oggetto"
        yield "mail", f"{opening}. Togli dal testo saluti, firme e avvertenze di chi lo ha mandato."
        if self.names:
            text = f"Allegati del messaggio, che non sono stati presi: {quoted(self.names)}. Caricali tu."
            yield "mail-attachments", text


def read(file: IO[bytes]) -> Mail:
    message = message_from_binary_file(file, policy=default)
    mail = Mail(subject=header(message, "subject"), day=day_of(message))
    take(message, mail, 0)
    texts = [text for kind, text in mail.parts if kind != "headers"]
    if not any(map(str.strip, texts)):
        raise Refused(EMPTY)
    if sum(map(len, texts)) > limits.LETTERS_OF_A_MAIL:
        raise TooCostly
    return mail


def take(part: Any, mail: Mail, depth: int) -> None:
    """A message or a part of one, with all that is shown of it."""
    kind = part.get_content_type()
    if not depth or kind == "message/rfc822":
        take_message(part, mail, depth)
    elif kind == "multipart/alternative":
        take_best(part, mail, depth)
    elif part.is_multipart():
        for one in part.iter_parts():
            take(one, mail, depth)
    elif kind in TEXTS and not is_attached(part):
        mail.parts.append((TEXTS[kind], text_of(part)))
    else:
        mail.names.append(part_name(part))


def take_message(part: Any, mail: Mail, depth: int) -> None:
    message = part.get_payload(0) if part.get_content_type() == "message/rfc822" else part
    if depth > DEEPEST:
        mail.names.append(part_name(part))
        return
    labelled = {
        "Da": header(message, "from") or UNKNOWN,
        "Data": day_of(message),
        "Oggetto": header(message, "subject"),
    }
    if labelled["Oggetto"]:  # without it they would tell nothing
        mail.parts.append(("headers", "\n".join(f"{label}: {text}" for label, text in labelled.items() if text)))
    body = message.get_content_type()
    if body == "multipart/alternative":
        take_best(message, mail, depth + 1)
    elif message.is_multipart():
        for one in message.iter_parts():
            take(one, mail, depth + 1)
    else:
        take(message, mail, depth + 1)


def take_best(part: Any, mail: Mail, depth: int) -> None:
    """Takes the plain one of several ways in which the same is told, unless the page says much more."""
    alternatives = []
    for one in part.iter_parts():
        other = Mail()
        take(one, other, depth + 1)
        alternatives.append(other)
    readable = [other for other in alternatives if other.parts]
    plainest = next((other for other in readable if other.parts[0][0] == "text"), None)
    fullest = max(readable, key=lambda other: 0 if other is plainest else weight(other), default=None)
    chosen = fullest if plainest is None or 2 * weight(plainest) < weight(fullest) else plainest
    mail.parts += chosen.parts if chosen else []
    mail.names += [name for other in alternatives for name in other.names]


def weight(mail: Mail) -> int:
    return sum(len((plain(clean(text)) if kind == "page" else text).split()) for kind, text in mail.parts)


def is_attached(part: Any) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def text_of(part: Any) -> str:
    try:
        return part.get_content()
    except (LookupError, UnicodeError, KeyError):  # an alphabet that nobody knows
        return (part.get_payload(decode=True) or b"").decode("latin-1")


def header(message: Any, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())[:LONGEST_HEADER]
    except Exception:  # a broken header may break its parser in any way
        return ""


def day_of(message: Any) -> str:
    try:
        return parsedate_to_datetime(header(message, "date")).strftime("%d/%m/%Y")
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def part_name(part: Any) -> str:
    try:
        return part.get_filename() or part.get_content_type()
    except Exception:  # as above
        return "un allegato"
