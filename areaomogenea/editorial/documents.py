"""Documents as they arrive: what they hold must be what their name says, and readers must be able to open it."""

from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import ValidationError

from areaomogenea.sandbox import limits, papers

from .examined import examined, weight

MAX_BYTES = limits.ATTACHMENT_BYTES
KINDS = papers.KINDS
TOO_COSTLY = (
    "Il documento è troppo complesso: aprirlo richiede più tempo o memoria di quanto il portale conceda. "
    "Dividilo, o salvalo di nuovo in una forma più semplice."
)


@dataclass(frozen=True)
class About:
    """What a document says of itself; None and "" where it says nothing, or is no PDF."""

    pages: int | None = None
    language: str = ""
    has_text: bool | None = None


def check_document(upload):
    """Raise ValidationError unless the content is of the kind that the name says, open and without macros."""
    if upload.size > MAX_BYTES:
        raise ValidationError(f"Il documento pesa {weight(upload.size)} e il massimo è 20: riducilo o dividilo.")
    kind = kind_of(upload.name)
    if kind in KINDS:
        examined(upload, "areaomogenea.sandbox.papers:examine", limits.OF_ATTACHMENT, TOO_COSTLY, kind)


def about(upload):
    """What the document says of itself, as far as it can be read."""
    kind = kind_of(upload.name)
    if kind != "pdf" or upload.size > MAX_BYTES:
        return About()
    try:
        return About(**examined(upload, "areaomogenea.sandbox.papers:examine", limits.OF_ATTACHMENT, TOO_COSTLY, kind))
    except ValidationError:
        return About()


def kind_of(name):
    return PurePath(name).suffix.lstrip(".").lower()
