"""Deadlines at the desk: in the form of every publication, with a page each to move one and to call one off."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.desk.admin import PartInline
from areaomogenea.desk.extra_pages import Pages
from areaomogenea.desk.once import made_once
from areaomogenea.publishing.workflow import may_approve

from .forms import CallOffForm, DeadlineForm, MoveForm
from .models import Deadline, DeadlineQuerySet

VERBS = {
    "deadline_move": (MoveForm, "Sposta", "sposta", "è spostata"),
    "deadline_call_off": (CallOffForm, "Annulla", "annulla", "è annullata"),
}


class DeadlinePages(Pages):
    """A page for each verb of a deadline, which asks for what it needs, then makes the change."""

    def urls(self) -> Iterator[URLPattern]:
        for name, (_, _, word, _) in VERBS.items():
            view = made_once(partial(self.verb_view, name))
            yield self.at(f"<int:pk>/scadenze/<int:row>/{word}/", view, name)

    def verb_view(self, name: str, request: UserRequest, pk: int, row: int) -> HttpResponse:
        publication = self.desk.row(request, pk)
        if not (self.desk.has_change_permission(request, publication) and may_approve(request.user)):
            raise Http404
        deadline = get_object_or_404(Deadline.objects.with_all(), pk=row, publication=publication.pk)
        if not deadline.is_kept:
            raise Http404  # what nobody has seen is changed where it is written
        make_form, verb, _, done = VERBS[name]
        form = make_form(request.POST or None, deadline)
        if form.is_valid() and form.make(request.user):
            messages.info(request, f"«{deadline}» {done}. I calendari di chi la segue lo sapranno da soli.")
            return redirect(self.desk.address_of(publication))
        context = {"form": form, "media": self.desk.media + form.media, "deadline": deadline, "verb": verb}
        return self.desk.page(request, "deadline", publication, f"{verb}: {deadline}", **context)


class DeadlineInline(PartInline):
    model = Deadline
    pages = [DeadlinePages]
    form = DeadlineForm
    view_on_site = False
    add_label = "Aggiungi una scadenza o un incontro"
    typed = [
        "kind",
        "title",
        "audience",
        ("opens_day", "opens_hour"),
        ("closes_day", "closes_hour"),
        "place",
        "url",
    ]
    shown = ["kind", "title", "for_whom", "when", "place", "url"]

    def get_queryset(self, request: UserRequest) -> DeadlineQuerySet:
        return super().get_queryset(request).with_moves()

    def get_fields(self, request: UserRequest, obj: Model | None = None) -> list[Any]:
        own = self.typed if self.has_change_permission(request, obj) else self.shown
        return [*own, *self._history_fields(request, obj)]

    def get_readonly_fields(self, request: UserRequest, obj: Model | None = None) -> list[Any]:
        typed = () if self.has_change_permission(request, obj) else self.shown
        return [*typed, *self._history_fields(request, obj)]

    def _history_fields(self, request, obj):
        """The fields that tell of a row; of what readers never saw there is nothing to tell: it is simply written."""
        if obj is None or not obj.was_seen():
            return []
        return ["standing", "ways"] if may_approve(request.user) else ["standing"]

    @admin.display(description="per chi")
    def for_whom(self, deadline: Deadline) -> str:
        return deadline.for_whom

    @admin.display(description="quando")
    def when(self, deadline: Deadline) -> str:
        return deadline.when

    @admin.display(description="a che punto è")
    def standing(self, deadline: Deadline) -> str:
        if not deadline.pk:
            return "Lo si saprà al salvataggio."
        steps = list(deadline.story)
        if deadline.is_called_off:
            steps.append((deadline.countdown, deadline.called_off_why))
        items = format_html_join("", "<li><strong>{}:</strong> {}</li>", steps)
        history = format_html('<ul class="desk-deadline-story">{}</ul>', items) if steps else ""
        return format_html("{}{}", "" if deadline.is_called_off else deadline.countdown, history)

    @admin.display(description="cambiarla")
    def ways(self, deadline: Deadline) -> str:
        if not deadline.pk or deadline.is_called_off or not deadline.is_kept:
            return "–"
        stem = f"admin:{self.parent_model._meta.label_lower.replace('.', '_')}"
        where = deadline.publication_id, deadline.pk
        links = [(reverse(f"{stem}_{name}", args=where), verb) for name, (_, verb, _, _) in VERBS.items()]
        buttons = format_html_join(
            mark_safe(" "),
            '<a class="button" href="{}">{}…<span class="visually-hidden"> {}</span></a>',
            ((address, verb, deadline.title) for address, verb in links),
        )
        note = "I lettori la conoscono: le date cambiano solo così, e dicendo perché. Prima salva il resto: si apre"
        note += " un’altra pagina."
        return format_html('<span class="desk-buttons">{}</span> <span class="help">{}</span>', buttons, note)
