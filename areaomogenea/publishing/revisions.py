"""Every version of a row, with who, when and why; a change that waits for approval is one too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from areaomogenea.prose.diff import Effort, compare, near_changes, told_apart
from areaomogenea.prose.fields import LineField

from .snapshots import Content, changed_pieces, files_in, lines_of_piece, pieces_of

if TYPE_CHECKING:
    from areaomogenea.accounts.models import User

    from .versions import Versioned


class RevisionAction(models.TextChoices):
    FIRST = "first", "Prima versione"
    SAVED = "saved", "Salvata"
    SUBMITTED = "submitted", "Mandata in revisione"
    SENT_BACK = "sent_back", "Rimandata all’autore"
    TAKEN_BACK = "taken_back", "Ripresa in bozza"
    APPROVED = "approved", "Approvata"
    WITHDRAWN = "withdrawn", "Ritirata"
    CORRECTED = "corrected", "Corretta"
    RESTORED = "restored", "Ripresa da una versione di prima"
    BINNED = "binned", "Messa nel cestino"
    RECOVERED = "recovered", "Ripresa dal cestino"
    PROPOSED = "proposed", "Modifica proposta"
    ACCEPTED = "accepted", "Modifica accettata"
    REFUSED = "refused", "Modifica rimandata"


SENT_BACK = (RevisionAction.SENT_BACK, RevisionAction.REFUSED)


class RevisionQuerySet(models.QuerySet):
    def pending(self) -> Self:
        """Proposals that nobody has accepted or sent back yet."""
        return self.filter(action=RevisionAction.PROPOSED, settled_at=None)

    def versions(self) -> Self:
        """Proposals are no version until they are accepted."""
        return self.exclude(action=RevisionAction.PROPOSED)

    def withdrawals(self) -> Self:
        return self.filter(action=RevisionAction.WITHDRAWN)

    def sent_back(self) -> Self:
        """Drafts and proposals that a Responsabile has sent back to whom they came from."""
        return self.filter(action__in=SENT_BACK)

    def newest_first(self) -> Self:
        """By their number: a clock may have gone back between two."""
        return self.order_by("-version", "-pk")

    def decisions(self) -> Self:
        """What somebody decided on a publication, not what they wrote in it."""
        return self.versions().exclude(action__in=[RevisionAction.FIRST, RevisionAction.SAVED])

    def of_version(self, *numbers: int) -> Self:
        """Those that were not redacted: of these nothing is told any more."""
        return self.versions().filter(version__in=numbers, redacted_at=None)


class BaseRevision(models.Model):
    """How a row stood after somebody saved it or decided on it, or how somebody proposes that it stand.

    Its table names the row in a foreign key of its own, whose related name is `revisions`; `subject` is that row, as
    an object that keeps versions.
    """

    Action = RevisionAction

    version = models.PositiveIntegerField("versione", help_text="Quella che è, o su cui si basa se è una proposta.")
    action = models.CharField("che cosa", max_length=12, choices=Action)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="chi")
    at = models.DateTimeField("quando", default=timezone.now)
    comment = LineField("nota", max_length=255, blank=True)
    content = models.JSONField("contenuto", default=dict)
    proposal = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="decisions", verbose_name="su quale proposta"
    )
    settled_at = models.DateTimeField("decisa", null=True, editable=False)
    redacted_at = models.DateTimeField("oscurata", null=True, editable=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]
        verbose_name = "versione"
        verbose_name_plural = "storia"

    def __str__(self):
        return f"{self.get_action_display()}, {date_format(localtime(self.at), 'j F Y, H:i').lower()}"

    @property
    def is_proposal(self) -> bool:
        return self.action == RevisionAction.PROPOSED

    @property
    def version_before(self) -> int:
        """The one that it changes, or would change."""
        return self.version if self.is_proposal else self.version - 1

    @cached_property
    def base(self) -> Content | None:
        return self.subject.content_at(self.version_before)


class Revision(BaseRevision):
    """Of a publication."""

    publication = models.ForeignKey("publishing.Publication", models.CASCADE, related_name="revisions")

    class Meta(BaseRevision.Meta):
        indexes = [
            models.Index(fields=["-at"], name="revision_latest"),
            models.Index(fields=["publication"], name="revision_sent_back", condition=Q(action__in=SENT_BACK)),
            models.Index(fields=["-at"], name="revision_withdrawals", condition=Q(action="withdrawn")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["publication"],
                condition=Q(action="proposed", settled_at=None),
                name="revision_one_pending_proposal",
            )
        ]

    @property
    def subject(self) -> Versioned:
        return self.publication

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            names = files_in(type(self.publication), self.content)
            self.files.exclude(file__in=names).delete()
            files = [VersionFile(revision=self, file=name) for name in names]
            VersionFile.objects.bulk_create(files, ignore_conflicts=True)


class VersionFile(models.Model):
    """A stored file that a version or a proposal tells of: its bytes stay as long as one does."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="files")
    file = models.CharField(max_length=100, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "file"], name="version_file_once")]

    def __str__(self):
        return self.file


@dataclass(frozen=True)
class Difference:
    """A field or a part in two versions; `passages` as `near_changes` gives them."""

    name: str
    label: str
    passages: list

    @property
    def is_of_form(self) -> bool:
        """Only headings, bold, lists and paragraphs changed: whatever else does differs in words."""
        return all(kind == "same" for kind, _ in self.passages)


def differences(
    model: type[Versioned], before: Content, after: Content, user: User | None, effort: Effort | None = None
) -> Iterator[Difference]:
    """As `user` may know of them; `effort` is shared with what else a page compares, which costs as much as one."""
    effort, names = effort or Effort(), changed_pieces(before, after)
    for name, piece in pieces_of(model).items():  # in their order: PostgreSQL keeps JSON in one of its own
        if name in names:
            one, other = told_apart(lines_of_piece(piece, before, user), lines_of_piece(piece, after, user))
            passages = compare(one, other, effort)
            yield Difference(name, str(piece.verbose_name), list(near_changes(passages)))
