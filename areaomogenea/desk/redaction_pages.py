"""The page where what must not exist is taken away for good: versions, notes and files of one row."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern

from areaomogenea.accounts.confirmation import ask_again
from areaomogenea.accounts.requests import UserRequest
from areaomogenea.prose.forms import LineField
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.redactions import Redaction, label_of, redact, redactable_words, text_digest
from areaomogenea.publishing.revisions import BaseRevision, VersionFile
from areaomogenea.publishing.versions import Versioned

from .effects import Meanwhile, unseen_changes
from .extra_pages import Pages

SHOWN = 200
NOT_KEPT_APART = (
    "Non è stato oscurato niente: il file che tiene il conto degli oscuramenti non si può scrivere."
    " Avvisa chi gestisce il server."
)
What = Redaction.What


class RedactionForm(forms.Form):
    chosen = forms.MultipleChoiceField(
        label="Che cosa",
        error_messages={
            "required": "Scegli almeno una cosa da oscurare.",
            "invalid_choice": "Questo non si oscura da qui: la pagina di adesso si corregge prima, dal suo modulo.",
        },
    )
    reason = LineField(
        label="Perché",
        max_length=255,
        help_text="Resta scritto per sempre. Non ripetere qui ciò che oscuri.",
        error_messages={"required": "Scrivi il motivo: è la sola cosa che resta."},
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(value, value) for value in offered]


class RedactionPages(Pages):
    """The page that redacts a row with its versions, or one that has files alone."""

    def urls(self) -> list[URLPattern]:
        return [self.at("<int:pk>/oscura/", self.redaction_view, "redaction")]

    def redaction_view(self, request: UserRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm("publishing.redact"):
            raise Http404
        row = self.desk.row(request, pk)
        ask_again(request)
        is_versioned = hasattr(row, "revisions")
        steps = list(row.revisions.select_related("by").defer("content")) if is_versioned else []
        page = Paginator(steps, SHOWN).get_page(request.GET.get("pagina"))
        files, words = self.files_of(row), words_of(row)
        offered = [value for step in steps for value, _ in choices_of(step, row)]
        offered += [value for value, *_ in (*files, *words)]
        form = RedactionForm(request.POST or None, offered=offered)
        meanwhile = unseen_changes(request, row) if is_versioned else None
        if form.is_valid() and not meanwhile and self.redact(request, row, form.cleaned_data):
            return redirect(self.desk.address("changelist"))
        context = {
            "form": form,
            "steps": [(step, choices_of(step, row)) for step in page],
            "page": page,
            "files": files,
            "words": words,
            "meanwhile": meanwhile and Meanwhile(meanwhile.steps, []),
        }
        return self.desk.page(request, "redaction", row, "Oscura ciò che non deve esistere", **context)

    def files_of(self, row: Any) -> list[tuple[str, str]]:
        """(value, stored name) of the documents that the row or any version of it tells of."""
        if not hasattr(row, "attachments"):
            return []
        in_versions = VersionFile.objects.filter(revision__publication=row.pk).values_list("file", flat=True)
        names = sorted({*in_versions, *row.attachments.values_list("file", flat=True)})
        return [(f"{What.FILE}:{text_digest(name)}", name.rpartition("/")[2]) for name in names]

    def redact(self, request: UserRequest, row: Any, cleaned: dict[str, Any]) -> bool:
        chosen = [tuple(value.split(":", 1)) for value in cleaned["chosen"]]
        try:
            done = redact(row, chosen, request.user, cleaned["reason"])
        except OSError:
            messages.error(request, NOT_KEPT_APART)
            return False
        count = "Una cosa oscurata" if len(done) == 1 else f"{len(done)} cose oscurate"
        messages.info(request, f"{count} per sempre. Le copie di sicurezza fatte prima le perderanno quando tornano.")
        return True


def choices_of(step: BaseRevision, row: Versioned) -> list[tuple[str, str]]:
    """(value, label) of what may go of a version: what readers see now is first mended in the page itself."""
    if step.redacted_at:
        return []
    is_present = step.version == row.version and not step.is_proposal
    words = [] if is_present else [(f"{What.VERSION}:{step.pk}", "Il contenuto, con la nota")]
    return [*words, *([(f"{What.COMMENT}:{step.pk}", "Solo la nota")] if step.comment else [])]


def words_of(row: Any) -> list[tuple[str, str, str]]:
    """(value, what it is, words) of what is told beside the page, and no form of it takes back."""
    words = redactable_words(row.pk) if isinstance(row, Publication) else {}
    return [(f"{What.WORDS}:{target}", label_of(target), text) for target, text in words.items()]
