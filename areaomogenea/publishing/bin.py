"""The bin: what readers never saw lies there for some days, comes back as a draft, or goes for good."""

from datetime import timedelta

from django.contrib import messages
from django.utils import timezone

from areaomogenea.accounts.models import User
from areaomogenea.accounts.requests import UserRequest

from .models import DAYS_IN_BIN, Publication
from .workflow import VERB

SHOWN = 200
AT_ONCE = 50


def binned_rows(user: User) -> list[Publication]:
    """What this person may take out, the latest first; each with `ends_on`, the last day for it."""
    rows = list(Publication.objects.binned().editable_by(user).latest_binned_first().for_desk()[:SHOWN])
    for row in rows:
        row.ends_on = timezone.localdate(row.binned_at) + timedelta(days=DAYS_IN_BIN)
    return rows


def take_out(request: UserRequest) -> None:
    """Makes a draft again of the row that was pressed; whoever was late is told."""
    pk, version = request.POST.get("pk", ""), request.POST.get("version", "")
    lookup = {"pk": int(pk), "version": int(version)} if (pk + version).isdecimal() and len(pk + version) < 18 else None
    row = lookup and Publication.objects.binned().editable_by(request.user).filter(**lookup).first()
    if row and VERB["recover"].is_open_to(request.user, row) and row.recover(by=request.user):
        messages.success(request, f"«{row}» è di nuovo una bozza.")
    else:
        messages.warning(
            request, "Questa pagina non è più nel cestino: qualcuno l’ha già ripresa, o i giorni sono passati."
        )


def empty() -> str:
    """Deletes for good what has lain there for long enough; in words how many, "" when there was nothing."""
    until = timezone.now() - timedelta(days=DAYS_IN_BIN)
    gone = 0
    for publication in Publication.objects.binned_before(until).order_by("pk")[:AT_ONCE]:
        gone += publication.purge(until)
    return f"Tolte dal cestino per sempre: {gone}" if gone else ""
