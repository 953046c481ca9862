"""How a communiqué comes in from a document or from pasted text: one form, that reads it and says what is wrong."""

from collections.abc import Collection
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import number_format

from areaomogenea.library.document_checks import check_document
from areaomogenea.municipalities.models import Municipality
from areaomogenea.prose import characters
from areaomogenea.prose.account import quoted
from areaomogenea.prose.document_reader import Document, read_document
from areaomogenea.prose.forms import LinesField
from areaomogenea.prose.plaintext import lines_of
from areaomogenea.sandbox.errors import Refused
from areaomogenea.sandbox.limits import DOCUMENT_BYTES, MEGABYTE
from areaomogenea.sandbox.packages import EMPTY, TOO_COMPLEX

from .archive import NewsItem
from .drafts import Draft, draft_of_scan, drafts_from, take_pictures
from .kinds import KINDS, PRESS_RELEASE
from .manuscript import read_manuscript
from .models import Intake
from .twins import digest_of_file, draft_digest, twins_of

HEAVIEST = DOCUMENT_BYTES // MEGABYTE
LONGEST_TEXT = 100_000  # characters: fifty pages
LONGEST_TEXT_LABEL = "100.000"
MOST_LINES = 5_000  # or paragraphs: each is looked at by many rules
MOST_LINES_LABEL = "5.000"
EACH, ALL = "each", "all"
NO_TEXT = "Questo file non è un testo leggibile: forse è di un altro formato, con il nome cambiato."
AGAIN = " Il documento va scelto di nuovo: il browser non lo ricorda."


class IntakeForm(forms.Form):
    document = forms.FileField(
        label="Documento",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".docx,.odt,.pdf,.eml,.txt", "class": "desk-drop"}),
        help_text=(
            f"Word (.docx) o LibreOffice (.odt), al massimo {HEAVIEST} MB. Puoi trascinarlo qui. Vanno bene anche un "
            "PDF, un messaggio di posta (.eml) e un testo (.txt), che dicono meno di come sono fatti."
        ),
    )
    text = LinesField(
        label="Oppure il testo",
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"}),
        help_text=f"Il comunicato, la lettera o il messaggio, per intero. Al massimo {LONGEST_TEXT_LABEL} caratteri.",
    )
    kind = forms.ChoiceField(
        label="Tipo",
        choices=[(kind.code, kind.label) for kind in KINDS],
        initial=PRESS_RELEASE.code,
    )
    municipalities = forms.ModelMultipleChoiceField(
        label="Comuni interessati",
        queryset=Municipality.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Se non ne scegli, sono quelli che il testo nomina fra i tuoi.",
    )
    # What was brought, where somebody who was told that it is here already wants another draft of it.
    anyway = forms.CharField(required=False, max_length=64)
    listing = forms.ChoiceField(
        label="Che cosa farne",
        required=False,
        choices=[(EACH, "Una bozza per ciascun comunicato"), (ALL, "Una bozza sola con tutto il testo")],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = None
        if not user.has_perm("publishing.write_for_area"):
            own = Municipality.objects.filter(assignments__user=user)
            self.places = set(own)
            self.fields["municipalities"].queryset = own
        if self.places is None or len(self.places) < 2:
            del self.fields["municipalities"]
        self.asks_about_listing = False
        self.user = user
        self.twins: Any = ()  # rows of the archive

    def clean_text(self) -> str | None:
        return checked_text(self.cleaned_data["text"])

    def clean(self) -> Any:
        cleaned_data = super().clean()
        if self.errors:
            return cleaned_data
        if self.places is not None and not self.places:
            raise ValidationError("Non ti è assegnato nessun Comune: chiedi a un Amministratore.")
        if bool(cleaned_data["document"]) == bool(cleaned_data["text"]):
            wrong = ("text", "Hai scelto anche un documento: tieni o l’uno o l’altro.")
            self.add_error(
                *(wrong if cleaned_data["text"] else ("document", "Scegli un documento, o incolla il testo."))
            )
            return cleaned_data
        try:
            document = self.read(cleaned_data)
        except (Refused, ValidationError) as refused:
            self.add_error("document", refused if isinstance(refused, ValidationError) else str(refused))
            return cleaned_data
        if document.is_scan:
            self.keep_scan(cleaned_data)
        else:
            self.make_drafts(document, cleaned_data)
        return cleaned_data

    def read(self, cleaned_data: dict[str, Any]) -> Document | None:
        """What was brought as a Document. Raises Refused or ValidationError, in words for who brings it."""
        file = cleaned_data["document"]
        if not file:
            return Document(blocks=lines_of(cleaned_data["text"]))
        if file.name.lower().endswith(".txt") and file.size <= DOCUMENT_BYTES:
            return Document(blocks=lines_of(checked_text(text_in(file))))
        document = read_document(file)
        if len(document.blocks) > MOST_LINES:
            raise Refused(TOO_COMPLEX)
        if document.blocks or document.is_scan:
            return document
        count = len(document.images)
        images = f"Il documento contiene solo immagini ({count}): chi non le vede non le legge, scrivi il testo."
        raise Refused(images if count else EMPTY)

    def keep_scan(self, cleaned_data: dict[str, Any]) -> None:
        cleaned_data["document"].name = f"{PurePath(cleaned_data['document'].name).stem}.pdf"
        try:
            check_document(cleaned_data["document"])  # what it says of itself is known before anything is saved
        except ValidationError as refused:
            self.add_error("document", refused)
            return
        self.drafts = [draft_of_scan(cleaned_data["document"], cleaned_data["kind"])]
        if not self.have_twins(cleaned_data):
            self.place(self.drafts[0], cleaned_data)

    def make_drafts(self, document: Document, cleaned_data: dict[str, Any]) -> None:
        items = read_manuscript(document.blocks, cleaned_data["kind"], is_one=cleaned_data["listing"] == ALL)
        if len(items) > 1 and cleaned_data["listing"] != EACH:
            self.ask_about_listing(items, cleaned_data)
            return
        self.drafts = drafts_from(items, self.places)
        if self.have_twins(cleaned_data):
            return
        for draft in self.drafts:
            draft.doubts += document.remarks
            self.place(draft, cleaned_data)
        if cleaned_data["document"]:
            take_pictures(self.drafts, document, f"Dal documento «{cleaned_data['document'].name}»")

    def have_twins(self, cleaned_data: dict[str, Any]) -> bool:
        """Whether the same was brought before and nobody has said to go on; each draft learns what it is made of."""
        file_digest = digest_of_file(cleaned_data["document"]) if cleaned_data["document"] else ""
        for draft in self.drafts:
            draft.intake = Intake(file_digest=file_digest, words_digest=draft_digest(draft.communique))
        self.brought = self.drafts[0].intake.words_digest
        if cleaned_data["anyway"] == self.brought:
            return False
        twins = twins_of([draft.communique for draft in self.drafts], file_digest)
        self.twins = twins.with_known_by(self.user).select_related("author")
        if self.twins:
            again = AGAIN if cleaned_data["document"] else ""
            self.add_error("anyway", f"Questo documento è già stato portato.{again}")
        return bool(self.twins)

    def ask_about_listing(self, items: Collection[NewsItem], cleaned_data: dict[str, Any]) -> None:
        self.asks_about_listing = True
        titles = quoted(item.title for item in items)
        again = AGAIN if cleaned_data["document"] else ""
        self.add_error("listing", f"I comunicati sembrano {len(items)}: {titles}. Scegli che cosa farne.{again}")

    def place(self, draft: Draft, cleaned_data: dict[str, Any]) -> None:
        """Who writes for some Comuni only must name one of them."""
        if self.places is None:
            return
        if len(self.places) == 1:
            draft.municipalities = list(self.places)
            return
        draft.municipalities = list(cleaned_data["municipalities"]) or draft.municipalities
        if not draft.municipalities and "municipalities" not in self.errors:
            again = AGAIN if cleaned_data["document"] else ""
            self.add_error("municipalities", f"Il testo non nomina nessuno dei tuoi Comuni: scegli tu quale.{again}")


def checked_text(text: str) -> str | None:
    """A text without signs that none has; ValidationError if it is none, or too long for one communiqué."""
    text = characters.stripped(text)
    if len(text) > LONGEST_TEXT:
        length = number_format(len(text), force_grouping=True)
        raise ValidationError(
            f"Il testo ha {length} caratteri e il massimo è {LONGEST_TEXT_LABEL}: lascia solo il comunicato."
        )
    if (lines := len(lines_of(text))) > MOST_LINES:
        count = number_format(lines, force_grouping=True)
        raise ValidationError(f"Il testo ha {count} righe, il massimo è {MOST_LINES_LABEL}: lascia solo il comunicato.")
    if text and not any(lines_of(text)):
        raise ValidationError("Il testo non contiene nessuna parola.")
    return text


def text_in(file: UploadedFile) -> str | None:
    """Of a file of plain text, as Windows and everybody else write it."""
    content = file.read()
    if b"\0" in content:
        raise Refused(NO_TEXT)
    if not content.strip():
        raise Refused(EMPTY)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
