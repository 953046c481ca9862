"""Fields of forms that read what Italians type."""

from decimal import Decimal

from django import forms

from .numbers import UnclearNumberError, read_number, written


class NumberBox(forms.TextInput):
    """No <input type=number>: browsers read 38.000,50 each in its way, and some send nothing at all."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "size": 14} | (attrs or {}))

    def format_value(self, value):
        return written(value) if isinstance(value, (int, float, Decimal)) else super().format_value(value)


class ItalianNumberMixin:
    widget = NumberBox

    def to_python(self, value):
        if isinstance(value, str):
            try:
                value = value.strip() and read_number(value)
            except UnclearNumberError as unclear:
                raise forms.ValidationError(str(unclear), code="invalid") from None
        return super().to_python(value)


class NumberField(ItalianNumberMixin, forms.FloatField):
    pass


class WholeNumberField(ItalianNumberMixin, forms.IntegerField):
    pass


class SumField(ItalianNumberMixin, forms.DecimalField):
    default_error_messages = {
        "min_value": "Scrivi una somma più grande di zero.",
        "max_decimal_places": "I centesimi sono al massimo due cifre.",
        "max_digits": "La somma è troppo grande.",
        "max_whole_digits": "La somma è troppo grande.",
    }
