"""What is due and when people meet: the list by closing day, the calendar, and the files that phones follow."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from .calendar_filters import CalendarForm, DueFileForm, PastForm
from .models import Deadline
from .month_view import BusyMonths, MonthPage

MOST = 100  # on a page: more than any year has had, fewer than a page can carry
MOST_IN_A_FILE = 1000
SHOWN_AFTER = timedelta(days=365)  # how long a phone's calendar goes on showing what is over


def due(request: HttpRequest) -> HttpResponse:
    form = PastForm(request.GET)
    deadlines = form.narrow(Deadline.objects.published())
    terms = deadlines.of_kind(Deadline.Kind.DEADLINE)
    past, upcoming = terms.over().latest_first(), terms.upcoming().open_first()
    is_past = bool(form.cleaned_data.get("chiuse"))
    context = {
        "form": form,
        "is_past": is_past,
        "shown": "Chiuse" if is_past else "Aperte e in arrivo",
        "deadlines": (past if is_past else upcoming).with_all()[:MOST],
        "has_past": is_past or past.exists(),
        "has_upcoming": not is_past or upcoming.exists(),
        "has_calendar": deadlines.upcoming().exists(),
    }
    return render(request, "deadlines/due.html", context)


def calendar(request: HttpRequest) -> HttpResponse:
    form = CalendarForm(request.GET)
    deadlines = form.narrow(Deadline.objects.published())
    rows, busy = deadlines.with_all().soonest_first(), BusyMonths(deadlines, timezone.localdate())
    month = form.cleaned_data.get("mese")
    nearest = month or busy.nearest
    context = {
        "form": form,
        "shown": "Mese" if month else "Elenco",
        "month": str(nearest),
        "has_month": nearest,
        "has_list": not month or deadlines.upcoming().exists(),
        "has_due": deadlines.of_kind(Deadline.Kind.DEADLINE).upcoming().exists(),
    }
    if month:
        context["page"] = MonthPage(month, rows.falling(month.start, month.next.start)[: 3 * MOST], busy)
    else:
        context["deadlines"] = rows.upcoming()[:MOST]
    return render(request, "deadlines/calendar.html", context)


def due_file(request: HttpRequest) -> HttpResponse:
    return _file(request, "scadenze", Deadline.objects.of_kind(Deadline.Kind.DEADLINE))


def calendar_file(request: HttpRequest) -> HttpResponse:
    return _file(request, "calendario", Deadline.objects.all())


def one_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    deadline = get_object_or_404(_for_calendars(Deadline.objects.all()), uid=uid)
    return calendar_response(deadline.title if deadline.is_visible else "Annullato", [deadline], f"{uid}")


def _for_calendars(deadlines):
    return deadlines.once_published().with_all().with_last_change().soonest_first()


def _file(request, name, deadlines):
    form = DueFileForm(request.GET)
    this_minute = timezone.now().replace(second=0, microsecond=0)  # what is kept holds as long
    rows = form.narrow(_for_calendars(deadlines)).over_since(this_minute - SHOWN_AFTER)
    if form.refusals:
        text = "\n".join([f"Questo calendario non c’è. {' '.join(form.refusals)}", ""])
        return HttpResponseBadRequest(text, content_type="text/plain; charset=utf-8")
    title = " · ".join([f"{name.capitalize()} dell’Area Omogenea Cremasca", *form.filter_names])
    return calendar_response(title, rows[:MOST_IN_A_FILE], name)


def calendar_response(title: str, rows: Iterable[Deadline], name: str) -> HttpResponse:
    from .ical import calendar_of

    content = calendar_of(title, rows)
    disposition = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=disposition)
