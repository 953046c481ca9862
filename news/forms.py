"""How readers narrow the river of news: all in the address, so it works without scripts and can be shared."""

from urllib.parse import urlencode

from django import forms

from areaomogenea.editorial.models import Publication
from areaomogenea.editorial.paging import CursorField, page_of
from areaomogenea.municipalities.models import Municipality
from areaomogenea.topics.models import Topic

FIRST_YEAR = 2004  # Consorzio.IT was founded; nothing here can be older
LAST_YEAR = 2999
FILTERS = ("tipo", "argomento", "comune", "anno")
SELECT = forms.Select(attrs={"class": "form-select"})


class RiverForm(forms.Form):
    tipo = forms.ChoiceField(
        label="Tipo",
        widget=SELECT,
        choices=[("", "Tutti")] + [(kind.value, kind.plural) for kind in Publication.Kind],
        required=False,
        error_messages={"invalid_choice": "Questo tipo non esiste: scegline uno dall’elenco."},
    )
    argomento = forms.ModelChoiceField(
        Topic.objects.only("name", "slug"),
        to_field_name="slug",
        label="Argomento",
        widget=SELECT,
        required=False,
        empty_label="Tutti",
        error_messages={"invalid_choice": "Questo argomento non esiste: scegline uno dall’elenco."},
    )
    comune = forms.ModelChoiceField(
        Municipality.objects.of_area().only("name", "slug", "in_area"),
        to_field_name="slug",
        label="Comune",
        widget=SELECT,
        required=False,
        empty_label="Tutti i 48",
        error_messages={"invalid_choice": "Questo Comune non è fra i 48 dell’Area: scegline uno dall’elenco."},
    )
    anno = forms.IntegerField(
        label="Anno",
        widget=forms.NumberInput(attrs={"class": "form-control", "placeholder": "per esempio 2022"}),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={
            "invalid": "Scrivi l’anno con quattro cifre, per esempio 2022.",
            "min_value": f"Le notizie cominciano dal {FIRST_YEAR}.",
            "max_value": "Scrivi l’anno con quattro cifre, per esempio 2022.",
        },
    )
    prima = CursorField(required=False)
    dopo = CursorField(required=False)

    def __init__(self, data, kind=None):
        super().__init__(data)
        self.kind = kind
        if kind:
            del self.fields["tipo"]

    def narrow(self, publications):
        """Applies what was understood; a field with an error narrows nothing and shows its message."""
        self.is_valid()
        asked = self.cleaned_data
        if kind := self.kind or asked.get("tipo"):
            publications = publications.of_kind(kind)
        if topic := asked.get("argomento"):
            publications = publications.on(topic)
        if municipality := asked.get("comune"):
            publications = publications.about(municipality)
        if year := asked.get("anno"):
            publications = publications.in_year(year)
        return publications

    def page(self, publications):
        narrowed = self.narrow(publications)
        return page_of(narrowed, before=self.cleaned_data.get("prima"), after=self.cleaned_data.get("dopo"))

    @property
    def query(self):
        """The part of the address that says the filters, ready for a page's cursor to follow."""
        kept = {name: self.data[name] for name in FILTERS if self.cleaned_data.get(name)}
        return f"{urlencode(kept)}&" if kept else ""

    @property
    def is_narrowed(self):
        return any(self.cleaned_data.get(name) for name in FILTERS)
