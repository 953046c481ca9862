"""How readers narrow the river of news: all in the address, so it works without scripts and can be shared."""

from urllib.parse import urlencode

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from areaomogenea.editorial.checks import FIRST_YEAR
from areaomogenea.editorial.models import Publication
from areaomogenea.editorial.paging import CursorField, page_of
from areaomogenea.municipalities.models import Municipality
from areaomogenea.topics.models import Topic

LAST_YEAR = 2999
FILTERS = ("tipo", "argomento", "comune", "anno")
YEAR_WANTED = "Scrivi l’anno con quattro cifre, per esempio 2022."


class PlainSelect(forms.Select):
    """A select written in one go: Django's own renders a template for each of 60 options."""

    def render(self, name, value, attrs=None, renderer=None):
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((slug, mark_safe(" selected") if slug == (value or "") else "", label) for slug, label in self.choices),
        )
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {})))
        return format_html("<select{}>{}</select>", attributes, options)


class RowField(forms.ChoiceField):
    """A choice among few rows by slug: one query serves the list, the check and the answer."""

    def __init__(self, rows, empty_label, message, **kwargs):
        super().__init__(
            required=False,
            widget=PlainSelect(attrs={"class": "form-select"}),
            error_messages={"invalid_choice": message},
            **kwargs,
        )
        self.rows, self.empty_label = rows, empty_label

    def ask(self):
        """To be called for each form: the rows may have changed since the last one."""
        self.by_slug = {row.slug: row for row in self.rows.all()}
        self.choices = [("", self.empty_label), *((slug, row.name) for slug, row in self.by_slug.items())]

    def clean(self, value):
        return self.by_slug.get(super().clean(value))


class RiverForm(forms.Form):
    tipo = forms.ChoiceField(
        label="Tipo",
        widget=forms.Select(attrs={"class": "form-select"}),
        choices=[("", "Tutti")] + [(kind.value, kind.plural) for kind in Publication.Kind],
        required=False,
        error_messages={"invalid_choice": "Questo tipo non esiste: scegline uno dall’elenco."},
    )
    argomento = RowField(
        Topic.objects.only("name", "slug"),
        label="Argomento",
        empty_label="Tutti",
        message="Questo argomento non esiste: scegline uno dall’elenco.",
    )
    comune = RowField(
        Municipality.objects.of_area().only("name", "slug", "in_area"),
        label="Comune",
        empty_label="Tutti i 48",
        message="Questo Comune non è fra i 48 dell’Area: scegline uno dall’elenco.",
    )
    anno = forms.IntegerField(
        label="Anno",
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric", "placeholder": "es. 2022"}),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={
            "invalid": YEAR_WANTED,
            "min_value": f"Le notizie cominciano dal {FIRST_YEAR}.",
            "max_value": YEAR_WANTED,
        },
    )
    prima = CursorField(required=False)
    dopo = CursorField(required=False)

    def __init__(self, data, kind=None):
        super().__init__(data)
        self.kind = kind
        if kind:
            del self.fields["tipo"]
        for name in ("argomento", "comune"):
            self.fields[name].ask()

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
