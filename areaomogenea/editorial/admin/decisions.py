"""The verbs at the desk, on one publication or on many: who decides is shown what will happen, and acts on that."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404

from ..checks import blocking
from ..decisions import decision_on
from ..sheets import sheet_of
from ..workflow import VERB, may_approve
from .history import COMMENT_MAX, VersionsAdmin, in_short, number

MOST_AT_ONCE = 100


class DecisionForm(forms.Form):
    """The note that goes with a decision, and that it was confirmed."""

    decided = forms.BooleanField(widget=forms.HiddenInput, initial=True)
    comment = forms.CharField(
        max_length=COMMENT_MAX,
        error_messages={
            "required": f"Scrivi una nota, di {COMMENT_MAX} caratteri al massimo.",
            "max_length": f"Scrivi una nota, di {COMMENT_MAX} caratteri al massimo: questa ne ha %(show_value)d.",
        },
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, *args, verb, **kwargs):
        super().__init__(*args, **kwargs)
        comment = self.fields["comment"]
        comment.label = "Il motivo, che i cittadini leggeranno" if verb.tells_readers else "Che cosa correggere"
        if not verb.needs_comment:
            del self.fields["comment"]

    @property
    def note(self):
        return self.cleaned_data.get("comment", "")


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
        form = DecisionForm(request.POST if "decided" in request.POST else None, verb=verb)
        read = {pk: number(request.POST.get(f"letta_{pk}")) for pk in (row.pk for row in publications)}
        decisions = [decision_on(row, verb, request.user, read[row.pk]) for row in publications]
        done = []
        if form.is_valid():
            shown = [decision for decision in decisions if read[decision.publication.pk] is not None]
            ready = [decision.publication for decision in shown if decision.can_be_made]
            done = [row for row in ready if self.make(request, row, verb, form.note)]
            self.tell(request, verb, done)
            left = [row for row in publications if row not in done]
            if not left:
                return None
            decisions = [decision_on(self.as_stored(row), verb, request.user, read[row.pk]) for row in left]
        return self.decision_page(request, verb, form, decisions, from_list)

    def decision_page(self, request, verb, form, decisions, from_list):
        one = decisions[0].publication if len(decisions) == 1 else None
        title = verb.label if one else f"{verb.label}: {len(decisions)} pagine"
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
        found = blocking(sheet_of(publication)) if publication.status == publication.Status.APPROVED else ()
        if found:
            raise ValidationError([finding.message for finding in found])
