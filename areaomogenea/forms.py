"""What visitors type in the hall."""

from django import forms


class SearchForm(forms.Form):
    q = forms.CharField(
        label="Cerca nel portale",
        max_length=200,
        required=False,
        error_messages={"max_length": "Scrivi meno di 200 caratteri: bastano le parole che contano."},
    )

    def results(self, publications):
        """Those that match; none for an empty or refused question."""
        words = self.cleaned_data["q"] if self.is_valid() else ""
        return publications.search(words)
