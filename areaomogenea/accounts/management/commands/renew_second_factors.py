"""Write the second factors again under the first key of SECOND_FACTOR_KEY, so that older keys can be thrown away."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ...encryption import renew, unreadable


class Command(BaseCommand):
    help = "Riscrive i secondi fattori con la prima chiave di SECOND_FACTOR_KEY. Si può ripetere."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        rows = Authenticator.objects.select_for_update()
        if lost := [row.user_id for row in unreadable(rows)]:
            raise CommandError(f"Nessuna chiave apre i secondi fattori di {len(lost)} persone: manca quella di prima.")
        self.stdout.write(f"Secondi fattori riscritti: {renew(rows)}.")
