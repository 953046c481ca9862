"""What must not exist goes for good: a version, a note, a file; that it went and why stays, and is kept apart.

A line for each stands in a file of its own too, outside database and uploaded files: when an older copy of those comes
back, `carry_out_again` takes away what had gone before.
"""

import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from areaomogenea.accounts.ledger import reference
from areaomogenea.accounts.models import User
from areaomogenea.accounts.retention import redact_entries as redact_in_ledger
from areaomogenea.library.models import Picture
from areaomogenea.library.orphans import PICTURES, stored_files
from areaomogenea.library.storage import digest_of_bytes
from areaomogenea.prose.fields import LineField

from .attachments import Attachment
from .models import Publication
from .orphans import FOLDER, orphans
from .picture_use import uses_of
from .revisions import Revision, VersionFile
from .shared import KEEPERS
from .signals import publication_redacted
from .snapshots import relations_of, versioned_fields

log = logging.getLogger(__name__)
GONE = "Nota oscurata"
GONE_PAGE, REWRITING = "Pagina oscurata", "Il testo si sta correggendo."
ATTACHMENTS = "attachments"
ABOUT = timedelta(seconds=1)  # copies of a database may tell hours less finely than it does
MARKS = ("version", "revised_at", "file_digest")


REDACTABLE = {}


@dataclass(frozen=True)
class Words:
    """A field of a table beside a page, whose words may go: `to_page` leads from its rows to the page.

    Where words are all that a row is, it goes with them.
    """

    model: type
    field: str
    to_page: str
    are_the_row: bool = False

    @property
    def label(self) -> str:
        return self.model._meta.verbose_name

    def rows(self, key: int | str) -> models.QuerySet:
        return self.model._default_manager.filter(**{self.to_page: key}).exclude(**{self.field: ""})

    def of(self, key: int | str) -> dict[str, str]:
        """{target: words} of a publication."""
        rows = self.rows(key).exclude(**{self.field: GONE}).values_list("pk", self.field)
        return {f"{self.model._meta.label_lower}:{pk}": text for pk, text in rows}


def register_words(model: type[models.Model], field: str, to_page: str, are_the_row: bool = False) -> None:
    """Lets these words be redacted from the page that they are of."""
    REDACTABLE[model._meta.label_lower] = Words(model, field, to_page, are_the_row)


def redactable_words(key: int | str) -> dict[str, str]:
    """{target: words} of all that was registered."""
    return {target: text for kind in REDACTABLE.values() for target, text in kind.of(key).items()}


def label_of(target: str) -> str:
    """What the words of a target are called."""
    return str(REDACTABLE[target.partition(":")[0]].label)


class Redaction(models.Model):
    """That something is gone: which row it was of, and what by its key; of a file only digests, of name and bytes."""

    class What(models.TextChoices):
        VERSION = "version", "versione"
        COMMENT = "comment", "nota"
        FILE = "file", "file"
        WORDS = "words", "spiegazione"

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    what = models.CharField("che cosa", max_length=10, choices=What)
    model = models.CharField("tipo di riga", max_length=100)
    key = models.CharField("riga", max_length=64)
    target = models.CharField("quale", max_length=64)
    version = models.PositiveIntegerField("sua versione", null=True)
    revised_at = models.DateTimeField("sua ora", null=True)
    file_digest = models.CharField("impronta", max_length=64, blank=True)
    reason = LineField("motivo", max_length=255)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="chi")
    at = models.DateTimeField("quando", default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "oscuramento"
        verbose_name_plural = "oscuramenti"
        default_permissions = []
        permissions = [("redact", "Può oscurare ciò che non deve esistere")]

    def __str__(self):
        return f"{self.get_what_display()}: {self.reason}"

    @property
    def row(self) -> models.Model | None:
        """What it is of, as it is stored; None if that is gone."""
        return apps.get_model(self.model)._default_manager.filter(pk=self.key).first()

    def as_line(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in ("what", "model", "key", "target", "reason", *MARKS)}
        hours = {"at": self.at.isoformat(), "revised_at": self.revised_at and self.revised_at.isoformat()}
        return fields | hours | {"uid": str(self.uid), "by": self.by_id}

    @transaction.atomic
    def carry_out(self) -> None:
        """Takes it away, as often as it has come back; nothing where something else has its key or its name."""
        ways = {"version": self._version, "comment": self._comment, "file": self._file, "words": self._words}
        ways[self.what]()

    def _version(self):
        revisions = self._revisions()
        if self._is_what_the_page_says(revisions):
            self._empty_page()
        if not revisions:
            return
        names = list(VersionFile.objects.filter(revision=self.target).values_list("file", flat=True))
        revisions.pending().update(settled_at=timezone.now())
        revisions.update(content={}, comment="", redacted_at=self.at)
        if self._is_of_publication:
            VersionFile.objects.filter(revision=self.target).delete()
            forget_bytes([*orphans(names)])
        self._tell([self.row])

    def _is_what_the_page_says(self, revisions):
        """In an older copy that came back the page may be at this very version, or at one that nobody had kept yet."""
        row: Any = self.row
        if row is None or KEEPERS.get(type(row)) or row.version != self.version:
            return False
        return revisions.versions().exists() or not row.revisions.versions().filter(version=self.version).exists()

    def _empty_page(self):
        """Takes it from readers and of all its words leaves none: who edits it writes it anew."""
        page: Any = self.row.as_its_kind()
        before, names = page.slug, list(page.attachments.values_list("file", flat=True))
        for field in versioned_fields(type(page)):
            if isinstance(field, (models.CharField, models.TextField)) and not field.choices and field.name != "kind":
                setattr(page, field.name, "" if field.blank else GONE_PAGE)
        page.slug = f"oscurata-{page.pk}"
        page.save()
        page.set_relations({relation.name: [] for relation in relations_of(type(page))})
        page.forget_address(before)
        page.doubts.all().delete()
        if not page.withdraw(None, REWRITING):
            page.record(None, Revision.Action.SAVED, GONE_PAGE)
        forget_bytes([*orphans(names)])

    def _comment(self):
        revisions = self._revisions()
        if revisions:
            revisions.exclude(comment="").update(comment=GONE)
            self._tell([self.row])

    def _words(self):
        """From their row, and from what versions tell of it, where it is a part of the page."""
        text = redactable_words(self.key).get(self.target)
        if text is None or text_digest(text) != self.file_digest:
            return
        label, _, key = self.target.partition(":")
        kind = REDACTABLE[label]
        rows = kind.rows(self.key).filter(pk=key)
        rows.delete() if kind.are_the_row else rows.update(**{kind.field: GONE})
        names = [relation.name for relation in relations_of(Publication) if relation.model is kind.model]
        for revision in revisions_of(self.model, self.key).exclude(content={}) if names else ():
            rows = [row for name in names for row in revision.content.get(name) or ()]
            telling = [row for row in rows if str(row["pk"]) == key and row.get(kind.field) == text]
            for row in telling:
                row[kind.field] = GONE
            if telling:
                revision.save(update_fields=["content"])
        self._tell([self.row])

    def _file(self):
        if self.model == Picture._meta.label_lower:
            self._picture()
        elif names := {name for name in known_documents() if self._is_file(name)}:
            self._document(names)

    def _document(self, names):
        """From every page that has it, as a version of its own, and from whatever was told of it before."""
        attaching = Publication.objects.filter(attachments__file__in=names).distinct().order_by("pk")
        touched = {publication.pk: publication for publication in attaching}
        self._tell([self.row, *touched.values()])
        for publication in touched.values():
            page = publication.as_its_kind()
            rows = [row for row in page.content()[ATTACHMENTS] if row["file"] not in names]
            page.change_relations(self.by, "Un documento è stato oscurato", attachments=rows)
        telling = Revision.objects.filter(pk__in=VersionFile.objects.filter(file__in=names).values("revision"))
        for revision in telling.select_related("publication"):
            attachments = revision.content.get(ATTACHMENTS, [])
            content = revision.content | {ATTACHMENTS: [row for row in attachments if row["file"] not in names]}
            Revision.objects.filter(pk=revision.pk).update(content=content)
        VersionFile.objects.filter(file__in=names).delete()
        forget_bytes(names)

    def _picture(self):
        row: Any = self.row
        if row and self._is_file(row.file.name) and not uses_of(row).exists():
            self._tell([row])
            row.delete()
        for name in filter(self._is_file, stored_files(PICTURES)):  # where its file alone came back
            if not Picture.objects.filter(file=name).exists():
                forget_bytes(Picture(file=name).stored_names())

    @property
    def _is_of_publication(self):
        return self.model == Publication._meta.label_lower

    def _revisions(self):
        """The version that it is of: in an older copy that came back its key may be given to another."""
        bounds: dict[str, Any] = {"at__lte": self.at}
        if self.revised_at:
            bounds = {"version": self.version, "at__range": (self.revised_at - ABOUT, self.revised_at + ABOUT)}
        return revisions_of(self.model, self.key).filter(pk=self.target, **bounds)

    def _is_file(self, name):
        """Whether it is of this stored file: the name is the same, and so are the bytes, if they are there."""
        return text_digest(name) == self.target and not (
            self.file_digest and default_storage.exists(name) and digest_of_bytes(name) != self.file_digest
        )

    def _tell(self, rows):
        """The ledger, and what was made of these rows."""
        for row in {reference(row): row for row in rows if row is not None}.values():
            redact_in_ledger(row, self.reason)
            if isinstance(row, Publication):
                tell = partial(publication_redacted.send, Publication, publication=row)
                transaction.on_commit(tell, robust=True)


def marks_of(what: str, model: str, key: int | str, target: str) -> dict[str, Any]:
    """What tells this version, or this file, from another that gets its key or its name later."""
    if what == Redaction.What.FILE:
        is_picture = model == Picture._meta.label_lower
        names: Iterable[str] = (
            Picture.objects.filter(pk=key).values_list("file", flat=True) if is_picture else known_documents()
        )
        name = next((name for name in names if text_digest(name) == target), None)
        return {"file_digest": digest_of_bytes(name) if name else ""}
    if what == Redaction.What.WORDS:
        return {"file_digest": text_digest(redactable_words(key).get(target, ""))}
    version, at = revisions_of(model, key).values_list("version", "at").get(pk=target)
    return {"version": version, "revised_at": at}


def revisions_of(model: str, key: int | str) -> Any:
    """The revisions of a row, told by the label of its model and its key."""
    model_class = apps.get_model(model)
    relation = KEEPERS.get(model_class, model_class)._meta.get_field("revisions")
    return relation.related_model.objects.filter(**{relation.field.name: key})


def known_documents() -> Iterator[str]:
    """The stored names that any row, version or folder knows."""
    yield from Attachment.objects.values_list("file", flat=True)
    yield from VersionFile.objects.values_list("file", flat=True)
    yield from stored_files(FOLDER)


def text_digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def forget_bytes(names: Iterable[str]) -> None:
    for name in names:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)


@transaction.atomic
def redact(row: models.Model, chosen: Iterable[tuple[str, str]], by: User | None, reason: str) -> list[Redaction]:
    """Makes and carries out a Redaction for each (what, target) of this row.

    Raises OSError if it cannot be kept apart: then nothing is done.
    """
    model, key = reference(row)
    fields = {"model": model, "key": key, "reason": reason, "by": by}
    rows = [
        Redaction(what=what, target=target, **fields, **marks_of(what, model, key, target)) for what, target in chosen
    ]
    for redaction in Redaction.objects.bulk_create(rows):
        redaction.carry_out()
    keep_apart(rows)
    return rows


def keep_apart(rows: Iterable[Redaction]) -> None:
    """Appends a line for each to the file, and is sure that the disk has them."""
    with settings.REDACTIONS_FILE.open("a", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row.as_line(), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def lines_kept_apart() -> Iterator[dict[str, Any]]:
    """What the file tells, a dict a line; a line that was cut short, or is not ours, is left out."""
    if not settings.REDACTIONS_FILE.exists():
        return
    for line in settings.REDACTIONS_FILE.read_text(encoding="utf-8").splitlines():
        try:
            fields = json.loads(line)
            revised_at = parse_datetime(fields.get("revised_at") or "")
            yield fields | {"uid": UUID(fields["uid"]), "at": parse_datetime(fields["at"]), "revised_at": revised_at}
        except (ValueError, KeyError, TypeError):
            continue


def carry_out_again(all_of_them: bool = False) -> str:
    """Carries out what the file tells and the database has not; all of it, if uploaded files may have come back.

    In words how many, "" when there was nothing.
    """
    lines = {line["uid"]: line for line in lines_kept_apart()}
    known = {row.uid: row for row in Redaction.objects.filter(uid__in=lines)}
    people = set(Redaction._meta.get_field("by").related_model.objects.values_list("pk", flat=True)) if lines else set()
    done = 0
    for uid, line in lines.items():
        if uid in known and not all_of_them:
            continue
        line["by_id"] = line["by"] if line["by"] in people else None
        row = known.get(uid) or Redaction(**{name: value for name, value in line.items() if name != "by"})
        try:
            with transaction.atomic():
                if row._state.adding:
                    row.save()
                row.carry_out()
        except Exception:  # whatever it is, the others are not to wait for it
            log.exception("A redaction could not be carried out again: %s", uid)
        else:
            done += 1
    return f"Oscuramenti fatti di nuovo: {done}" if done else ""
