"""Text as a model holds it: of a length that is bounded for people, not for the column."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import number_format

LONGEST = 200_000  # characters: some eighty pages, far more than any communiqué
LONGEST_NOTE = 10_000


def check_length(text, longest, instead):
    if len(text) > longest:
        length, longest = (number_format(count, force_grouping=True) for count in (len(text), longest))
        raise ValidationError(
            f"Il testo è troppo lungo: {length} caratteri, e il massimo è {longest}. "
            f"{instead} Non è stato salvato, ma è ancora qui.",
            code="too_long",
        )


not_too_long = partial(
    check_length, longest=LONGEST, instead="Accorcialo, oppure metti il documento intero fra gli allegati."
)
no_too_long_note = partial(check_length, longest=LONGEST_NOTE, instead="Accorcialo.")


class BoundedField(models.TextField):
    """To the database and to migrations a plain TextField. Forms refuse before they read what is too long."""

    def formfield(self, **kwargs):
        return super().formfield(**{"validators": self.default_validators} | kwargs)

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


class ProseField(BoundedField):
    """Rich text."""

    default_validators = [not_too_long]


class NoteField(BoundedField):
    """Some lines of plain text."""

    default_validators = [no_too_long_note]
