"""What pages share keeps its versions too: topics and terms, whose own room knows nothing of it."""

from typing import Any

from django.db import models
from django.db.models import Q

from areaomogenea.topics.models import Term, Topic

from .revisions import BaseRevision
from .versions import Shared, Versioned


class SharedRevision(BaseRevision):
    """Of a row that pages share; its table names it as `row`."""

    class Meta(BaseRevision.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["row"],
                condition=Q(action="proposed", settled_at=None),
                name="%(class)s_one_pending_proposal",
            ),
            models.UniqueConstraint(
                fields=["row", "version"], condition=~Q(action="proposed"), name="%(class)s_one_of_a_number"
            ),
        ]

    @property
    def subject(self) -> Versioned:
        return keeper_of(self.row)


class TopicRevision(SharedRevision):
    row = models.ForeignKey(Topic, models.CASCADE, related_name="revisions")


class TermRevision(SharedRevision):
    row = models.ForeignKey(Term, models.CASCADE, related_name="revisions")


class KeptTopic(Shared, Topic):
    class Meta:
        proxy = True
        verbose_name = "argomento"
        verbose_name_plural = "argomenti"


class KeptTerm(Shared, Term):
    class Meta:
        proxy = True
        verbose_name = "voce del glossario"
        verbose_name_plural = "voci del glossario"


KEEPERS: dict[type[models.Model], type[KeptTopic | KeptTerm]] = {Topic: KeptTopic, Term: KeptTerm}


def keeper_of(row: Any) -> Versioned:
    """A row, as it is stored, as one that keeps versions; a row that keeps them already is its own."""
    model = KEEPERS.get(type(row))
    if not model:
        return row
    return model.objects.get(pk=row.pk) if row.pk else model()
