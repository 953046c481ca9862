"""Pictures: what is uploaded once and shown on many pages, with its renditions."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import PurePath
from typing import Any, Self

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify

from areaomogenea.prose.fields import LineField

from . import images
from .storage import NoRoomError, all_or_none

PATIENCE = timedelta(minutes=10)  # who claimed a piece of work and has not done it by then was stopped


class PictureQuerySet(models.QuerySet):
    def named(self, names: Iterable[str]) -> Self:
        """Those whose stored files these are, in any of their sizes."""
        return self.filter(file__in={images.original_name(name) for name in names})

    def used(self) -> Self:
        return self.filter(_leads() | _illustrates())

    def unused(self) -> Self:
        return self.filter(~_leads() & ~_illustrates())

    def undescribed(self) -> Self:
        """Those that came in without words: what shows them is not published before somebody writes them."""
        return self.filter(alternative_text="")

    def landscape(self) -> Self:
        return self.filter(width__gt=F("height"))

    def portrait(self) -> Self:
        return self.filter(height__gt=F("width"))

    def with_uses(self) -> Self:
        """Adds `uses`: how many publications show it, at their head or in their body."""
        own = Picture.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
        leading = own.annotate(uses=Count("publications")).values("uses")
        only_within = _illustrations().filter(picture=OuterRef("pk"))
        only_within = only_within.exclude(publication__picture=F("picture")).values("picture")
        return self.annotate(uses=_number(leading) + _number(only_within.annotate(uses=Count("pk")).values("uses")))

    def without_avif(self) -> Self:
        """Those whose AVIF renditions are still to be made, and that nobody is making."""
        free = Q(avif_claimed_at=None) | Q(avif_claimed_at__lt=timezone.now() - PATIENCE)
        return self.filter(free, avif=Picture.Avif.MISSING)


def _leads():
    return Exists(Picture.objects.filter(pk=OuterRef("pk"), publications__isnull=False))


def _illustrates():
    return Exists(_illustrations().filter(picture=OuterRef("pk")))


def _illustrations():
    """The rows of a higher room that show pictures in a body: known here by their relation alone."""
    rows: Any = Picture.illustrations.rel.related_model
    return rows.objects


def _number(rows):
    return Coalesce(models.Subquery(rows), 0)


class Picture(models.Model):
    """An image with what a reader who does not see it needs; kept as WebP without camera metadata.

    It may come in without words, from a document or by the editor's clipboard; then it waits for them, and what shows
    it is not published.
    """

    class Avif(models.TextChoices):
        """The lighter renditions are made after the upload, by whoever claims the work."""

        MISSING = "missing", "da fare"
        READY = "ready", "pronte"
        IMPOSSIBLE = "impossible", "non riuscite"

    # Not an ImageField: its form would refuse a file in its own words before the check can say why.
    file = models.FileField(
        "immagine",
        upload_to="immagini/%Y/",
        validators=[images.check_picture],
        help_text="JPEG, PNG, WebP o AVIF, al massimo 10 MB e 40 milioni di punti.",
    )
    alternative_text = LineField(
        "testo alternativo", max_length=255, help_text="Che cosa mostra, per chi non la vede. Obbligatorio."
    )
    credit = LineField("autore o provenienza", max_length=160)
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
    avif = models.CharField("versioni AVIF", max_length=10, choices=Avif, default=Avif.MISSING, editable=False)
    avif_claimed_at = models.DateTimeField(null=True, editable=False)

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "immagine"
        verbose_name_plural = "immagini"
        indexes = [
            models.Index(fields=["file"], name="picture_file"),
            models.Index(fields=["-id"], name="picture_undescribed", condition=Q(alternative_text="")),
        ]

    def __str__(self):
        return self.alternative_text or f"Da descrivere: {PurePath(self.stored_name).name}"

    @property
    def stored_name(self) -> str:
        return self.file.name or ""

    @property
    def line(self) -> str:
        credit = f" ({self.credit})" if self.credit else ""
        return f"{self}{credit}, file {self.stored_name.removeprefix('immagini/')}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        with all_or_none():
            self.keep_file()
            super().save(*args, **kwargs)

    def keep_file(self) -> None:
        """Makes and stores all sizes of a new file; `save` does it too, but maybe with the database waiting."""
        if not self.file or self.file._committed:  # type: ignore[attr-defined]  # see docs/ARCHITECTURE.md
            return
        upload, picture = self.file.file, images.prepared(self.file)
        # Not by ImageField's own width_field: that one opens the file again for each row it reads.
        self.width, self.height = picture.width, picture.height
        stem = slugify(PurePath(self.stored_name).stem)[:60] or "immagine"
        try:
            self.file.save(f"{stem}.webp", ContentFile(picture.content), save=False)
            for width, content in picture.renditions.items():
                default_storage.save(images.rendition_name(self.stored_name, width), ContentFile(content))
        except NoRoomError:
            upload.had_no_room = True  # what was refused is a copy of it
            raise
        self.avif, self.avif_claimed_at = self.Avif.MISSING, None

    @cached_property
    def urls(self) -> dict[int, str]:
        """The address of each rendition, by its width in pixels."""
        return self._urls(".webp")

    @property
    def small_name(self) -> str:
        return images.rendition_name(self.stored_name, images.WIDTHS[0])

    @property
    def small_url(self) -> str:
        return self.urls[min(self.urls)]

    @property
    def small_size(self) -> int:
        """In bytes; 0 when the file is not there."""
        return default_storage.size(self.small_name) if default_storage.exists(self.small_name) else 0

    @property
    def srcset(self) -> str:
        return as_srcset(self.urls)

    @property
    def avif_srcset(self) -> str:
        """Empty until they are ready."""
        return as_srcset(self._urls(".avif")) if self.avif == self.Avif.READY else ""

    def _urls(self, suffix):
        return renditions(default_storage.url(self.stored_name), self.width, suffix)

    @property
    def description_digest(self) -> str:
        """A mark of what is told of it and how it is cropped: another one when somebody changes that."""
        values = (self.alternative_text, self.credit, self.focal_x, self.focal_y)
        return sha256(repr(values).encode()).hexdigest()[:16]

    @property
    def position(self) -> str:
        """Where the crop should look, as CSS classes: steps of a tenth, so no inline style."""
        return f"focus-x{round(self.focal_x * 10)} focus-y{round(self.focal_y * 10)}"

    def describe(self, text: str) -> bool:
        """Gives it the first words that somebody writes of it; False if it has some by now."""
        field: Any = self._meta.get_field("alternative_text")
        text = text[: field.max_length]
        return bool(type(self).objects.undescribed().filter(pk=self.pk).update(alternative_text=text))

    def stored_names(self) -> list[str]:
        """All that is on disk for it, made or still to be made."""
        name = self.stored_name
        return [
            name,
            *(
                images.rendition_name(name, width, suffix)
                for suffix in images.SUFFIXES
                for width in images.made_widths(suffix)
            ),
        ]

    def claim_avif(self) -> bool:
        """False when somebody else is at it."""
        return bool(type(self).objects.without_avif().filter(pk=self.pk).update(avif_claimed_at=timezone.now()))

    def make_avif(self) -> bool:
        """The AVIF renditions; False when its file cannot be read any more, or it was deleted meanwhile.

        Without room for them the claim stands: they are tried again when whoever has it must have been stopped.
        """
        try:
            picture = images.stored_image(self.file)
        except OSError:
            self._settle_avif(self.Avif.IMPOSSIBLE)
            return False
        try:
            with all_or_none():
                for width in images.AVIF_WIDTHS:
                    name = images.rendition_name(self.stored_name, width, ".avif")
                    default_storage.delete(name)  # whoever was stopped half-way may have left one
                    default_storage.save(name, images.avif_file(picture, width))
        except NoRoomError:
            return False
        if self._settle_avif(self.Avif.READY):
            return True
        forget_files(self)
        return False

    def _settle_avif(self, state):
        return type(self).objects.filter(pk=self.pk, file=self.stored_name).update(avif=state)


def renditions(address: str, width: int, suffix: str) -> dict[int, str]:
    """Addresses by width in pixels, for a picture at this address and this wide."""
    return {
        min(target, width): images.rendition_name(address, target, suffix) for target in images.widths_of(width, suffix)
    }


def as_srcset(urls: Mapping[int, str]) -> str:
    return ", ".join(f"{url} {width}w" for width, url in urls.items())


@receiver(post_delete, sender=Picture)
def forget_files(instance: Picture, **kwargs: object) -> None:
    for name in instance.stored_names():
        transaction.on_commit(partial(default_storage.delete, name), robust=True)
