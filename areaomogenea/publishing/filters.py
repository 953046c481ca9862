"""How readers narrow a list: all in the address, so it works without scripts and can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from areaomogenea.identity.years import FIRST_YEAR
from areaomogenea.municipalities.models import Municipality
from areaomogenea.topics.models import Topic

from . import kinds

if TYPE_CHECKING:
    from .models import Publication

LAST_YEAR_OF_FILTERS = 2999
MOST_NAMED, LONGEST_NAME = 5, 40  # of parameters that somebody made up, as they are told back


def selection_in_words(
    kind: str = "",
    topic: Topic | None = None,
    initiative: Publication | None = None,
    municipality: Municipality | None = None,
    year: int | None = None,
    query: str = "",
) -> str:
    """What was chosen among the news: «Avvisi su CER per Crema»."""
    phrases = [kinds.get(kind).plural if kind else "Novità"]
    if topic:
        phrases.append(f"su {topic.acronym or topic.name}")
    if initiative:
        phrases.append(f"di «{initiative.title}»")
    if municipality:
        phrases.append(f"per {municipality.name}")
    if year:
        phrases.append(f"del {year}")
    if query:
        phrases.append(f"con «{query}»")
    return " ".join(phrases)


class PlainSelect(forms.Select):
    """A select written in one go: Django's own renders a template for each of 60 options."""

    def render(
        self,
        name: str,
        value: str | None,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,
    ) -> SafeString:
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((slug, mark_safe(" selected") if slug == (value or "") else "", label) for slug, label in self.choices),
        )
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {})))
        return format_html("<select{}>{}</select>", attributes, options)


class RowField(forms.ChoiceField):
    """A choice among few rows by name: one query serves the list, the check and the answer to the present one."""

    def __init__(self, rows, empty_label, message, **kwargs):
        super().__init__(
            required=False,
            widget=PlainSelect(attrs={"class": "form-select"}),
            error_messages={"invalid_choice": message},
            **kwargs,
        )
        self.rows, self.empty_label = rows, empty_label

    def ask(self) -> None:
        """To be called for each form: the rows may have changed since the last one."""
        self.by_slug = {row.slug: row for row in self.rows.all()}
        self.choices = [("", self.empty_label), *((slug, row.name) for slug, row in self.by_slug.items())]

    def present_name(self, value: str) -> str:
        """The one in the list, for any name of its row; the same where it is none."""
        row = None if value in self.by_slug else self.rows.named(value)
        return row.slug if row and row.slug in self.by_slug else value

    def clean(self, value: str | None) -> Any:
        return self.by_slug.get(super().clean(value))


class KindField(forms.ChoiceField):
    """A kind, by whatever word for it."""

    def present_name(self, value: str | None) -> str | None:
        kind = kinds.named(value or "")
        return kind.code if kind else value


class StrictForm(forms.Form):
    """Parameters of an address that stays for ever: one that it does not know is refused, not left aside.

    Nor is one of two that say different things chosen for whoever asked.
    """

    def __init__(self, data):
        super().__init__(data)
        self.params = data

    def clean(self) -> Any:
        unknown = [f"«{name[:LONGEST_NAME]}»" for name in sorted(set(self.params) - set(self.fields))]
        if unknown[1:]:
            raise ValidationError(f"Questo indirizzo non ha i parametri {', '.join(unknown[:MOST_NAMED])}.")
        if unknown:
            raise ValidationError(f"Questo indirizzo non ha un parametro {unknown[0]}.")
        if twice := next((name for name in self.fields if len({*values_of(self.params, name)}) > 1), ""):
            raise ValidationError(f"Il parametro «{twice}» c’è due volte, con valori diversi: lasciane uno.")
        return super().clean()

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What was not understood, as (parameter, message); the parameter is "" where it is not of one alone."""
        return [
            ("" if name == NON_FIELD_ERRORS else name, " ".join(map(str, messages)))
            for name, messages in self.errors.items()
        ]


def values_of(data: Mapping[str, Any], name: str) -> list[Any]:
    """Each that a query gives; of what is no query, the one."""
    return data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]


class FilterForm(forms.Form):
    """Filters that have a field each; where one is not understood nothing is listed, and its field says why.

    All rows under a choice that was refused would be read as the rows of that choice.
    """

    filters: tuple[str, ...] = ()

    def __init__(self, data):
        super().__init__(data)
        for field in self.fields.values():
            if isinstance(field, RowField):
                field.ask()
        self.data = with_present_names(self)

    def narrow(self, rows: QuerySet) -> QuerySet:
        self.is_valid()
        return rows.none() if self.is_misunderstood else self.narrowed(rows, self.cleaned_data)

    def narrowed(self, rows: QuerySet, cleaned_data: dict[str, Any]) -> QuerySet:
        """What was asked of these rows, each filter by its name where it was chosen."""
        raise NotImplementedError

    @property
    def is_misunderstood(self) -> bool:
        return any(name in self.errors for name in self.filters)

    @property
    def query(self) -> str:
        """The part of the address that says the filters, ready for more to follow."""
        chosen = {name: self.data[name] for name in self.filters if self.cleaned_data.get(name)}
        return f"{urlencode(chosen)}&" if chosen else ""

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.filters)


def with_present_names(form: forms.Form) -> dict[str, str]:
    """What was asked, with each thing by its present name: lists show it as chosen, and links hand it on."""
    fields = [(name, field) for name, field in form.fields.items() if hasattr(field, "present_name")]
    chosen = {name: (field, form.data[name]) for name, field in fields if form.data.get(name)}
    present = {name: field.present_name(value) for name, (field, value) in chosen.items()}
    return {**{name: form.data[name] for name in form.data}, **present}


def topic_field() -> RowField:
    return RowField(
        Topic.objects.only("name", "slug", "acronym"),
        label="Argomento",
        empty_label="Tutti",
        message="Questo argomento non esiste: scegline uno dall’elenco.",
    )


def municipality_field() -> RowField:
    return RowField(
        Municipality.objects.of_area().only("name", "slug", "in_area"),
        label="Comune",
        empty_label="Tutti i 48",
        message="Questo Comune non è fra i 48 dell’Area: scegline uno dall’elenco.",
    )


def day_field(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(date(FIRST_YEAR, 1, 1)), MaxValueValidator(date(LAST_YEAR_OF_FILTERS, 12, 31))],
        error_messages={
            "invalid": "Scrivi il giorno come 31/12/2022.",
            "min_value": f"Le pubblicazioni cominciano dal {FIRST_YEAR}.",
            "max_value": "Scegli un giorno più vicino.",
        },
    )


def choice_field(
    label: str,
    empty_label: str,
    choices: Iterable[tuple[str, str]],
    message: str,
    field: type[forms.ChoiceField] = forms.ChoiceField,
) -> forms.Field:
    return field(
        label=label,
        widget=forms.Select(attrs={"class": "form-select"}),
        choices=[("", empty_label), *choices],
        required=False,
        error_messages={"invalid_choice": message},
    )
