"""Makes the index of the search anew."""

from typing import Any

from django.core.management.base import BaseCommand

from areaomogenea.publishing.indexing import reindex


class Command(BaseCommand):
    help = "Rifà l’indice della ricerca: dopo un trasloco, o se la ricerca non trova ciò che c’è."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Pagine nell’indice della ricerca: {reindex()}.")
