"""What this room does when no request waits for it, and how its index can be asked whether it is whole."""

from django.core.cache import cache

from areaomogenea.monitoring.probes import Reading, State, register_probe
from areaomogenea.monitoring.works import register_work
from areaomogenea.search.engines import number_without_index

from .bin import empty
from .clock import Clock
from .models import Publication
from .orphans import remove_orphans
from .redactions import carry_out_again

HOUR = 60 * 60
LOOKED_AT = 50  # of what came out lately


def register() -> None:
    register_work("oscuramenti", "Oscuramenti da rifare", carry_out_again)
    register_work("orologio", "L’ora del portale", Clock.objects.note)
    register_work("uscite", "Pagine uscite alla loro ora", note_what_came_out)
    register_work("cestino", "Cestino svuotato", empty)
    register_work("documenti", "Documenti di nessuno tolti", tidy_documents)
    register_probe("ricerca", "Ricerca", search_index)


def note_what_came_out() -> str:
    """Keeps that readers see what the clock brought out; in words how many, "" when there were none."""
    noted = sum(publication.note_coming_out() for publication in Publication.objects.newly_out().defer("body")[:200])
    return f"Uscite da sole: {noted}" if noted else ""


def tidy_documents() -> str:
    """Once an hour: removes documents that were chosen and never saved, and those that no version tells of."""
    if not cache.add("documents-tidied", True, HOUR):
        return ""
    removed = remove_orphans()
    return f"Documenti di nessuno, tolti: {len(removed)}" if removed else ""


def search_index() -> Reading:
    latest = list(Publication.objects.published().latest_first().values_list("pk", flat=True)[:LOOKED_AT])
    if missing := number_without_index(latest):
        words = f"Non trova {missing} delle {len(latest)} pagine uscite per ultime."
        return Reading(State.FAULT, words, "Rifai l’indice: sudo portale manage reindex")
    return Reading(State.WELL, "Trova le ultime pagine uscite.")
