"""The verbs at the desk, on one publication or on many: who decides is shown what will happen, and acts on that."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import URLPattern
from django.utils.formats import date_format
from django.utils.timezone import localtime

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.prose.forms import LineField
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.revisions import Revision
from areaomogenea.publishing.workflow import VERB, Verb

from .effects import Decision, decision_on, is_late, whole_number
from .extra_pages import Pages

COMMENT_MAX = Revision._meta.get_field("comment").max_length
MOST_AT_ONCE = 100

NOW, THEN = "now", "then"


class DecisionForm(forms.Form):
    """The note that goes with a decision, that it was confirmed, and the date of what is late for its hour."""

    decided = forms.BooleanField(widget=forms.HiddenInput, initial=True)
    hour = forms.ChoiceField(
        choices=[(NOW, "Con la data di oggi"), (THEN, "Con la data di allora")],
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli con quale data esce: nessuna è presa da sola."},
    )
    comment = LineField(
        max_length=COMMENT_MAX,
        error_messages={
            "required": f"Scrivi una nota, di {COMMENT_MAX} caratteri al massimo.",
            "max_length": f"Scrivi una nota, di {COMMENT_MAX} caratteri al massimo: questa ne ha %(show_value)d.",
        },
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, *args, verb, publications, **kwargs):
        super().__init__(*args, **kwargs)
        self.verb, self.label, hour = verb, verb.label, self.fields["hour"]
        late = [row for row in publications if is_late(verb, row)]
        if late:  # they come out at once, with whichever date
            self.label = VERB["publish_now"].label if len(late) == len(publications) else "Approva"
        hour.label = f"Di {len(late)} pagine l’ora indicata è passata, e usciranno subito: con quale data?"
        if len(late) == 1:
            hour.label = "L’ora indicata è passata, e la pagina uscirà subito: con quale data?"
            hour.choices = [hour.choices[0], (THEN, f"{hour.choices[1][1]}: {in_short(late[0].publish_at)}")]
        if not late:
            del self.fields["hour"]
        comment = self.fields["comment"]
        comment.label = "Il motivo, che i cittadini leggeranno" if verb.tells_readers else "Che cosa correggere"
        if not verb.needs_comment:
            del self.fields["comment"]

    @property
    def note(self) -> str:
        return self.cleaned_data.get("comment", "")

    def verb_for(self, publication: Publication) -> Verb:
        """The verb that was chosen for it: it comes out with a date that has passed only where that was asked for."""
        is_now = is_late(self.verb, publication) and self.cleaned_data.get("hour") != THEN
        return VERB["publish_now"] if is_now else self.verb


def is_out(verb: Verb, publication: Publication) -> bool:
    """Whether what was approved for an hour is told as published, as readers see it at once."""
    return verb.needs_hour and publication.is_published()


def make(request: UserRequest, publication: Publication, verb: Verb, comment: str = "") -> bool:
    """Whether a change of state was made, on the version that this row was read at; not when somebody was faster."""
    with transaction.atomic():
        return getattr(publication, verb.name)(by=request.user, comment=comment)


def report(request: UserRequest, verb: Verb, done: list[Publication]) -> None:
    """A message, one for all to which it was done."""
    if len(done) == 1:
        publication = done[0]
        when = f" per il {in_short(publication.publish_at)}" if publication.is_scheduled() else ""
        messages.info(request, f"«{publication}» {verb.done}{when}.")
    elif done:
        messages.info(request, f"{len(done)} pagine {verb.done_many}.")


def in_short(hour: datetime) -> str:
    return date_format(localtime(hour), "j M Y, H:i").lower()


class DecisionPages(Pages):
    """The page that says what a verb will do, to one publication or to many of the list."""

    def urls(self) -> list[URLPattern]:
        return [self.at("<int:pk>/decisione/<slug:name>/", self.decision_view, "decision")]

    def decision_view(self, request: UserRequest, pk: int, name: str) -> HttpResponse:
        verb = VERB.get(name)
        if verb is None or verb.is_on_proposal or name == "propose":
            raise Http404
        publication = self.desk.row(request, pk)
        response = self.decide_on(request, verb, [publication])
        return response or self.desk.response_post_save_change(request, publication)

    def decide_on(
        self, request: UserRequest, verb: Verb, publications: list[Publication], from_list: bool = False
    ) -> HttpResponse:
        """The page that says what will happen; None once it has, to all of them. It posts to where it was asked.

        A row is acted on as it was shown: what changed meanwhile is told, and asked again.
        """
        sent = request.POST if "decided" in request.POST else None
        form = DecisionForm(sent, verb=verb, publications=publications)
        read = {pk: whole_number(request.POST.get(f"letta_{pk}")) for pk in (row.pk for row in publications)}
        decisions = [decision_on(row, verb, request.user, read[row.pk]) for row in publications]
        done = []
        if form.is_valid():
            shown = [decision for decision in decisions if read[decision.publication.pk] is not None]
            confirmed = [decision for decision in shown if not decision.is_late or decision.late_name in request.POST]
            ready = [decision.publication for decision in confirmed if decision.can_be_made]
            done = [row for row in ready if make(request, row, form.verb_for(row), form.note)]
            report(request, VERB["publish_now"], [row for row in done if is_out(verb, row)])
            report(request, verb, [row for row in done if not is_out(verb, row)])
            left = [row for row in publications if row not in done]
            if not left:
                return None
            decisions = [
                decision_on(type(row).objects.get(pk=row.pk), verb, request.user, read[row.pk]) for row in left
            ]
        return self.decision_page(request, verb, form, decisions, from_list)

    def decision_page(
        self, request: UserRequest, verb: Verb, form: forms.BaseForm, decisions: list[Decision], from_list: bool
    ) -> HttpResponse:
        one = decisions[0].publication if len(decisions) == 1 else None
        title = form.label if one else f"{form.label}: {len(decisions)} pagine"
        context = {
            "verb": verb,
            "form": form,
            "decisions": decisions,
            "can_go_on": any(not decision.obstacles for decision in decisions),
            "from_list": from_list,
            "page_url": self.desk.address("preview_page", one.pk) if one and verb.needs_all else "",
        }
        return self.desk.page(request, "decision", one, title, **context)

    def decide_on_many(self, request: UserRequest, queryset: QuerySet, name: str) -> HttpResponse | None:
        publications = list(queryset[: MOST_AT_ONCE + 1])
        if len(publications) > MOST_AT_ONCE:
            text = f"Se ne decidono al massimo {MOST_AT_ONCE} alla volta: restringi l’elenco con i filtri."
            messages.error(request, text)
            return None
        return self.decide_on(request, VERB[name], publications, from_list=True)


def action(name: str, label: str, permission: str) -> Callable[..., Any]:
    """An action of the list: the page that decides on all that was chosen there."""

    @admin.action(description=label, permissions=[permission])
    def decide(desk: admin.ModelAdmin, request: UserRequest, queryset: QuerySet) -> HttpResponse | None:
        return DecisionPages(desk).decide_on_many(request, queryset, name)

    decide.__name__ = name
    return decide


ACTIONS = [
    action("submit", "Manda in revisione…", "change"),
    action("publish", "Approva per l’ora indicata…", "publish"),
    action("send_back", "Rimanda all’autore…", "publish"),
    action("withdraw", "Ritira…", "publish"),
    action("discard", "Metti nel cestino…", "change"),
]
