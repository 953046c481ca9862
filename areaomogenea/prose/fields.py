"""Text as a model holds it: of a length that is bounded for people, not for the column."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import number_format

from . import characters, forms
from .phones import check_phone, normalised_phone

LONGEST = 200_000  # characters: some eighty pages, far more than any communiqué
LONGEST_NOTE = 10_000


def check_length(text: str, longest: int, instead: str) -> None:
    if len(text) > longest:
        length, most = (number_format(count, force_grouping=True) for count in (len(text), longest))
        raise ValidationError(
            f"Il testo è troppo lungo: {length} caratteri, e il massimo è {most}. "
            f"{instead} Non è stato salvato, ma è ancora qui.",
            code="too_long",
        )


not_too_long = partial(
    check_length, longest=LONGEST, instead="Accorcialo, oppure metti il documento intero fra gli allegati."
)
no_too_long_note = partial(check_length, longest=LONGEST_NOTE, instead="Accorcialo.")


class NormalisedMixin:
    """A text that no table ever holds otherwise than normalised, whoever brings it; questions are normalised alike.

    To the database and to migrations it is the plain field of Django.
    """

    normal: Callable[[str], str] = staticmethod(characters.normalised_line)
    box: type[Any] = forms.LineField

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return self.normal(value) if isinstance(value, str) else value

    def pre_save(self, instance: models.Model, add: bool) -> str:
        value = super().pre_save(instance, add)
        if isinstance(value, str) and (normal := self.normal(value)) != value:
            setattr(instance, self.attname, normal)
            return normal
        return value

    def validate(self, value: str, instance: models.Model) -> None:
        super().validate(value, instance)
        if value and not self.blank and characters.shows_nothing(value):
            raise ValidationError(forms.NOTHING_SEEN, code="invisible")

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": self.box} | kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.plain}", args, kwargs


class LineField(NormalisedMixin, models.CharField):
    plain = "CharField"


class LinesField(NormalisedMixin, models.TextField):
    plain = "TextField"
    normal: Callable[[str], str] = staticmethod(characters.normalised)
    box: type[Any] = forms.LinesField


class EmailField(NormalisedMixin, models.EmailField):
    plain = "EmailField"
    box = forms.EmailField


class URLField(NormalisedMixin, models.URLField):
    plain = "URLField"
    normal = staticmethod(characters.unhidden_line)  # whose accents the other server may know apart
    box = forms.URLField


class PhoneField(LineField):
    """A telephone number, held as `phones` writes it."""

    default_validators = [check_phone]
    box = forms.PhoneField

    @staticmethod
    def normal(value: str) -> str:
        return normalised_phone(characters.normalised_line(value))


class BoundedField(LinesField):
    """Of a length for people. Forms refuse before they read what is too long."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"validators": self.default_validators} | kwargs)


class ProseField(BoundedField):
    """Rich text."""

    default_validators = [not_too_long]
    normal = staticmethod(characters.normalised_html)
    box = forms.MarkupField


class NoteField(BoundedField):
    """Some lines of plain text."""

    default_validators = [no_too_long_note]
