"""Documents as they arrive: what they hold must be what their name says, and readers must be able to open it."""

from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files import File

from areaomogenea.sandbox import limits, office_files

from .inspection import examined, megabytes

MAX_BYTES = limits.ATTACHMENT_BYTES
KINDS = office_files.KINDS
LONGEST_ENDING = 10  # letters of it that are told
TOO_COSTLY = (
    "Il documento è troppo complesso: aprirlo richiede più tempo o memoria di quanto il portale conceda. "
    "Dividilo, o salvalo di nuovo in una forma più semplice."
)

IMAGE = "È un’immagine, non un documento: caricala nella libreria delle immagini, e inseriscila nel testo."
OFFICE = "È di un vecchio formato di Office: aprilo, salvalo in PDF o nel formato di oggi ({}) e riprova."
APPLE = "È un documento di Apple: esportalo in PDF e riprova."
MAIL = "È un messaggio di posta: allega i documenti che contiene, o salvalo in PDF."
NOT_ATTACHED = {
    **dict.fromkeys(("jpg", "jpeg", "png", "webp", "avif", "gif", "bmp", "tif", "tiff"), IMAGE),
    "heic": f"{IMAGE} È una foto HEIC dell’iPhone: prima esportala come JPEG.",
    "svg": f"{IMAGE} È un disegno SVG: prima esportalo come PNG.",
    "doc": OFFICE.format(".docx"),
    "xls": OFFICE.format(".xlsx"),
    "ppt": OFFICE.format(".pptx"),
    "docm": "Contiene macro, cioè programmi: salvalo come .docx e riprova.",
    "xlsm": "Contiene macro, cioè programmi: salvalo come .xlsx e riprova.",
    "rtf": "È un file RTF: aprilo, salvalo in PDF o come .docx e riprova.",
    **dict.fromkeys(("pages", "numbers", "key"), APPLE),
    **dict.fromkeys(("eml", "msg"), MAIL),
    "p7m": "È un documento firmato (.p7m): mettilo in uno ZIP, o allega il documento che contiene.",
    **dict.fromkeys(("htm", "html", "mht"), "È una pagina web salvata: stampala in PDF e allega quello."),
    **dict.fromkeys(("rar", "7z", "tar", "gz"), "Di archivi si allegano solo gli ZIP: crea quello e riprova."),
}
ADMITTED = f"I formati che si allegano sono: {', '.join(KINDS)}."


@dataclass(frozen=True)
class About:
    """What a document says of itself; None and "" where it says nothing, or is no PDF."""

    pages: int | None = None
    language: str = ""
    has_text: bool | None = None


def check_document(upload: File) -> None:
    """Raise ValidationError unless the content is of the kind that the name says, open and without macros."""
    if upload.size > MAX_BYTES:
        raise ValidationError(f"Il documento pesa {megabytes(upload.size)} e il massimo è 20: riducilo o dividilo.")
    kind = suffix_of(upload.name)
    if kind not in KINDS:
        reason = (
            f"Un file «.{kind[:LONGEST_ENDING]}» non si allega." if kind else "Il nome del file non dice di che tipo è."
        )
        raise ValidationError(NOT_ATTACHED.get(kind, f"{reason} {ADMITTED}"))
    examined(upload, "areaomogenea.sandbox.office_files:examine", limits.OF_ATTACHMENT, TOO_COSTLY, kind)


def properties_of(upload: File) -> About:
    """What the document says of itself, as far as it can be read."""
    kind = suffix_of(upload.name)
    if kind != "pdf" or upload.size > MAX_BYTES:
        return About()
    try:
        return About(
            **examined(upload, "areaomogenea.sandbox.office_files:examine", limits.OF_ATTACHMENT, TOO_COSTLY, kind)
        )
    except ValidationError:
        return About()


def suffix_of(name: str | None) -> str:
    return PurePath(name or "").suffix.lstrip(".").lower()
