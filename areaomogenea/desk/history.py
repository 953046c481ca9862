"""The versions of a publication at the desk: seen, compared, brought back; and the change that waits for approval."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime

from areaomogenea.accounts.ledger import reference
from areaomogenea.naming.races import again_when_taken
from areaomogenea.prose.diff import Effort
from areaomogenea.prose.forms import LineField
from areaomogenea.publishing.merge import as_accepted
from areaomogenea.publishing.revisions import Revision, differences
from areaomogenea.publishing.snapshots import changed_pieces, pieces_of, relations_of
from areaomogenea.publishing.workflow import VERBS, only_proposes, pressed, verbs_for

from .effects import meanwhile_of, why_not
from .files import desk_url
from .redaction_pages import RedactionsAdmin

FASTER = "Nel frattempo qualcosa è cambiato: rileggi la pagina."
COMMENT_MAX = Revision._meta.get_field("comment").max_length
ON_PROPOSAL = [verb for verb in VERBS if verb.is_on_proposal]


class NoteForm(forms.Form):
    """The note that goes with what is decided on a proposal."""

    comment = LineField(
        max_length=COMMENT_MAX,
        required=False,
        error_messages={
            "max_length": "La nota è troppo lunga: %(show_value)d caratteri, e il massimo è %(limit_value)d.",
        },
    )


class VersionsAdmin(RedactionsAdmin):
    """Of whatever rows keep versions: what `publication` gives has them."""

    def get_urls(self):
        return [
            self.desk("<int:pk>/storia/<int:revision>/", again_when_taken(self.revision_view), "revision"),
            self.desk("<int:pk>/proposta/", again_when_taken(self.proposal_view), "proposal"),
            *super().get_urls(),
        ]

    def history_view(self, request, object_id, extra_context=None):
        publication = self.publication(request, self.model._meta.pk.to_python(object_id))
        rows = publication.revisions.select_related("by", "proposal__by")
        page = Paginator(rows, 30).get_page(request.GET.get("pagina"))
        context = {"steps": self.steps(publication, page), "page": page, "reference": ":".join(reference(publication))}
        return self.page(request, "history", publication, "Storia", **context)

    def steps(self, publication, page):
        """(revision, labels of what it changed) for a page of the history, with one question for all."""
        contents = {row.version: row.content for row in page if not row.is_proposal}
        unknown = {row.version_before for row in page} - contents.keys()
        contents |= dict(publication.revisions.of_version(*unknown).values_list("version", "content"))
        labels = {name: piece.verbose_name for name, piece in pieces_of(self.model).items()}
        for row in page:
            before = contents.get(row.version_before)
            names = changed_pieces(before, row.content) if before is not None else []
            yield row, [label for name, label in labels.items() if name in names]

    def revision_view(self, request, pk, revision):
        publication = self.publication(request, pk)
        revision = get_object_or_404(publication.revisions.select_related("by"), pk=revision)
        meanwhile = self.changed_meanwhile(request, publication)
        if request.method == "POST" and not meanwhile and not revision.redacted_at:
            return self.restore(request, publication, revision)
        before, effort = publication.content_at(revision.version_before) or {}, Effort()
        context = {
            "revision": revision,
            "differences": list(differences(self.model, before, revision.content, request.user, effort)),
            "since": list(differences(self.model, revision.content, publication.content(), request.user, effort)),
            "proposes": only_proposes(request.user, publication),
            "documents": documents_in(revision.content, before),
            "untold": [part.verbose_name for part in relations_of(self.model) if part.name not in revision.content],
            "meanwhile": meanwhile,
        }
        return self.page(request, "revision", publication, str(revision), **context)

    def changed_meanwhile(self, request, publication):
        """What a page that is posted did not show; None if it showed all there is."""
        read = number(request.POST.get("version"))
        is_behind = request.method == "POST" and read != publication.version
        return meanwhile_of(publication, -1 if read is None else read, request.user) if is_behind else None

    def restore(self, request, publication, revision):
        if not self.has_change_permission(request, publication):
            raise Http404
        try:
            if only_proposes(request.user, publication):
                return self.propose_again(request, publication, revision)
            publication.keep_first_version()
            with transaction.atomic():
                is_back = publication.restore(revision, request.user)
                self.require_for_readers(publication)
            told = f"È tornata la versione: {revision}." if is_back else FASTER
            self.message_user(request, told)
        except ValidationError as error:
            self.message_user(request, f"Non si può riprendere: {' '.join(error.messages)}", messages.ERROR)
        return redirect(self.address_of(publication))

    @transaction.atomic
    def propose_again(self, request, publication, revision):
        """A whole version would take the place of what somebody else proposed: that is decided first."""
        publication.keep_first_version()
        waiting = publication.pending_proposal
        if waiting and waiting.by != request.user:
            told = f"Intanto {waiting.by or 'qualcuno'} ha proposto una modifica: prima va decisa quella."
            self.message_user(request, told, messages.WARNING)
            return redirect(self.address("proposal", publication.pk))
        publication.propose(request.user, revision.content, f"Riprende: {revision}")
        self.message_user(request, "La versione è proposta a un Responsabile: la pagina resta com’è.")
        return redirect(self.address_of(publication))

    def proposal_view(self, request, pk):
        publication = self.publication(request, pk)
        proposal = publication.pending_proposal
        if request.method == "POST":
            return self.decide(request, publication, proposal)
        if not proposal:
            self.message_user(request, "Nessuna modifica aspetta una decisione.", messages.WARNING)
            return redirect(self.address_of(publication))
        return self.proposal_page(request, publication, proposal)

    def proposal_page(self, request, publication, proposal, error="", meanwhile=None):
        now = publication.content()
        after = now | as_accepted(publication, proposal)
        context = {
            "proposal": proposal,
            "differences": differences(self.model, now, after, request.user),
            "documents": documents_in(after, now),
            "is_behind": proposal.version < publication.version,
            "verbs": [verb for verb in verbs_for(request.user, publication) if verb in ON_PROPOSAL],
            "error": error,
            "meanwhile": meanwhile,
            "comment": request.POST.get("comment", ""),
        }
        return self.page(request, "proposal", publication, "Modifica da approvare", **context)

    def decide(self, request, publication, proposal):
        """What is decided is what was read: a proposal, and the page that it would change, as they were then."""
        verb = pressed(request.POST, verbs_for(request.user, publication))
        note = NoteForm(request.POST)
        if not proposal:
            self.message_user(request, f"«{publication}»: {why_not(publication)}", messages.WARNING)
            return redirect(self.address_of(publication))
        meanwhile = self.changed_meanwhile(request, publication)
        if meanwhile or request.POST.get("proposal") != str(proposal.pk):
            told = "Nel frattempo qualcosa è cambiato: rileggi prima di decidere."
            return self.proposal_page(request, publication, proposal, told, meanwhile)
        if verb is None or verb not in ON_PROPOSAL:
            raise Http404
        if not note.is_valid():
            return self.proposal_page(request, publication, proposal, " ".join(note.errors["comment"]))
        comment = note.cleaned_data["comment"]
        if verb.needs_comment and not comment:
            return self.proposal_page(request, publication, proposal, "Scrivi che cosa non va.")
        try:
            with transaction.atomic():
                is_done = self.make(request, publication, verb, comment)
                if is_done and verb.needs_all:
                    self.require_for_readers(publication)
        except ValidationError as error:
            as_stored = self.publication(request, publication.pk)
            return self.proposal_page(request, as_stored, proposal, " ".join(error.messages))
        if is_done:
            self.tell(request, verb, [publication])
        else:
            self.message_user(request, f"«{publication}»: {why_not(publication)}", messages.WARNING)
        return redirect(self.address_of(publication))

    def require_for_readers(self, publication):
        """Raises ValidationError with what blocks a page that readers see, or are about to."""

    def make(self, request, publication, verb, comment=""):
        """Makes a change of state on the version that this row was read at; False when somebody was faster."""
        with transaction.atomic():
            return getattr(publication, verb.name)(by=request.user, comment=comment)

    def tell(self, request, verb, done):
        """One message for all that was done."""
        if len(done) == 1:
            publication = done[0]
            when = f" per il {in_short(publication.publish_at)}" if publication.is_scheduled() else ""
            self.message_user(request, f"«{publication}» {verb.done}{when}.")
        elif done:
            self.message_user(request, f"{len(done)} pagine {verb.done_many}.")


def number(text):
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None


def in_short(hour):
    return date_format(localtime(hour), "j M Y, H:i").lower()


def documents_in(content, before):
    """(name, address at the desk) of the documents that a content tells of, and `before` does not."""
    known = {row["file"] for row in before.get("attachments") or ()}
    new = [row for row in content.get("attachments") or () if row["file"] not in known]
    return [(row["name"], desk_url(row["file"])) for row in new]
