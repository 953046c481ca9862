"""What was brought is examined once, before any transaction begins; who validates or saves it finds what was found."""

from contextlib import suppress
from math import ceil
from time import monotonic

from django.core.exceptions import ValidationError
from django.db.models.fields.files import FieldFile
from django.utils.formats import number_format

from areaomogenea.sandbox import limits
from areaomogenea.sandbox.errors import Refused, TooCostly, Unreadable
from areaomogenea.sandbox.process import ask

BROKEN = "Il file è rovinato e non si apre: salvalo di nuovo e riprova."
TOO_MANY = "Esaminare tutti questi file richiede troppo tempo: salva prima gli altri, poi aggiungi questo."


def examined(upload, task, allowance, too_costly, *arguments):
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


def is_examined(upload, task, allowance, too_costly, *arguments):
    return (task, *map(str, arguments)) in known_of(upload)


def known_of(upload):
    return bearer_of(upload).__dict__.setdefault("_examined", {})


def bearer_of(upload):
    """The file that a request brought, whatever holds it meanwhile."""
    return upload.file if isinstance(upload, FieldFile) else upload


def answer_or_message(file, task, allowance, too_costly, *arguments):
    """The answer, or the words of a refusal."""
    try:
        return ask(task, file, allowance, *arguments)
    except Refused as refused:
        return str(refused)
    except TooCostly:
        return too_costly
    except Unreadable:
        return BROKEN


def examine_first(check, uploads):
    """Looks at files before the form that takes them is in a transaction: it will find what was found here."""
    start = monotonic()
    for upload in uploads:
        if monotonic() - start > limits.PATIENCE_FOR_ALL:
            upload._examined = {TOO_MANY: TOO_MANY}
        with suppress(ValidationError):
            check(upload)


def megabytes(size):
    """In megabytes and a tenth more, so that what is too heavy never looks as if it were not."""
    return f"{number_format(ceil(size / limits.MEGABYTE * 10) / 10, 1)} MB"
