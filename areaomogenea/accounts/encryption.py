"""Secrets of second factors as they stand in the table: a copy of it opens nothing without SECOND_FACTOR_KEY."""

import base64
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import QuerySet

MARK = "gAAAAA"  # how each encrypted text begins: no secret, no seed is spelt like this
FIELDS = ("secret", "seed")  # of the data of a factor, besides the list of codes that came from elsewhere
CODES = "migrated_codes"


class UnreadableError(Exception):
    """What was written under a key that is not here."""


@cache
def lock_of(key: str) -> Fernet:
    raw = HKDF(SHA256(), 32, salt=None, info=b"areaomogenea.second_factors").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(raw))


def ring() -> MultiFernet:
    """The first lock writes, all of them read. That of the portal is the last: a trial has no other."""
    return MultiFernet([lock_of(key) for key in (*settings.SECOND_FACTOR_KEYS, settings.SECRET_KEY)])


def encrypt(text: str) -> str:
    return ring().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    if not text.startswith(MARK):
        return text  # from before there was a key; `renew` takes it in
    try:
        return ring().decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise UnreadableError from error


def turned(data: dict[str, Any], convert: Callable[[str], str]) -> dict[str, Any]:
    """The data of a factor with each of its secrets turned."""
    result = data | {name: convert(data[name]) for name in FIELDS if name in data}
    return result | ({CODES: [convert(code) for code in data[CODES]]} if CODES in data else {})


def renew(authenticators: QuerySet) -> int:
    """Writes all of them again under the first key: how many there were."""
    rows = list(authenticators.exclude(type="webauthn"))
    for row in rows:
        row.data = turned(row.data, lambda text: encrypt(decrypt(text)))
        row.save(update_fields=["data"])
    return len(rows)


def unreadable(authenticators: QuerySet) -> Iterator[Authenticator]:
    """Those that no key here opens."""
    for row in authenticators.exclude(type="webauthn"):
        try:
            turned(row.data, decrypt)
        except UnreadableError:
            yield row
