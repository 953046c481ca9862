"""Files of a publication: documents that readers may take along, and which pictures stand in its body."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from django.db import models
from django.utils import timezone

from areaomogenea.library import document_checks
from areaomogenea.library.models import Picture
from areaomogenea.library.storage import all_or_none, folder_of_its_own
from areaomogenea.library.templatetags.documents import document_summary
from areaomogenea.prose.fields import LineField

UNSANE = re.compile(r"[^-\w.]")
LONGEST_STEM = 50  # letters, of four bytes at most


class Illustration(models.Model):
    """A picture within the body of a publication: kept in step with the text whenever that is saved."""

    publication = models.ForeignKey("publishing.Publication", models.CASCADE, related_name="illustrations")
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="illustrations")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "picture"], name="illustration_once")]

    def __str__(self):
        return f"{self.picture}: {self.publication}"


def place_of(attachment: Attachment, name: str) -> str:
    """A folder of its own, whose name nobody had before nor has again; downloads are called as the file was."""
    return f"documenti/{timezone.localdate().year}/{folder_of_its_own()}/{sane_name(name)}"


def sane_name(name: str) -> str:
    """As the file was called, as far as letters and figures tell it; its ending stays, whatever the rest was."""
    path = PurePath(name)
    stem = UNSANE.sub("", path.stem.replace(" ", "_"))[:LONGEST_STEM].strip("._-")
    return f"{stem or 'documento'}{path.suffix.lower()}"


class Attachment(models.Model):
    """A document that readers may take along. It may come in without its description, and then waits for it."""

    publication = models.ForeignKey("publishing.Publication", models.CASCADE, related_name="attachments")
    file = models.FileField(
        "documento",
        upload_to=place_of,
        validators=[document_checks.check_document],
        help_text="PDF, OpenDocument, Office, CSV, testo, ICS o ZIP, al massimo 20 MB.",
    )
    name = LineField("nome", max_length=120, help_text="Come lo leggerà chi lo scarica.")
    # Blank only where it came in so: the form of the desk asks for it, and so does whoever publishes.
    description = LineField("descrizione", max_length=255, blank=True, help_text="Che cosa contiene. Obbligatoria.")
    kind = LineField("formato", max_length=8, editable=False)
    size = models.PositiveIntegerField("peso", editable=False, help_text="In byte.")
    pages = models.PositiveIntegerField("pagine", null=True, editable=False)
    language = LineField("lingua", max_length=35, blank=True, editable=False, help_text="Come la dice il PDF.")
    has_text = models.BooleanField(
        "ha un testo", null=True, editable=False, help_text="Falso per le pagine che sono solo immagini."
    )

    also_versioned = ("kind", "size", "pages", "language", "has_text")  # what the file says of itself goes with it

    class Meta:
        ordering = ["pk"]
        verbose_name = "allegato"
        verbose_name_plural = "allegati"

    def __str__(self):
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        with all_or_none():
            self.store_file()
            super().save(*args, **kwargs)

    @property
    def line(self) -> str:
        facts = [PurePath(self.file.name or "").name, "" if self.size is None else document_summary(self)]
        return f"{self.name}: {self.description} ({', '.join(filter(None, facts))})"

    def store_file(self) -> None:
        """Puts a file that was just chosen where it stays, and keeps what it says of itself."""
        is_new = self.file and not self.file._committed
        if is_new:
            properties = document_checks.properties_of(self.file)
            self.pages, self.language, self.has_text = properties.pages, properties.language, properties.has_text
        if is_new or self.size is None:
            self.kind = PurePath(self.file.name or "").suffix.lstrip(".").upper()
            self.size = self.file.size
        if is_new:
            self.file.save(self.file.name or "", self.file.file, save=False)
