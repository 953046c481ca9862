"""Rich text as a model holds it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import number_format

LONGEST = 200_000  # characters: some eighty pages, far more than any communiqué


def not_too_long(html):
    if len(html) > LONGEST:
        length, longest = (number_format(count, force_grouping=True) for count in (len(html), LONGEST))
        raise ValidationError(
            f"Il testo è troppo lungo: {length} caratteri, e il massimo è {longest}. "
            "Accorcialo, oppure metti il documento intero fra gli allegati. Non è stato salvato, ma è ancora qui.",
            code="too_long",
        )


class ProseField(models.TextField):
    """To the database and to migrations a plain TextField: its bound is for people, not for the column."""

    default_validators = [not_too_long]

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
