"""Invites whoever comes in first, and then invites the others at the desk."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from areaomogenea.accounts.models import User
from areaomogenea.identity.address import absolute_url


class Command(BaseCommand):
    help = "Invita chi entra per primo: scrive l’indirizzo a cui sceglie la sua password. Non manda lettere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="L’indirizzo e-mail, con cui poi si entra.")

    @transaction.atomic
    def handle(self, email: str, **options: Any) -> None:
        person = User.objects.filter(email=email.lower()).first() or User(email=email.lower())
        if person.pk and person.has_accepted():
            raise CommandError(
                f"{person.email} ha già la sua password: entra da {absolute_url(reverse('admin:index'))}."
            )
        try:
            person.clean_fields(exclude=["password"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        person.is_staff = person.is_superuser = person.is_active = True
        person.save()
        self.stdout.write(absolute_url(reverse("invitation", args=[person.invite()])))
