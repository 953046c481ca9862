"""The verbs at the desk, on one publication or on many: who decides is shown what will happen, and acts on that."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404

from areaomogenea.prose.forms import LineField
from areaomogenea.publishing.workflow import VERB, may_approve
from areaomogenea.quality.check_input import check_input_of
from areaomogenea.quality.content_checks import blocking

from .effects import decision_on, is_late
from .history import COMMENT_MAX, VersionsAdmin, in_short, number

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
    def note(self):
        return self.cleaned_data.get("comment", "")

    def verb_for(self, publication):
        """What was chosen to do with it: it comes out with a date that has passed only where that was asked for."""
        is_now = is_late(self.verb, publication) and self.cleaned_data.get("hour") != THEN
        return VERB["publish_now"] if is_now else self.verb


def is_out(verb, publication):
    """What was approved for an hour is told as published, where readers see it at once."""
    return verb.needs_hour and publication.is_published()


class DecisionsAdmin(VersionsAdmin):
    actions = ["submit", "publish", "send_back", "withdraw", "discard"]

    def get_urls(self):
        return [self.desk("<int:pk>/decisione/<slug:name>/", self.decision_view, "decision"), *super().get_urls()]

    def decision_view(self, request, pk, name):
        verb = VERB.get(name)
        if verb is None or verb.is_on_proposal or name == "propose":
            raise Http404
        publication = self.publication(request, pk)
        response = self.decide_on(request, verb, [publication])
        return response or self.response_post_save_change(request, publication)

    def decide_on(self, request, verb, publications, from_list=False):
        """The page that says what will happen; None once it has, to all of them. It posts to where it was asked.

        A row is acted on as it was shown: what changed meanwhile is told, and asked again.
        """
        sent = request.POST if "decided" in request.POST else None
        form = DecisionForm(sent, verb=verb, publications=publications)
        read = {pk: number(request.POST.get(f"letta_{pk}")) for pk in (row.pk for row in publications)}
        decisions = [decision_on(row, verb, request.user, read[row.pk]) for row in publications]
        done = []
        if form.is_valid():
            shown = [decision for decision in decisions if read[decision.publication.pk] is not None]
            told = [decision for decision in shown if not decision.is_late or decision.late_name in request.POST]
            ready = [decision.publication for decision in told if decision.can_be_made]
            done = [row for row in ready if self.make(request, row, form.verb_for(row), form.note)]
            self.tell(request, VERB["publish_now"], [row for row in done if is_out(verb, row)])
            self.tell(request, verb, [row for row in done if not is_out(verb, row)])
            left = [row for row in publications if row not in done]
            if not left:
                return None
            decisions = [decision_on(self.as_stored(row), verb, request.user, read[row.pk]) for row in left]
        return self.decision_page(request, verb, form, decisions, from_list)

    def decision_page(self, request, verb, form, decisions, from_list):
        one = decisions[0].publication if len(decisions) == 1 else None
        title = form.label if one else f"{form.label}: {len(decisions)} pagine"
        context = {
            "verb": verb,
            "form": form,
            "decisions": decisions,
            "can_go_on": any(not decision.obstacles for decision in decisions),
            "from_list": from_list,
            "page_url": self.address("preview_page", one.pk) if one and verb.needs_all else "",
        }
        return self.page(request, "decision", one, title, **context)

    def as_stored(self, publication):
        return type(publication).objects.get(pk=publication.pk)

    # Of many, from the list

    def decide_on_many(self, request, queryset, name):
        publications = list(queryset[: MOST_AT_ONCE + 1])
        if len(publications) > MOST_AT_ONCE:
            text = f"Se ne decidono al massimo {MOST_AT_ONCE} alla volta: restringi l’elenco con i filtri."
            self.message_user(request, text, messages.ERROR)
            return None
        return self.decide_on(request, VERB[name], publications, from_list=True)

    @admin.action(description="Manda in revisione…", permissions=["change"])
    def submit(self, request, queryset):
        return self.decide_on_many(request, queryset, "submit")

    @admin.action(description="Approva per l’ora indicata…", permissions=["publish"])
    def publish(self, request, queryset):
        return self.decide_on_many(request, queryset, "publish")

    @admin.action(description="Rimanda all’autore…", permissions=["publish"])
    def send_back(self, request, queryset):
        return self.decide_on_many(request, queryset, "send_back")

    @admin.action(description="Ritira…", permissions=["publish"])
    def withdraw(self, request, queryset):
        return self.decide_on_many(request, queryset, "withdraw")

    @admin.action(description="Metti nel cestino…", permissions=["change"])
    def discard(self, request, queryset):
        return self.decide_on_many(request, queryset, "discard")

    def has_publish_permission(self, request):
        return may_approve(request.user)

    @admin.display(description="ora", ordering="publish_at")
    def hour(self, publication):
        return in_short(publication.publish_at) if publication.publish_at else "–"

    def require_for_readers(self, publication):
        found = blocking(check_input_of(publication)) if publication.status == publication.Status.APPROVED else ()
        if found:
            raise ValidationError([finding.message for finding in found])
