"""Rows that keep their versions: proposed, accepted, brought back. One machinery, whatever the row is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.timezone import localtime

from .clock import A_DAY, Clock
from .ledger_notes import LedgerEntry, note_version
from .merge import as_accepted
from .revisions import BaseRevision, Revision, RevisionAction
from .snapshots import Content, content_of, from_json, relations_of, versioned_fields

if TYPE_CHECKING:
    from areaomogenea.accounts.models import User

    Base = models.Model  # what it stands in front of
else:
    Base = object


class Versioned(Base):
    """What a row does with its `revisions`; of how it counts its versions, its class says `_claim_version`.

    Every change acts on the version that this object was read at, and on no other: False says that somebody was faster.
    Each begins with `_lock`, whatever it touches then: of two at once one waits, and no two for each other.
    """

    author: Any = None  # who wrote what came in by another door than the desk, if anybody knows

    @property
    def pending_proposal(self) -> Revision | None:
        return self.revisions.pending().select_related("by").first()

    def _lock(self):
        """Whether it is still there; until the end of the transaction nobody else changes it or decides on it."""
        return self._rows().select_for_update().filter(pk=self.pk).exists()

    def content(self) -> Content:
        return content_of(self)

    def content_at(self, version: int) -> Content | None:
        """What was kept as a version; None if it was never kept."""
        return self.revisions.of_version(version).values_list("content", flat=True).first()

    @transaction.atomic
    def propose(self, by: User | None, content: Content, comment: str = "") -> bool:
        """Leave a change to what is live for somebody who may approve it; it takes the place of the one before.

        Of fields and parts that this content does not tell, the one before still counts: they have pages of their own.
        """
        if not self._lock() or not self._takes_proposals():
            return False
        if before := self.pending_proposal:
            content = as_accepted(self, before) | content
        self.revisions.pending().update(settled_at=timezone.now())
        proposed = {"action": RevisionAction.PROPOSED, "version": self.version, "content": content}
        note_version(self.revisions.create(by=by, comment=comment, **proposed))
        return True

    @transaction.atomic
    def change(self, by: User, content: Content, comment: str = "") -> bool:
        """Save these fields as a new version. Raises ValidationError if they do not fit."""
        if not self._is_as_read():
            return False
        self.take(content)
        self.record(by, RevisionAction.SAVED, comment)
        return True

    @transaction.atomic
    def accept(self, by: User | None, comment: str = "", proposal: BaseRevision | None = None) -> bool:
        """Make a proposed change live. Raises ValidationError if it no longer fits."""
        if not self._is_as_read() or not (proposal := self._settle(proposal)):
            return False
        self.take(as_accepted(self, proposal))
        self.record(by, RevisionAction.ACCEPTED, comment, proposal=proposal)
        return True

    @transaction.atomic
    def refuse(self, by: User | None, comment: str, proposal: BaseRevision | None = None) -> bool:
        """Send a proposed change back to who made it; what is live stays as it is."""
        if not self._is_as_read() or not (proposal := self._settle(proposal)):
            return False
        self.record(by, RevisionAction.REFUSED, comment, proposal=proposal)
        return True

    def _settle(self, proposal):
        proposal = proposal or self.pending_proposal
        claimed = proposal and self.revisions.pending().filter(pk=proposal.pk).update(settled_at=timezone.now())
        return proposal if claimed else None

    @transaction.atomic
    def restore(self, revision: Revision, by: User | None) -> bool:
        """Bring a version back as the newest one. Raises ValidationError if it no longer fits."""
        if not self._is_as_read():
            return False
        self.take(revision.content)
        self.record(by, RevisionAction.RESTORED, f"Versione del {localtime(revision.at):%d/%m/%Y, %H:%M}")
        return True

    def take(self, content: Content, names: Collection[str] | None = None) -> None:
        """Save these fields and parts (or all) of a kept content; rows that are gone since are left out."""
        names = content if names is None else names
        fields = [field for field in versioned_fields(type(self)) if field.name in names and field.name in content]
        rows = {field.name: from_json(field, content[field.name]) for field in fields if field.many_to_many}
        for field in fields:
            if not field.many_to_many:
                setattr(self, field.name, from_json(field, content[field.name]))
        self.full_clean()
        self.save()
        for name, related in rows.items():
            getattr(self, name).set(related)
        self.set_relations({name: content[name] for name in names if name in content})

    def set_relations(self, content: Content) -> bool:
        """Make the rows of the parts that this content tells what it says; whether that changed anything."""
        touched = [
            relation.set(self, content[relation.name])
            for relation in relations_of(type(self))
            if relation.name in content
        ]
        return any(touched)

    @transaction.atomic
    def keep_first_version(self) -> None:
        """What came in by another door than the desk has no version yet: as it is stored is its first.

        A version from before a table was a part says nothing of it: the newest one is told it as it is stored.
        """
        self._lock()
        before = type(self).objects.get(pk=self.pk)
        newest = before.revisions.of_version(before.version).first()
        if newest:
            missing = {
                relation.name: relation for relation in relations_of(type(self)) if relation.name not in newest.content
            }
            if missing:
                newest.content |= {name: relation.rows(before) for name, relation in missing.items()}
                newest.save(update_fields=["content"])
        elif not before.revisions.exists():
            fields = {"action": RevisionAction.FIRST, "version": before.version, "content": before.content()}
            before.revisions.create(by=before.author, comment="Com’era prima di ogni modifica", **fields)

    @transaction.atomic
    def record(
        self,
        by: User | None,
        action: str,
        comment: str = "",
        was: str | None = None,
        ledger_entry: LedgerEntry | None = None,
        **also: Any,
    ) -> BaseRevision:
        """Keep how it stands now as a new version.

        `was`: its status before, if that changed; `told`: what else the ledger says, see `note_version`.
        """
        self._lock()
        self._claim_version()
        fields = {"action": action, "version": self.version, "content": self.content(), "at": self._hour()}
        revision = self.revisions.create(by=by, comment=comment, **fields, **also)
        note_version(revision, was, ledger_entry)
        return revision

    def _hour(self):
        """Now; where the clock went back, after what happened before, so that whoever synchronises is told of it."""
        now, newest = Clock.objects.hour(), self.revisions.order_by().aggregate(at=models.Max("at"))["at"]
        return max(now, newest) if newest and newest - now < A_DAY else now


class Shared(Versioned):
    """A row that pages share: it is live whenever it is stored, and its versions are counted where they are kept."""

    standing = ("published", "Pubblicata")

    @property
    def status(self) -> str:
        return "approved" if self.pk else "draft"

    def is_published(self, at: datetime | None = None) -> bool:
        return True

    def is_scheduled(self, at: datetime | None = None) -> bool:
        return False

    def was_seen(self) -> bool:
        return True

    @cached_property
    def version(self) -> int:
        """The one that this object was read at."""
        return self._newest()

    def _newest(self):
        return self.revisions.versions().aggregate(newest=models.Max("version"))["newest"] or 0

    def _rows(self):
        return type(self).objects

    def _takes_proposals(self):
        return True

    def _is_as_read(self):
        version = self.version
        return self._lock() and self._newest() == version

    def _claim_version(self):
        self.version = self._newest() + 1
