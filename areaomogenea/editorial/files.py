"""What is uploaded: pictures with their renditions, and documents attached to a publication."""

from pathlib import PurePath

from django.core.files.storage import default_storage
from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.text import slugify

from . import documents, media


class Picture(models.Model):
    """An image with what a reader who does not see it needs; kept as WebP without camera metadata."""

    file = models.ImageField(
        "immagine",
        upload_to="immagini/%Y/",
        validators=[media.check_picture],
        help_text="JPEG, PNG, WebP o AVIF, al massimo 10 MB e 40 milioni di punti.",
    )
    alternative_text = models.CharField(
        "testo alternativo", max_length=255, help_text="Che cosa mostra, per chi non la vede. Obbligatorio."
    )
    credit = models.CharField("autore o provenienza", max_length=160)
    focal_x = models.FloatField(
        "punto d’interesse, da sinistra",
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="Da 0 a 1: resta visibile quando l’immagine viene ritagliata.",
    )
    focal_y = models.FloatField(
        "punto d’interesse, dall’alto", default=0.5, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    width = models.PositiveIntegerField("larghezza", editable=False)
    height = models.PositiveIntegerField("altezza", editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "immagine"
        verbose_name_plural = "immagini"
        constraints = [
            models.CheckConstraint(
                condition=~Q(alternative_text=""),
                name="picture_has_alternative_text",
                violation_error_message="Scrivi il testo alternativo.",
            )
        ]

    def __str__(self):
        return self.alternative_text

    def save(self, *args, **kwargs):
        if self.file and not self.file._committed:
            picture = media.upright(self.file)
            # Not by ImageField's own width_field: that one opens the file again for each row it reads.
            self.width, self.height = picture.size
            stem = slugify(PurePath(self.file.name).stem)[:60] or "immagine"
            self.file.save(f"{stem}.webp", media.as_webp(picture), save=False)
            for width in media.WIDTHS:
                default_storage.save(media.rendition_name(self.file.name, width), media.as_webp(picture, width))
        super().save(*args, **kwargs)

    @cached_property
    def urls(self):
        """The address of each rendition, by its width in pixels."""
        original = default_storage.url(self.file.name)
        return {width: media.rendition_name(original, width) for width in media.WIDTHS}

    @property
    def small_url(self):
        return self.urls[media.WIDTHS[0]]

    @property
    def srcset(self):
        return ", ".join(f"{url} {width}w" for width, url in self.urls.items())

    @property
    def position(self):
        """Where the crop should look, as a CSS object-position class: nine places, so no inline style."""
        return f"focus-{min(2, int(self.focal_x * 3))}{min(2, int(self.focal_y * 3))}"


class Attachment(models.Model):
    publication = models.ForeignKey("editorial.Publication", models.CASCADE, related_name="attachments")
    file = models.FileField(
        "documento",
        upload_to="documenti/%Y/",
        validators=[FileExtensionValidator(documents.KINDS), documents.check_document],
        help_text="PDF, OpenDocument, Office, CSV, testo, ICS o ZIP, al massimo 20 MB.",
    )
    name = models.CharField("nome", max_length=120, help_text="Come lo leggerà chi lo scarica.")
    description = models.CharField("descrizione", max_length=255, help_text="Che cosa contiene. Obbligatoria.")
    kind = models.CharField("formato", max_length=8, editable=False)
    size = models.PositiveIntegerField("peso", editable=False, help_text="In byte.")
    pages = models.PositiveIntegerField("pagine", null=True, editable=False)
    language = models.CharField("lingua", max_length=35, blank=True, editable=False, help_text="Come la dice il PDF.")
    has_text = models.BooleanField(
        "ha un testo", null=True, editable=False, help_text="Falso per le pagine che sono solo immagini."
    )

    class Meta:
        verbose_name = "allegato"
        verbose_name_plural = "allegati"
        constraints = [
            models.CheckConstraint(
                condition=~Q(description=""),
                name="attachment_has_description",
                violation_error_message="Scrivi che cosa contiene l’allegato.",
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if self.file and not self.file._committed:
            about = documents.about(self.file)
            self.pages, self.language, self.has_text = about.pages, about.language, about.has_text
        self.kind = PurePath(self.file.name).suffix.lstrip(".").upper()
        self.size = self.file.size
        super().save(*args, **kwargs)
