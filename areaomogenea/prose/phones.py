"""Telephone numbers: as Italians write them, as a telephone dials them."""

import re

from django.core.exceptions import ValidationError

EXTENSION = re.compile(r"[\s,;]*\b(?:interno|int|ext)\b\.?\s*([0-9]{1,6})\s*$", re.IGNORECASE)
SEPARATORS = re.compile(r"[\s./\-–—()]+")
ITALIAN = re.compile(r"(?:\+39|0039)(?=[0-9\s./\-(]{4})")
SHORT = re.compile(
    r"11[2-8]|116[0-9]{3}|1[25][0-9]{2}|1500|803[0-9]{3}"
)  # of emergencies and services: dialled as they are
LONG = re.compile(r"0[1-9][0-9]{4,9}|3[0-9]{8,9}|80[0-9]{4,8}|84[0-9]{5,8}|199[0-9]{6}|89[0-9]{4,7}")
ABROAD = re.compile(r"\+(?!39)[1-9][0-9]{6,14}")
EXAMPLE = "Scrivilo come 0373 123456, 333 1234567, 800 123456 o 112; un interno in fondo: «int. 3»."


def phone_parts(text: str) -> tuple[str, str]:
    """(number, extension), each as it is written by us; what cannot be read stays in the number as it is."""
    extension = EXTENSION.search(text)
    number = text[: extension.start()] if extension else text
    number = ITALIAN.sub("", number.strip(), count=1) if ITALIAN.match(number.strip()) else number.strip()
    if number.startswith("00"):
        number = f"+{number[2:]}"
    return SEPARATORS.sub(" ", number).strip(), extension[1] if extension else ""


def normalised_phone(text: str) -> str:
    """A number in groups with a blank between, as it was grouped, without the code of Italy; its extension after it."""
    number, extension = phone_parts(text)
    return f"{number} int. {extension}" if extension else number


def is_phone(text: str) -> bool:
    digits = phone_parts(text)[0].replace(" ", "")
    if len(set(digits[1:])) == 1 and len(digits) > 6:  # 0000000000: nobody has it
        return False
    return any(pattern.fullmatch(digits) for pattern in (SHORT, LONG, ABROAD))


def check_phone(text: str) -> None:
    if text and not is_phone(text):
        raise ValidationError(f"«{text}» non è un numero di telefono. {EXAMPLE}", code="phone")


def international(text: str) -> str:
    """The number as E.164 has it, "+390373123456"; of a short one, the digits alone."""
    digits = phone_parts(text)[0].replace(" ", "")
    return digits if digits.startswith("+") or SHORT.fullmatch(digits) else f"+39{digits}"


def phone_address(text: str) -> str:
    """What a link dials (RFC 3966)."""
    extension = phone_parts(text)[1]
    return f"tel:{international(text)}{';ext=' + extension if extension else ''}"
