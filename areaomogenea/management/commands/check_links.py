"""Check where published pages lead; what fails at two runs is broken, and the desk lists it."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, OutputWrapper
from django.db.models import QuerySet
from django.utils import timezone

from areaomogenea.identity.models import Identity
from areaomogenea.monitoring.works import noted
from areaomogenea.quality.link_checker import PATIENCE, Checker
from areaomogenea.quality.models import Link, gather_links


class Command(BaseCommand):
    help = "Controlla i collegamenti delle pagine pubblicate. Due esecuzioni insieme non si pestano i piedi."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hours", type=float, default=20, help="Salta chi è stato controllato da meno ore (20).")
        parser.add_argument("--limit", type=int, help="Al massimo tanti collegamenti.")
        parser.add_argument("--pause", type=float, default=1, help="Secondi fra due domande allo stesso sito (1).")
        parser.add_argument("--timeout", type=float, default=10, help="Secondi di attesa di una risposta (10).")
        parser.add_argument("--patience", type=float, default=PATIENCE, help="Secondi in tutto per ciascuno (30).")
        parser.add_argument("--redirects", type=int, default=5, help="Rimandi seguiti al massimo (5).")
        parser.add_argument("--json", action="store_true", dest="as_json", help="Stampa JSON, per le macchine.")

    def handle(
        self,
        hours: int,
        limit: int,
        pause: float,
        timeout: float,
        patience: float,
        redirects: int,
        as_json: bool,
        **options: Any,
    ) -> None:
        since = timezone.now() - timedelta(hours=hours)
        identity = Identity.current()
        contact = f"{identity.name}; {identity.email or identity.owner_website or 'senza recapito'}"
        checker = Checker(contact, timeout, pause, redirects, patience)
        with noted("collegamenti"):
            gather_links()
            checked = [link for link in in_turn(Link.objects.due(since))[:limit] if self.ask(link, since, checker)]
        report = print_links_json if as_json else print_links_list
        report(checked, self.stdout)

    def ask(self, link: Link, since: date, checker: Checker) -> bool:
        if not link.claim(since):
            return False
        link.record(checker.check(link.address))
        return True


def in_turn(links: QuerySet[Link]) -> list[Link]:
    """One of each site, then a second of each: nobody is asked twice in a row while others wait."""
    places: dict[str, int] = defaultdict(int)
    turns = []
    for link in links.order_by("address"):
        site = link.address.split("/")[2].lower()
        turns.append((places[site], site, link))
        places[site] += 1
    return [link for _, _, link in sorted(turns, key=lambda turn: turn[:2])]


def print_links_json(checked: Sequence[Link], out: OutputWrapper) -> None:
    broken = Link.objects.broken().longest_broken_first().prefetch_related("publications", "topics")
    report = {"checked": len(checked), "broken": [as_row(link) for link in broken]}
    out.write(json.dumps(report, ensure_ascii=False, indent=2))


def as_row(link: Link) -> dict[str, Any]:
    return {
        "address": link.address,
        "status": link.status,
        "message": link.message,
        "checked_at": link.checked_at.isoformat(),
        "failing_since": link.failing_since.isoformat(),
        "failures": link.failures,
        "pages": [page.get_absolute_url() for page in pages_of(link)],
    }


def pages_of(link: Link) -> list[Any]:
    return [*link.publications.all(), *link.topics.all()]


def print_links_list(checked: Sequence[Link], out: OutputWrapper) -> None:
    broken = list(Link.objects.broken().longest_broken_first().prefetch_related("publications", "topics"))
    suspect = [link for link in checked if link.failures and not link.is_broken]
    for link in broken:
        out.write(f"{link.address}\n  Dal {timezone.localtime(link.failing_since):%d/%m/%Y}: {link.message}")
        for page in pages_of(link):
            out.write(f"  In: {page}")
    out.write(f"Controllati {len(checked)}; da riparare {len(broken)}; da riprovare {len(suspect)}.")
