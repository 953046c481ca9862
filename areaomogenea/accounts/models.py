"""Who writes: the people of the desk, how they come in, and the Comuni that each may write for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core import signing
from django.db import models, transaction
from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from areaomogenea.municipalities.models import Municipality
from areaomogenea.prose.fields import EmailField, LineField

from . import ledger
from .sessions import end_sessions

INVITATION = "areaomogenea.accounts.invitation"  # the salt of its signature
# What touches drafts alone. Whoever may do more changes what is live, or reads of people: a password is not enough for
# that, nor for a permission that nobody has thought of yet.
PARTS = ("question", "initiativegroup", "participation", "milestone", "amount")
DRAFTING = {
    *("news.add_communique", "news.change_communique", "initiatives.add_initiative", "initiatives.change_initiative"),
    *(f"initiatives.{action}_{part}" for part in PARTS for action in ("add", "change", "delete")),
    *("library.add_picture", "library.change_picture", "publishing.delete_doubt", "publishing.write_for_area"),
    *(f"deadlines.{action}_deadline" for action in ("add", "change", "delete")),
    *(f"publishing.{action}_attachment" for action in ("add", "change", "delete")),
    *("topics.change_topic", "topics.change_term"),  # as proposals, which somebody else accepts
}
OF_PEOPLE = {"accounts.view_user", "accounts.view_entry"}


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True} | fields)

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)

    def invited_with(self, key: str) -> User | None:
        """Whom the key of an invitation is for; None if it is spent, expired or made up."""
        lifetime = timedelta(days=settings.INVITATION_DAYS)
        try:
            pk, placeholder = signing.loads(key, salt=INVITATION, max_age=lifetime)
        except signing.BadSignature:
            return None
        return self.filter(pk=pk, password=placeholder, is_active=True).first()


class User(AbstractUser):
    """Somebody of the editorial desk; the e-mail address is the login."""

    username = None  # type: ignore[assignment]  # the e-mail address stands for it
    first_name = LineField(_("first name"), max_length=150, blank=True)
    last_name = LineField(_("last name"), max_length=150, blank=True)
    email = EmailField("e-mail", unique=True, error_messages={"unique": "Una persona con questo indirizzo c’è già."})
    is_active = models.BooleanField(
        "può entrare", default=True, help_text="Chi lascia la redazione si sospende: ciò che ha scritto resta."
    )
    invited_at = models.DateTimeField("ultimo invito", null=True, editable=False)
    anonymised_at = models.DateTimeField("anonimizzata", null=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # nobody is found by a username

    class Meta:
        verbose_name = "persona"
        verbose_name_plural = "persone"

    def __str__(self):
        if self.anonymised_at:
            return f"Persona non più in redazione n. {self.pk}"
        return self.get_full_name() or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def has_accepted(self) -> bool:
        return self.has_usable_password()

    def invitation_expires_at(self) -> datetime | None:
        return self.invited_at and self.invited_at + timedelta(days=settings.INVITATION_DAYS)

    def must_have_second_factor(self) -> bool:
        if not self.is_active or self.is_superuser:
            return self.is_active
        more = self.get_all_permissions() - DRAFTING
        return any(
            permission in OF_PEOPLE or not permission.partition(".")[2].startswith("view_") for permission in more
        )

    def has_second_factor(self) -> bool:
        """Recovery codes are no factor of their own: they stand in for one that got lost."""
        return self.authenticator_set.exclude(type="recovery_codes").exists()

    def invite(self) -> str:
        """The key of a new invitation. Each has its own unusable password, so the keys of earlier ones are spent."""
        self.set_unusable_password()
        self.invited_at = timezone.now()
        self.save(update_fields=["password", "invited_at"])
        ledger.note(ledger.Action.INVITED, self)
        return signing.dumps([self.pk, self.password], salt=INVITATION)

    def accept(self, password: str) -> bool:
        """Claims the invitation: False if somebody has already chosen a password with it."""
        waiting = type(self).objects.filter(pk=self.pk, password=self.password)
        self.password = make_password(password)
        if waiting.update(password=self.password) != 1:
            return False
        ledger.note(ledger.Action.INVITATION_ACCEPTED, self, by=self)
        return True

    @transaction.atomic
    def suspend(self) -> bool:
        """Close the door to them, now; what they wrote stays. False when it was closed already."""
        if not User.objects.filter(pk=self.pk, is_active=True).update(is_active=False):
            return False
        self.refresh_from_db(fields=["is_active"])
        after = {"is_active": False, "preview_links": self._end_stay()}
        ledger.note(ledger.Action.SUSPENDED, self, before={"is_active": True}, after=after)
        return True

    @transaction.atomic
    def readmit(self) -> bool:
        """Open the door again; sessions and preview links of before stay closed."""
        suspended = User.objects.filter(pk=self.pk, is_active=False, anonymised_at=None)
        if not suspended.update(is_active=True):
            return False
        self.refresh_from_db(fields=["is_active"])
        ledger.note(ledger.Action.READMITTED, self, before={"is_active": False}, after={"is_active": True})
        return True

    @transaction.atomic
    def anonymise(self) -> bool:
        """Take away what says who they are, for good; what they did stays, by a number. False when that was done.

        Their address is free: somebody invited with it is a new person.
        """
        before = {"is_active": self.is_active, "groups": [str(group) for group in self.groups.order_by("pk")]}
        powers = {"is_active": False, "is_staff": False, "is_superuser": False}
        nobody = {"first_name": "", "last_name": "", "email": f"persona-{self.pk}@anonima.invalid", "last_login": None}
        shut = {"password": make_password(None), "invited_at": None, "anonymised_at": timezone.now()}
        if not User.objects.filter(pk=self.pk, anonymised_at=None).update(**powers, **nobody, **shut):
            return False
        after = {"is_active": False, "groups": [], "preview_links": self._end_stay()}
        self.groups.clear()
        self.user_permissions.clear()
        for rows in (self.assignments, self.authenticator_set, self.emailaddress_set):
            rows.all().delete()
        # What Django's own log kept before there was a ledger.
        log_entries = LogEntry.objects.filter(content_type__model="user", object_id=str(self.pk))
        log_entries.update(object_repr=f"n. {self.pk}", change_message="")
        self.refresh_from_db()
        ledger.note(ledger.Action.ANONYMISED, self, before=before, after=after)
        return True

    def _end_stay(self):
        """Ends their sessions and their preview links; how many links."""
        end_sessions(self)
        return self.preview_links.filter(revoked_at=None).update(revoked_at=timezone.now())


@receiver(pre_delete, sender=User)
def refuse_deletion(instance: User, **kwargs: object) -> None:
    raise ProtectedError("Le persone non si cancellano: si sospendono, o si anonimizzano.", {instance})


class Assignment(models.Model):
    """Who may write for which Comune; those who may write for the whole Area need none."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments", verbose_name="utente")
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="assignments", verbose_name="Comune")

    class Meta:
        verbose_name = "Comune assegnato"
        verbose_name_plural = "Comuni assegnati"
        constraints = [models.UniqueConstraint(fields=["user", "municipality"], name="assignment_once")]

    def __str__(self):
        return f"{self.user}: {self.municipality}"
