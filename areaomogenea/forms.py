"""What visitors type in the hall."""

from urllib.parse import urlencode

from django import forms

from areaomogenea.prose.forms import LineField
from areaomogenea.publishing.filters import selection_in_words


class SearchForm(forms.Form):
    q = LineField(
        label="Cerca nel portale",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control"}),
        required=False,
        error_messages={"max_length": "Scrivi meno di 200 caratteri: bastano le parole che contano."},
    )

    @property
    def query(self) -> str:
        return self.cleaned_data["q"] if self.is_valid() else ""

    @property
    def selection(self) -> str:
        """The query of a feed of the news that have these words."""
        return urlencode({"q": self.query})

    @property
    def in_words(self) -> str:
        return selection_in_words(query=self.query)
