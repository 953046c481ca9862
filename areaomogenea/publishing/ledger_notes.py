"""What the ledger tells of a version: where it stood and stands, and what else than its words changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from areaomogenea.accounts import ledger

from .snapshots import InlineRelation, changed_pieces, from_json, pieces_of

if TYPE_CHECKING:
    from .revisions import BaseRevision


LedgerEntry = tuple[str, dict[str, Any], dict[str, Any]]  # (action, before, after)


def note_version(revision: BaseRevision, was: str | None = None, ledger_entry: LedgerEntry | None = None) -> None:
    """Words stay in the versions: redacted there, they are gone.

    `was`: the status before, if it is another now. `told`: (action, before, after) of a verb that is about something in
    the page, such as one of its terms.
    """
    row = revision.subject
    before = {"status": was or row.status, "version": revision.version_before}
    after = {"status": row.status, "version": revision.version}
    earlier = revision.base
    pieces = pieces_of(type(row))
    names = changed_pieces(earlier, revision.content) if earlier is not None else []
    plain = [name for name in names if name in pieces and not _is_words(pieces[name])]
    for name in plain:
        before[name], after[name] = (
            _readable(pieces[name], content.get(name)) for content in (earlier, revision.content)
        )
    if texts := [name for name in names if name not in plain]:
        after["words"] = texts
    if revision.is_proposal:
        after["proposal"] = revision.pk
    action, also_before, also_after = ledger_entry or (revision.action, {}, {})
    before, after = before | also_before, after | also_after
    ledger.note(action, row, by=revision.by, before=before, after=after, comment=revision.comment)


def _is_words(piece):
    is_text = isinstance(piece, models.CharField | models.TextField | models.FileField)
    return isinstance(piece, InlineRelation) or (is_text and not getattr(piece, "choices", None))


def _readable(field, value):
    if not field.is_relation or value is None:
        return value
    rows = from_json(field, value)
    if field.many_to_many:
        return [f"{row} (n. {row.pk})" for row in rows]
    return f"{rows} (n. {rows.pk})" if rows else f"n. {value}"
