"""Links that show what is not published yet to somebody without an account: they expire, and can be revoked."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from areaomogenea.accounts import ledger
from areaomogenea.prose.fields import LineField

from .revisions import Revision

if TYPE_CHECKING:
    from areaomogenea.accounts.models import User

    from .models import Publication

DAYS = 7


def token_digest(token: str) -> str:
    # A token of 256 random bits is beyond guessing: a slow hash would protect nothing more.
    return sha256(token.encode()).hexdigest()


def token_from(key: str) -> str:
    """The same token for the same key, a secret one that counts once: who presses twice is told it twice."""
    return urlsafe_b64encode(salted_hmac("areaomogenea.preview", key, algorithm="sha256").digest()).decode().rstrip("=")


class PreviewLinkQuerySet(models.QuerySet):
    def valid(self, at: datetime | None = None) -> Self:
        """Neither over nor revoked, made by somebody who is still let in, and of what was not taken away since."""
        answered_for = Exists(get_user_model().objects.filter(pk=OuterRef("made_by"), is_active=True))
        withdrawals = Revision.objects.withdrawals().filter(publication=OuterRef("publication"))
        gone = Exists(withdrawals.filter(at__gt=OuterRef("created_at"))) & Q(publication__status="withdrawn")
        there = ~Q(publication__status="binned") & ~gone
        return self.unrevoked().filter(Q(made_by=None) | answered_for, there, expires_at__gt=at or timezone.now())

    def unrevoked(self) -> Self:
        return self.filter(revoked_at=None)

    def bearing(self, token: str) -> Self:
        return self.filter(digest=token_digest(token))

    @transaction.atomic
    def issue(
        self, publication: Publication, by: User | None, reader: str, days: int = DAYS, token: str = ""
    ) -> PreviewLink | None:
        """A new link with its `token`, which only this object knows: the table keeps its digest.

        None when the publication was binned or withdrawn since it was read: such a verb revokes the links that are
        there, and this one would come after it.
        """
        rows = self.model.publication.field.related_model.objects.select_for_update()
        if not rows.filter(pk=publication.pk, status=publication.status).exists():
            return None
        token = token or token_urlsafe(32)
        expires_at = timezone.now() + timedelta(days=days)
        fields = {"made_by": by, "reader": reader, "expires_at": expires_at}
        link: Any = self.create(publication=publication, digest=token_digest(token), **fields)
        link.token = token
        after = {"link": link.pk, "expires_at": expires_at.isoformat()}
        ledger.note(ledger.Action.PREVIEW_ISSUED, publication, by=by, after=after)
        return link


class PreviewLink(models.Model):
    publication = models.ForeignKey("publishing.Publication", models.CASCADE, related_name="preview_links")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="preview_links", verbose_name="creato da"
    )
    reader = LineField("per chi", max_length=120)
    created_at = models.DateTimeField("creato", default=timezone.now)
    expires_at = models.DateTimeField("scade")
    revoked_at = models.DateTimeField("revocato", null=True, blank=True)
    opened = models.PositiveIntegerField("volte che è stato aperto", default=0)
    last_opened_at = models.DateTimeField("aperto l’ultima volta", null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "link di anteprima"
        verbose_name_plural = "link di anteprima"

    def __str__(self):
        return f"Link di anteprima per {self.reader}"

    def is_valid(self, at: datetime | None = None) -> bool:
        is_answered_for = self.made_by is None or self.made_by.is_active
        return is_answered_for and self.revoked_at is None and self.expires_at > (at or timezone.now())

    def revoke(self) -> bool:
        """Nobody opens it any more; False when it was revoked already."""
        if not PreviewLink.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now()):
            return False
        before = {"link": self.pk, "expires_at": self.expires_at.isoformat()}
        ledger.note(ledger.Action.PREVIEW_REVOKED, self.publication, before=before)
        return True

    def count_opening(self) -> None:
        """Once in a minute: whoever presses again within it opens nothing new, and makes us write nothing."""
        now = timezone.now()
        before = Q(last_opened_at=None) | Q(last_opened_at__lt=now - timedelta(minutes=1))
        PreviewLink.objects.filter(before, pk=self.pk).update(opened=F("opened") + 1, last_opened_at=now)
