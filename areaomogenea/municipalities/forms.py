"""The way to a Comune for those who do not use the map."""

from django import forms

from .models import Municipality


class ChooseForm(forms.Form):
    comune = forms.ModelChoiceField(
        Municipality.objects.of_area().defer("border", "outline"),
        to_field_name="slug",
        label="Il tuo Comune",
        error_messages={"invalid_choice": "Questo Comune non è fra i 48 dell’Area: scegline uno dall’elenco."},
    )
