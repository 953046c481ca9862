"""An office as a card that address books read (vCard 4.0, RFC 6350)."""

from collections.abc import Iterator

from areaomogenea.identity.address import absolute_url

from .hours_line import written_hours
from .models import Office

LONGEST = 75  # bytes of a line, without its end
ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", ",": "\\,", ";": "\\;"})


def vcard(office: Office) -> str:
    """Of a row read `with_all`; it ends each line as the standard wants it."""
    return "".join(f"{line}\r\n" for logical in lines(office) for line in folded(logical))


def lines(office: Office) -> Iterator[str]:
    address = absolute_url(office.get_absolute_url())
    yield from ("BEGIN:VCARD", "VERSION:4.0", "KIND:org", f"UID:{address}")
    yield f"FN:{escaped(f'{office.name}, {office.body_name}')}"
    yield f"ORG:{escaped(office.body_name)};{escaped(office.name)}"
    if office.phone:
        yield f'TEL;VALUE=uri;TYPE="voice,work":{office.phone_address}'
    if office.email:
        yield f"EMAIL;TYPE=work;PREF=1:{escaped(office.email)}"
    if office.pec:
        yield f"EMAIL;TYPE=work:{escaped(office.pec)}"
    if office.address:
        yield f"ADR;TYPE=work:;;{escaped(office.address)};;;;"
    if office.website:
        yield f"URL;TYPE=work:{office.website}"
    yield f"SOURCE:{address}"
    if note := note_of(office):
        yield f"NOTE:{escaped(note)}"
    yield f"REV:{office.updated_at:%Y%m%dT%H%M%SZ}"
    yield "END:VCARD"


def note_of(office: Office) -> str:
    hours = "; ".join(filter(None, [written_hours(office.spans), office.hours_note]))
    checked = f"Verificato il {office.checked_on:%d/%m/%Y}" if office.checked_on else ""
    return "\n".join(filter(None, [office.purpose, hours and f"Orari: {hours}", checked]))


def escaped(text: str) -> str:
    return text.replace("\r\n", "\n").translate(ESCAPES)


def folded(line: str) -> Iterator[str]:
    """The line in pieces of so many bytes, a blank before each but the first; no letter is cut."""
    piece, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LONGEST:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    yield piece
