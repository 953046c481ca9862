"""What visitors type in the hall."""

from django import forms


class SearchForm(forms.Form):
    q = forms.CharField(
        label="Cerca nel portale",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control"}),
        required=False,
        error_messages={"max_length": "Scrivi meno di 200 caratteri: bastano le parole che contano."},
    )

    @property
    def words(self):
        return self.cleaned_data["q"] if self.is_valid() else ""
