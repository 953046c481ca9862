"""The way to a Comune for those who do not use the map."""

from typing import Any

from django import forms

from .models import Municipality


class MunicipalityField(forms.ModelChoiceField):
    def to_python(self, value: object) -> Municipality | None:
        if value in self.empty_values:
            return None
        rows: Any = self.queryset
        if row := rows.named(str(value)):
            return row
        raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")


class ChooseForm(forms.Form):
    comune = MunicipalityField(
        Municipality.objects.of_area().defer("border", "outline"),
        to_field_name="slug",
        label="Il tuo Comune",
        error_messages={"invalid_choice": "Questo Comune non è fra i 48 dell’Area: scegline uno dall’elenco."},
    )
