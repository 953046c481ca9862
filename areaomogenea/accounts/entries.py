"""The ledger: who did what to which row, from where, before and after; written once, never changed."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from areaomogenea.prose.fields import LineField

from .attempts import AttemptCount
from .devices import KnownDevice
from .sessions import UserSession

__all__ = ["Action", "AttemptCount", "Entry", "KnownDevice", "Particulars", "UserSession"]


class Action(models.TextChoices):
    """What the ledger tells of. The words of a publication are those of its history."""

    ADDED = "added", "Creazione"
    CHANGED = "changed", "Modifica"
    DELETED = "deleted", "Cancellazione"
    IMPORTED = "imported", "Importazione"
    EXPORTED = "exported", "Esportazione"
    DENIED = "denied", "Pagina rifiutata"
    REDACTED = "redacted", "Oscuramento"

    FIRST = "first", "Prima versione"
    SAVED = "saved", "Salvataggio"
    SUBMITTED = "submitted", "Invio in revisione"
    SENT_BACK = "sent_back", "Rinvio all’autore"
    TAKEN_BACK = "taken_back", "Ripresa in bozza"
    APPROVED = "approved", "Approvazione"
    WITHDRAWN = "withdrawn", "Ritiro"
    CORRECTED = "corrected", "Correzione"
    RESTORED = "restored", "Ripresa di una versione"
    BINNED = "binned", "Messa nel cestino"
    RECOVERED = "recovered", "Ripresa dal cestino"
    PROPOSED = "proposed", "Proposta di modifica"
    ACCEPTED = "accepted", "Modifica accettata"
    REFUSED = "refused", "Modifica rimandata"
    PREVIEW_ISSUED = "preview_issued", "Link di anteprima creato"
    PREVIEW_REVOKED = "preview_revoked", "Link di anteprima revocato"
    DEADLINE_MOVED = "deadline_moved", "Scadenza spostata"
    DEADLINE_CALLED_OFF = "deadline_called_off", "Scadenza annullata"

    LOGGED_IN = "logged_in", "Accesso"
    LOGIN_FAILED = "login_failed", "Accesso non riuscito"
    LOGIN_STOPPED = "login_stopped", "Troppi tentativi"
    LOGGED_OUT = "logged_out", "Uscita"
    FACTOR_ADDED = "factor_added", "Secondo fattore aggiunto"
    FACTOR_REMOVED = "factor_removed", "Secondo fattore tolto"
    FACTOR_RESET = "factor_reset", "Secondo fattore azzerato"
    FACTOR_FAILED = "factor_failed", "Secondo fattore sbagliato"
    PASSWORD_CHANGED = "password_changed", "Password cambiata"
    PASSWORD_RESET = "password_reset", "Password dimenticata e rifatta"
    INVITED = "invited", "Invito mandato"
    INVITATION_ACCEPTED = "invitation_accepted", "Invito accettato"
    SESSIONS_ENDED = "sessions_ended", "Sessioni chiuse"
    SUSPENDED = "suspended", "Sospensione"
    READMITTED = "readmitted", "Riammissione"
    ANONYMISED = "anonymised", "Anonimizzazione"


def last_day() -> datetime:
    return timezone.now() + timedelta(days=settings.LEDGER_DAYS)


class EntryQuerySet(models.QuerySet):
    def latest_first(self) -> Self:
        return self.order_by("-at", "-pk")

    def by(self, person: object) -> Self:
        return self.filter(by=person)

    def by_nobody(self) -> Self:
        """What the portal did by itself: a command, or whoever was not in."""
        return self.filter(by=None)

    def of(self, *actions: str) -> Self:
        return self.filter(action__in=actions)

    def about(self, model: str, key: str | None = None) -> Self:
        """Those of a kind of rows, or of one row."""
        return self.filter(model=model) if key is None else self.filter(model=model, key=key)

    def since(self, at: datetime) -> Self:
        return self.filter(at__gte=at)

    def until(self, at: datetime) -> Self:
        return self.filter(at__lt=at)

    def older_than(self, at: datetime, pk: int) -> Self:
        """Those that come after this one in a list of the latest first."""
        return self.filter(at__lte=at).exclude(at=at, pk__gte=pk)

    def newer_than(self, at: datetime, pk: int) -> Self:
        return self.filter(at__gte=at).exclude(at=at, pk__lte=pk)

    def oldest_first(self) -> Self:
        return self.order_by("at", "pk")

    def expired(self, at: datetime | None = None) -> Self:
        return self.filter(kept_until__lte=at or timezone.now())

    def with_particulars(self) -> Self:
        return self.select_related("particulars")


class Entry(models.Model):
    """A line of the ledger. The database refuses to change it, and to delete it before `kept_until`.

    A person and a row stand here by their key, without a constraint: whatever becomes of them, the line stays.
    Nothing here names anybody; what could is in `Particulars`.
    """

    at = models.DateTimeField("quando", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name="chi",
    )
    action = models.CharField("che cosa", max_length=30)  # no choices: a new word needs no migration
    model = models.CharField("tipo di riga", max_length=100, blank=True)
    key = models.CharField("riga", max_length=64, blank=True)
    address = models.GenericIPAddressField("da dove", null=True)
    kept_until = models.DateTimeField("tenuta fino al", default=last_day)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "voce del registro"
        verbose_name_plural = "registro"
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="entry_latest"),
            models.Index(fields=["by", "-at", "-id"], name="entry_of_person"),
            models.Index(fields=["action", "-at", "-id"], name="entry_of_action"),
            models.Index(fields=["model", "-at", "-id"], name="entry_of_model"),
            models.Index(fields=["model", "key", "-at", "-id"], name="entry_of_row"),
            models.Index(fields=["kept_until"], name="entry_kept_until"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kept_until__gt=F("at")), name="entry_is_kept_for_a_while"),
        ]

    def __str__(self):
        return f"{self.get_action_display()} {self.model} {self.key}".strip()

    def get_action_display(self) -> str:
        return Action(self.action).label if self.action in Action.values else self.action


class Particulars(models.Model):
    """What a line of the ledger tells in words. They alone go when what they tell must not exist (`redact`)."""

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, related_name="particulars")
    label = LineField("nome di allora", max_length=120, blank=True)
    comment = LineField("nota", max_length=255, blank=True)
    before = models.JSONField("prima", null=True)
    after = models.JSONField("dopo", null=True)

    class Meta:
        verbose_name = "parole di una voce"
        verbose_name_plural = "parole delle voci"
        default_permissions = []

    def __str__(self):
        return self.label
