"""A selection of all that is published: the same words in the address of a feed, an embed, an export."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse

from areaomogenea.identity.years import FIRST_YEAR
from areaomogenea.municipalities.models import Municipality
from areaomogenea.prose.forms import LineField
from areaomogenea.publishing import kinds
from areaomogenea.publishing.filters import LAST_YEAR_OF_FILTERS, KindField, StrictForm, selection_in_words
from areaomogenea.publishing.models import PublicationQuerySet
from areaomogenea.topics.models import Topic

from .synonyms import by_known_names, initiative_called, published_initiatives

MOST, USUAL = 100, 20
PLAIN = {"quanti": USUAL, "testo": "breve"}
NAMED = ("tipo", "argomento", "comune", "iniziativa")  # what goes by more names than one
NUMBER_WANTED = f"scrivi un numero da 1 a {MOST}."
YEAR_WANTED = f"scrivi un anno con quattro cifre, dal {FIRST_YEAR} in poi."


class SoughtField(LineField):
    """A row by any name of it, asked for only when somebody names it; `rows` is called for each question.

    `find` knows other words for one of them than `rows().named`.
    """

    def __init__(self, rows, message, find=None):
        super().__init__(required=False, max_length=120, error_messages={"max_length": message})
        self.rows, self.message, self.find = rows, message, find or (lambda name: rows().named(name))

    def clean(self, value: str | None) -> Model | None:
        name = super().clean(value)
        row = self.find(name) if name else None
        if name and not row:
            raise ValidationError(self.message)
        return row


class SoughtKindField(KindField):
    def to_python(self, value: Any) -> str:
        word = super().to_python(value)
        return self.present_name(word) if word else word


def in_address(value: Any) -> Any:
    """A thing by its present name, anything else as it is."""
    return getattr(value, "slug", value)


class SelectionForm(StrictForm):
    """`narrow` leaves of some publications what was asked for; `refusal` says what was not understood."""

    tipo = SoughtKindField(
        choices=[(kind.code, kind.plural) for kind in kinds.of_news()],
        required=False,
        error_messages={"invalid_choice": f"questo tipo non esiste: sono {kinds.plurals(kinds.of_news())}."},
    )
    argomento = SoughtField(Topic.objects.all, "questo argomento non esiste.")
    comune = SoughtField(Municipality.objects.of_area, "questo Comune non è fra i 48 dell’Area.")
    anno = forms.IntegerField(
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR_OF_FILTERS,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), YEAR_WANTED),
    )
    iniziativa = SoughtField(published_initiatives, "questa iniziativa non esiste.", initiative_called)
    q = LineField(max_length=200, required=False, error_messages={"max_length": "al massimo 200 caratteri."})
    quanti = forms.IntegerField(
        min_value=1,
        max_value=MOST,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), NUMBER_WANTED),
    )

    testo = forms.ChoiceField(
        choices=[("breve", "In breve"), ("intero", "Intero")],
        required=False,
        error_messages={"invalid_choice": "scrivi «breve» o «intero»."},
    )

    def __init__(self, data):
        super().__init__(by_known_names(data, self.base_fields))

    def narrow(self, publications: PublicationQuerySet) -> PublicationQuerySet:
        choices = self.cleaned_data
        if choices["tipo"]:
            publications = publications.of_kind(choices["tipo"])
        if choices["argomento"]:
            publications = publications.on(choices["argomento"])
        if choices["comune"]:
            publications = publications.about(choices["comune"])
        publications = publications.in_year(choices["anno"]) if choices.get("anno") else publications.current()
        if choices["iniziativa"]:
            publications = publications.linked_to(choices["iniziativa"])
        if choices["q"]:
            publications = publications.latest_holding(choices["q"], MOST)
        return publications

    @property
    def number(self) -> int:
        return self.cleaned_data["quanti"] or USUAL

    @property
    def wants_all(self) -> bool:
        """The whole text and not only what it says in short."""
        return self.cleaned_data["testo"] == "intero"

    @property
    def title(self) -> str:
        """The selection in words: «Avvisi su CER per Crema»."""
        choices = self.cleaned_data
        chosen = (choices.get(name) for name in ("tipo", "argomento", "iniziativa", "comune", "anno", "q"))
        return selection_in_words(*chosen)

    @property
    def page(self) -> str:
        """The path where readers see the same."""
        choices = self.cleaned_data
        if choices["q"]:
            return f"{reverse('search')}?{urlencode({'q': choices['q']})}"
        if choices["iniziativa"]:
            return choices["iniziativa"].get_absolute_url()
        names = ("tipo", "argomento", "comune", "anno")
        filters = {name: in_address(choices[name]) for name in names if choices.get(name)}
        return reverse("news") + (f"?{urlencode(filters)}" if filters else "")

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Pairs (parameter, value) of what was asked for and does not go without saying, in one order."""
        chosen = [(name, self.cleaned_data[name]) for name in self.fields if self.cleaned_data[name]]
        return [(name, in_address(value)) for name, value in chosen if value != PLAIN.get(name)]

    @property
    def query(self) -> str:
        """The part of an address that says the same; "" for everything."""
        return urlencode(self.parameters)

    @property
    def is_announced(self) -> bool:
        """Whether a hub hears of its changes: everything, or a part of it; not each of a million crossings of parts."""
        return [name for name, _ in self.parameters] in ([], *([name] for name in NAMED))

    @property
    def refusal(self) -> str:
        """Lines, one for each parameter that was not understood."""
        return "\n".join(": ".join(filter(None, fault)) for fault in self.faults)
