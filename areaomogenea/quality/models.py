"""Where published pages lead: each address once, what it answered last, and on which pages it stands."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull
from django.utils import timezone

from areaomogenea.accounts.models import User
from areaomogenea.accounts.scope import writes_for_area
from areaomogenea.prose.fields import LineField
from areaomogenea.prose.html import addresses
from areaomogenea.publishing.models import Publication
from areaomogenea.topics.models import Topic

if TYPE_CHECKING:
    from .link_checker import Outcome

FAILURES_TO_TELL = 2  # a site may be down for an hour: one failure proves nothing
LONGEST_ADDRESS = 2000  # bytes: an index of PostgreSQL has room for no more than 2700
CLAIM = timedelta(minutes=15)  # what a run that was killed had claimed comes free again


class LinkQuerySet(models.QuerySet):
    def broken(self) -> Self:
        """Those that failed at several runs, one after the other."""
        return self.filter(failures__gte=FAILURES_TO_TELL)

    def due(self, since: date) -> Self:
        """Those that nobody has checked since then."""
        return self.filter(Q(checked_at=None) | Q(checked_at__lt=since))

    def unclaimed(self, at: datetime | None = None) -> Self:
        return self.filter(Q(claimed_at=None) | Q(claimed_at__lt=(at or timezone.now()) - CLAIM))

    def of_interest_to(self, user: User) -> Self:
        """Those on the publications that this person may edit; topics are for those who write for the whole Area."""
        leading = Link.publications.through.objects.filter(link=OuterRef("pk"))
        if writes_for_area(user):
            return self.filter(_is_any(leading) | _is_any(Link.topics.through.objects.filter(link=OuterRef("pk"))))
        return self.filter(_is_any(leading.filter(publication__in=Publication.objects.editable_by(user).values("pk"))))

    def longest_broken_first(self) -> Self:
        return self.order_by(F("failing_since").asc(nulls_last=True), "address")


def _is_any(rows):
    """Whether there is one, asked of each link in turn: two such in one condition would each read their table whole."""
    return Q(IsNull(Subquery(rows.values("pk")[:1]), False))


class Link(models.Model):
    address = models.CharField("indirizzo", max_length=LONGEST_ADDRESS, unique=True)
    status = models.PositiveSmallIntegerField("risposta", null=True, editable=False)
    message = LineField("che cosa succede", max_length=200, blank=True)
    checked_at = models.DateTimeField("ultimo controllo", null=True)
    failing_since = models.DateTimeField("non va dal", null=True)
    failures = models.PositiveSmallIntegerField("controlli falliti di fila", default=0)
    claimed_at = models.DateTimeField(null=True, editable=False)
    publications = models.ManyToManyField(Publication, related_name="links", verbose_name="pubblicazioni")
    topics = models.ManyToManyField(Topic, related_name="links", verbose_name="argomenti")

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["address"]
        verbose_name = "collegamento"
        verbose_name_plural = "collegamenti"
        indexes = [
            models.Index(
                fields=["failing_since", "address"], name="link_broken", condition=Q(failures__gte=FAILURES_TO_TELL)
            )
        ]

    def __str__(self):
        return self.address

    @property
    def is_broken(self) -> bool:
        return self.failures >= FAILURES_TO_TELL

    def claim(self, since: date) -> bool:
        """Take it for this run; False when another run has it, or has just checked it."""
        free = Link.objects.filter(pk=self.pk).due(since).unclaimed()
        return bool(free.update(claimed_at=timezone.now()))

    def record(self, outcome: Outcome) -> None:
        """Keep what a check found, and give it free."""
        now = timezone.now()
        values = {"status": outcome.status, "message": outcome.message[:200], "checked_at": now, "claimed_at": None}
        if outcome.is_failure:
            values |= {"failures": self.failures + 1, "failing_since": self.failing_since or now}
        else:
            values |= {"failures": 0, "failing_since": None}
        Link.objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db()


@transaction.atomic
def gather_links() -> None:
    """Make the table say what published pages and topics link to now, and where."""
    used = _in_use()
    known = set(Link.objects.values_list("address", flat=True))
    Link.objects.filter(address__in=known - used.keys()).delete()
    Link.objects.bulk_create([Link(address=address) for address in used.keys() - known], ignore_conflicts=True)
    links = Link.objects.in_bulk(field_name="address")
    for number, (through, owner) in enumerate(
        [(Link.publications.through, "publication_id"), (Link.topics.through, "topic_id")]
    ):
        expected = {(links[address].pk, pk) for address, owners in used.items() for pk in owners[number]}
        present = {(link, pk): row for row, link, pk in through.objects.values_list("pk", "link_id", owner)}
        through.objects.filter(pk__in=[present[pair] for pair in present.keys() - expected]).delete()
        missing = [through(**{"link_id": link, owner: pk}) for link, pk in expected - present.keys()]
        through.objects.bulk_create(missing, ignore_conflicts=True)


def _in_use():
    """(ids of publications, ids of topics) by each address that one of them leads to."""
    used = defaultdict(lambda: (set(), set()))
    kinds = [model for model in apps.get_models() if issubclass(model, Publication) and model is not Publication]
    for kind in kinds:
        for publication in kind.objects.published().order_by().iterator():
            for address in _outside(publication.addresses()):
                used[address][0].add(publication.pk)
    for topic in Topic.objects.all():
        for address in _outside([*addresses(topic.explanation), topic.eurovoc_uri]):
            used[address][1].add(topic.pk)
    return used


def _outside(linked):
    """Those of other sites, without the point of the page; ours are looked after while one writes."""
    plain = {address.partition("#")[0].strip() for address in linked}
    absolute = {address for address in plain if address.lower().startswith(("http://", "https://"))}
    return {address for address in absolute if len(address.encode()) <= LONGEST_ADDRESS}
