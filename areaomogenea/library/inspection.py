"""What was brought is examined once, before any transaction begins; who validates or saves it finds what was found."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from math import ceil
from time import monotonic
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db.models.fields.files import FieldFile
from django.utils.formats import number_format

from areaomogenea.sandbox import limits
from areaomogenea.sandbox.errors import Refused, TooCostly, Unreadable
from areaomogenea.sandbox.process import ask

BROKEN = "Il file è rovinato e non si apre: salvalo di nuovo e riprova."
TOO_MANY = "Esaminare tutti questi file richiede troppo tempo: salva prima gli altri, poi aggiungi questo."


def examined(upload: File, task: str, allowance: limits.Allowance, too_costly: str, *arguments: object) -> Any:
    """What a process of its own says of a file; the second time, what it said the first.

    Raises ValidationError, in words for who brings the file: `too_costly` where it is that.
    """
    bearer, known, key = bearer_of(upload), known_of(upload), (task, *map(str, arguments))
    if key not in known:
        known[key] = known.get(TOO_MANY) or answer_or_message(bearer, task, allowance, too_costly, *arguments)
    answer = known[key]
    if isinstance(answer, str):
        raise ValidationError(answer)
    return answer


def is_examined(upload: File, task: str, allowance: limits.Allowance, too_costly: str, *arguments: object) -> bool:
    return (task, *map(str, arguments)) in known_of(upload)


def known_of(upload: File) -> dict[object, Any]:
    return bearer_of(upload).__dict__.setdefault("_examined", {})


def bearer_of(upload: File) -> Any:
    """The file that a request brought, whatever holds it meanwhile."""
    return upload.file if isinstance(upload, FieldFile) else upload


def answer_or_message(file: Any, task: str, allowance: limits.Allowance, too_costly: str, *arguments: object) -> Any:
    """The answer, or the words of a refusal."""
    try:
        return ask(task, file, allowance, *arguments)
    except Refused as refused:
        return str(refused)
    except TooCostly:
        return too_costly
    except Unreadable:
        return BROKEN


def examine_first(check: Callable[[File], object], uploads: Iterable[File]) -> None:
    """Looks at files before the form that takes them is in a transaction: it will find what was found here."""
    start = monotonic()
    for upload in uploads:
        if monotonic() - start > limits.PATIENCE_FOR_ALL:
            upload.__dict__["_examined"] = {TOO_MANY: TOO_MANY}
        with suppress(ValidationError):
            check(upload)


def megabytes(size: int) -> str:
    """In megabytes and a tenth more, so that what is too heavy never looks as if it were not."""
    return f"{number_format(ceil(size / limits.MEGABYTE * 10) / 10, 1)} MB"
