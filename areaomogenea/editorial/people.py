"""Who writes: the people of the desk, and the Comuni that each may write for."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models

from areaomogenea.municipalities.models import Municipality


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True} | fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractUser):
    """Somebody of the editorial desk; the e-mail address is the login."""

    username = None
    email = models.EmailField("e-mail", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        verbose_name = "utente"
        verbose_name_plural = "utenti"

    def __str__(self):
        return self.get_full_name() or self.email


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
