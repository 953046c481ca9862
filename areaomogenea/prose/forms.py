"""Fields of forms that read what Italians type."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms

from . import characters
from .html import plain
from .numbers import UnclearNumberError, read_number, written
from .phones import check_phone, normalised_phone

NOTHING_SEEN = "Qui non si vede nulla: ci sono solo segni invisibili. Scrivi almeno una parola."


class NumberBox(forms.TextInput):
    """No <input type=number>: browsers read 38.000,50 each in its way, and some send nothing at all."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "size": 14} | (attrs or {}))

    def format_value(self, value: Any) -> str | None:
        return written(value) if isinstance(value, (int, float, Decimal)) else super().format_value(value)


class ItalianNumberMixin:
    widget = NumberBox

    def to_python(self, value: Any) -> Any:
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


class NormalisedMixin:
    """A text is normalised before anything else asks for it; a null letter is left for the field to refuse."""

    normal: Callable[[str], str] = staticmethod(characters.normalised_line)
    shows_nothing: Callable[[str], bool] = staticmethod(characters.shows_nothing)

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or "\0" in value:
            return super().to_python(value)
        text = super().to_python(self.normal(value))
        if not value.strip() or (text and not self.shows_nothing(text)):
            return text
        if self.required:
            raise forms.ValidationError(NOTHING_SEEN, code="invisible")
        return self.empty_value


class LineField(NormalisedMixin, forms.CharField):
    pass


class LinesField(NormalisedMixin, forms.CharField):
    normal = staticmethod(characters.normalised)
    widget = forms.Textarea


class EmailField(NormalisedMixin, forms.EmailField):
    pass


class PhoneField(LineField):
    default_validators = [check_phone]
    widget = forms.TextInput

    @staticmethod
    def normal(value: str) -> str:
        return normalised_phone(characters.normalised_line(value))


class URLField(NormalisedMixin, forms.URLField):
    normal = staticmethod(characters.unhidden_line)  # whose accents the other server may know apart


def says_nothing(html: str) -> bool:
    return "<img" not in html and characters.shows_nothing(plain(html))


class MarkupField(NormalisedMixin, forms.CharField):
    """Rich text as the browser sends it; what is kept of it is not for a field to say."""

    normal = staticmethod(characters.unhidden)
    shows_nothing = staticmethod(says_nothing)
    widget = forms.Textarea
