"""The page where what must not exist is taken away for good: versions, notes and files of one row."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect

from areaomogenea.accounts.confirmation import ask_again
from areaomogenea.prose.forms import LineField
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.redactions import Redaction, label_of, redact, redactable_words, text_digest
from areaomogenea.publishing.revisions import VersionFile

from .effects import Meanwhile
from .extra_pages import DeskAdmin

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


class RedactionsAdmin(DeskAdmin):
    """Mixin of an admin whose rows keep versions."""

    def get_urls(self):
        return [self.desk("<int:pk>/oscura/", self.redaction_view, "redaction"), *super().get_urls()]

    def redaction_view(self, request, pk):
        if not request.user.has_perm("publishing.redact"):
            raise Http404
        row = self.publication(request, pk)
        ask_again(request)
        steps = list(row.revisions.select_related("by").defer("content")) if hasattr(row, "revisions") else []
        page = Paginator(steps, SHOWN).get_page(request.GET.get("pagina"))
        files = self.files_to_redact(row)
        words = self.words_to_redact(row)
        offered = [value for step in steps for value, _ in choices_of(step, row)]
        offered += [value for value, *_ in (*files, *words)]
        form = RedactionForm(request.POST or None, offered=offered)
        meanwhile = self.changed_meanwhile(request, row)
        if form.is_valid() and not meanwhile and self.redact(request, row, form.cleaned_data):
            return redirect(self.address("changelist"))
        context = {
            "form": form,
            "steps": [(step, choices_of(step, row)) for step in page],
            "page": page,
            "files": files,
            "words": words,
            "meanwhile": meanwhile and Meanwhile(meanwhile.steps, []),
        }
        return self.page(request, "redaction", row, "Oscura ciò che non deve esistere", **context)

    def changed_meanwhile(self, request, row):
        """What a page that is posted did not show; None if it showed all there is."""

    def files_to_redact(self, row):
        return files_of(row)

    def words_to_redact(self, row):
        """(value, what it is, words) of what is told beside the page, and no form of it takes back."""
        told = redactable_words(row.pk) if isinstance(row, Publication) else {}
        return [(f"{What.WORDS}:{target}", label_of(target), words) for target, words in told.items()]

    def redact(self, request, row, asked):
        chosen = [tuple(value.split(":", 1)) for value in asked["chosen"]]
        try:
            done = redact(row, chosen, request.user, asked["reason"])
        except OSError:
            self.message_user(request, NOT_KEPT_APART, messages.ERROR)
            return False
        count = "Una cosa oscurata" if len(done) == 1 else f"{len(done)} cose oscurate"
        self.message_user(
            request, f"{count} per sempre. Le copie di sicurezza fatte prima le perderanno quando tornano."
        )
        return True


def choices_of(step, row):
    """(value, label) of what may go of a version: what readers see now is first mended in the page itself."""
    if step.redacted_at:
        return []
    is_present = step.version == row.version and not step.is_proposal
    words = [] if is_present else [(f"{What.VERSION}:{step.pk}", "Il contenuto, con la nota")]
    return [*words, *([(f"{What.COMMENT}:{step.pk}", "Solo la nota")] if step.comment else [])]


def files_of(row):
    """(value, stored name) of the documents that the row or any version of it tells of."""
    if not hasattr(row, "attachments"):
        return []
    told = VersionFile.objects.filter(revision__publication=row.pk).values_list("file", flat=True)
    names = sorted({*told, *row.attachments.values_list("file", flat=True)})
    return [(f"{What.FILE}:{text_digest(name)}", name.rpartition("/")[2]) for name in names]
