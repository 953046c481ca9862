"""Communiqués: news, press releases and notices, and the archive that the old ones came from."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from areaomogenea.prose.fields import LineField, URLField
from areaomogenea.publishing.models import Publication, PublicationQuerySet
from areaomogenea.quality.content_checks import FARTHEST

FIRST_DAY = date(1900, 1, 1)  # of a document that somebody may still have to tell of


class Communique(Publication):
    subtitle = LineField("sottotitolo", max_length=255, blank=True)
    office = LineField("a cura di", max_length=120, blank=True)
    number = LineField("numero", max_length=30, blank=True, help_text="Di protocollo o di serie, se c’è.")
    dated = models.DateField(
        "data del documento",
        null=True,
        blank=True,
        help_text="Quella che il testo porta. I lettori la vedono, se non è il giorno in cui esce.",
    )
    source_name = LineField("tratto da", max_length=120, blank=True, help_text="Il giornale o il sito ripreso.")
    source_url = URLField("indirizzo della fonte", max_length=500, blank=True)
    source_licence = LineField(
        "licenza della fonte", max_length=120, blank=True, help_text="A quali condizioni il testo è ripreso."
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "comunicato"
        verbose_name_plural = "comunicati"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source_url="") | ~models.Q(source_name=""),
                name="communique_source_has_name",
                violation_error_message="Scrivi anche il nome della fonte.",
            )
        ]

    @property
    def document_day(self) -> date | None:
        """The day that its text bears, where it is not the one on which it came out."""
        came_out = self.publish_at and timezone.localdate(self.publish_at)
        return self.dated if self.dated != came_out else None

    def clean(self) -> None:
        super().clean()
        if self.dated and not FIRST_DAY <= self.dated <= timezone.localdate() + FARTHEST:
            raise ValidationError({"dated": "Controlla l’anno della data del documento."})

    def words_of_readers(self) -> tuple[object, ...]:
        return *super().words_of_readers(), self.subtitle, self.dated

    def addresses(self) -> list[str]:
        return [*super().addresses(), self.source_url]

    def searchable_text(self) -> str:
        return f"{self.subtitle}\n{super().searchable_text()}"


class ArchiveItem(models.Model):
    """Where an imported communiqué came from; title and date identify it for ever, however it is edited."""

    communique = models.OneToOneField(Communique, models.CASCADE, related_name="archive_item")
    fingerprint = models.CharField(max_length=64, unique=True)
    file_name = LineField("file", max_length=255)
    imported_at = models.DateTimeField("importato", auto_now_add=True)

    class Meta:
        verbose_name = "voce d’archivio"
        verbose_name_plural = "voci d’archivio"

    def __str__(self):
        return self.file_name


class Intake(models.Model):
    """What a draft was made of, so that the same document is known when it comes again, however the page was edited."""

    communique = models.ForeignKey(Communique, models.CASCADE, related_name="intakes")
    file_digest = models.CharField(max_length=64, blank=True, db_index=True)
    words_digest = models.CharField(max_length=64, db_index=True)
    brought_at = models.DateTimeField("portato", auto_now_add=True)

    class Meta:
        verbose_name = "documento portato"
        verbose_name_plural = "documenti portati"

    def __str__(self):
        return str(self.communique)
