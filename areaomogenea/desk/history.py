"""The versions of a publication at the desk: seen, compared, brought back; and the change that waits for approval."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern

from areaomogenea.accounts.ledger import reference
from areaomogenea.accounts.requests import UserRequest
from areaomogenea.naming.races import again_when_taken
from areaomogenea.prose.diff import Effort
from areaomogenea.prose.forms import LineField
from areaomogenea.publishing.merge import as_accepted
from areaomogenea.publishing.revisions import BaseRevision, differences
from areaomogenea.publishing.snapshots import changed_pieces, pieces_of, relations_of
from areaomogenea.publishing.workflow import VERBS, only_proposes, pressed, verbs_for

from .effects import Meanwhile, require_for_readers, unseen_changes, why_not
from .extra_pages import Pages
from .files import desk_url
from .verbs import COMMENT_MAX, make, report

FASTER = "Nel frattempo qualcosa è cambiato: rileggi la pagina."
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


class HistoryPages(Pages):
    """The history of a row, at the address that Django gives it, and each version of it."""

    def urls(self) -> list[URLPattern]:
        return [self.at("<int:pk>/storia/<int:revision>/", again_when_taken(self.revision_view), "revision")]

    def history_view(self, request: UserRequest, pk: int) -> HttpResponse:
        publication = self.desk.row(request, pk)
        rows = publication.revisions.select_related("by", "proposal__by")
        page = Paginator(rows, 30).get_page(request.GET.get("pagina"))
        context = {"steps": self.steps(publication, page), "page": page, "reference": ":".join(reference(publication))}
        return self.desk.page(request, "history", publication, "Storia", **context)

    def steps(self, publication: Any, page: Page) -> Iterator[Any]:
        """(revision, labels of what it changed) for a page of the history, with one question for all."""
        contents = {row.version: row.content for row in page if not row.is_proposal}
        unknown = {row.version_before for row in page} - contents.keys()
        contents |= dict(publication.revisions.of_version(*unknown).values_list("version", "content"))
        labels = {name: piece.verbose_name for name, piece in pieces_of(self.desk.model).items()}
        for row in page:
            before = contents.get(row.version_before)
            names = changed_pieces(before, row.content) if before is not None else []
            yield row, [label for name, label in labels.items() if name in names]

    def revision_view(self, request: UserRequest, pk: int, revision: BaseRevision) -> HttpResponse:
        publication = self.desk.row(request, pk)
        revision = get_object_or_404(publication.revisions.select_related("by"), pk=revision)
        meanwhile = unseen_changes(request, publication)
        if request.method == "POST" and not meanwhile and not revision.redacted_at:
            return self.restore(request, publication, revision)
        before, effort, model = publication.content_at(revision.version_before) or {}, Effort(), self.desk.model
        context = {
            "revision": revision,
            "differences": list(differences(model, before, revision.content, request.user, effort)),
            "since": list(differences(model, revision.content, publication.content(), request.user, effort)),
            "proposes": only_proposes(request.user, publication),
            "documents": documents_in(revision.content, before),
            "untold": [part.verbose_name for part in relations_of(model) if part.name not in revision.content],
            "meanwhile": meanwhile,
        }
        return self.desk.page(request, "revision", publication, str(revision), **context)

    def restore(self, request: UserRequest, publication: Any, revision: BaseRevision) -> HttpResponse:
        if not self.desk.has_change_permission(request, publication):
            raise Http404
        try:
            if only_proposes(request.user, publication):
                return self.propose_again(request, publication, revision)
            publication.keep_first_version()
            with transaction.atomic():
                is_back = publication.restore(revision, request.user)
                require_for_readers(publication)
            messages.info(request, f"È tornata la versione: {revision}." if is_back else FASTER)
        except ValidationError as error:
            messages.error(request, f"Non si può riprendere: {' '.join(error.messages)}")
        return redirect(self.desk.address_of(publication))

    @transaction.atomic
    def propose_again(self, request: UserRequest, publication: Any, revision: BaseRevision) -> HttpResponse:
        """A proposal to go back; what somebody else proposed, whose place it would take, is decided first."""
        publication.keep_first_version()
        waiting = publication.pending_proposal
        if waiting and waiting.by != request.user:
            notice = f"Intanto {waiting.by or 'qualcuno'} ha proposto una modifica: prima va decisa quella."
            messages.warning(request, notice)
            return redirect(self.desk.address("proposal", publication.pk))
        publication.propose(request.user, revision.content, f"Riprende: {revision}")
        messages.info(request, "La versione è proposta a un Responsabile: la pagina resta com’è.")
        return redirect(self.desk.address_of(publication))


class ProposalPages(Pages):
    """The change that waits for approval, and what is decided on it."""

    def urls(self) -> list[URLPattern]:
        return [self.at("<int:pk>/proposta/", again_when_taken(self.proposal_view), "proposal")]

    def proposal_view(self, request: UserRequest, pk: int) -> HttpResponse:
        publication = self.desk.row(request, pk)
        proposal = publication.pending_proposal
        if request.method == "POST":
            return self.decide(request, publication, proposal)
        if not proposal:
            messages.warning(request, "Nessuna modifica aspetta una decisione.")
            return redirect(self.desk.address_of(publication))
        return self.proposal_page(request, publication, proposal)

    def proposal_page(
        self,
        request: UserRequest,
        publication: Any,
        proposal: BaseRevision,
        error: str = "",
        meanwhile: Meanwhile | None = None,
    ) -> HttpResponse:
        now = publication.content()
        after = now | as_accepted(publication, proposal)
        context = {
            "proposal": proposal,
            "differences": differences(self.desk.model, now, after, request.user),
            "documents": documents_in(after, now),
            "is_behind": proposal.version < publication.version,
            "verbs": [verb for verb in verbs_for(request.user, publication) if verb in ON_PROPOSAL],
            "error": error,
            "meanwhile": meanwhile,
            "comment": request.POST.get("comment", ""),
        }
        return self.desk.page(request, "proposal", publication, "Modifica da approvare", **context)

    def decide(self, request: UserRequest, publication: Any, proposal: BaseRevision) -> HttpResponse:
        """The decision on what was read: a proposal, and the page that it would change, as they were then."""
        verb = pressed(request.POST, verbs_for(request.user, publication))
        note = NoteForm(request.POST)
        if not proposal:
            messages.warning(request, f"«{publication}»: {why_not(publication)}")
            return redirect(self.desk.address_of(publication))
        meanwhile = unseen_changes(request, publication)
        if meanwhile or request.POST.get("proposal") != str(proposal.pk):
            notice = "Nel frattempo qualcosa è cambiato: rileggi prima di decidere."
            return self.proposal_page(request, publication, proposal, notice, meanwhile)
        if verb is None or verb not in ON_PROPOSAL:
            raise Http404
        if not note.is_valid():
            return self.proposal_page(request, publication, proposal, " ".join(map(str, note.errors["comment"])))
        comment = note.cleaned_data["comment"]
        if verb.needs_comment and not comment:
            return self.proposal_page(request, publication, proposal, "Scrivi che cosa non va.")
        try:
            with transaction.atomic():
                is_done = make(request, publication, verb, comment)
                if is_done and verb.needs_all:
                    require_for_readers(publication)
        except ValidationError as error:
            as_stored = self.desk.row(request, publication.pk)
            return self.proposal_page(request, as_stored, proposal, " ".join(error.messages))
        if is_done:
            report(request, verb, [publication])
        else:
            messages.warning(request, f"«{publication}»: {why_not(publication)}")
        return redirect(self.desk.address_of(publication))


def documents_in(content: Mapping[str, Any], before: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, address at the desk) of the documents that a content tells of, and `before` does not."""
    known = {row["file"] for row in before.get("attachments") or ()}
    new = [row for row in content.get("attachments") or () if row["file"] not in known]
    return [(row["name"], desk_url(row["file"])) for row in new]
