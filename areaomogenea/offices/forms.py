"""The form of an office: the week in one line, and people whose terms fit one another."""

from __future__ import annotations

from typing import Any

from django import forms

from areaomogenea.prose.forms import LinesField

from .hours_line import EXAMPLE, read_hours, written_hours
from .models import Holder, clash
from .opening import Span

MOST_HOURS = 500  # characters


class HoursField(LinesField):
    """A line of hours; it gives spans."""

    def __init__(self, **kwargs: Any) -> None:
        box = forms.Textarea({"rows": 2, "class": "vLargeTextField", "spellcheck": "false"})
        super().__init__(**{"widget": box} | kwargs)

    def clean(self, value: str) -> list[Span]:
        text = super().clean(value)
        return read_hours(text) if text else []


class OfficeForm(forms.ModelForm):
    week = HoursField(
        label="Orari",
        required=False,
        max_length=MOST_HOURS,
        help_text=f"Per esempio: «{EXAMPLE}». I giorni festivi sono già contati. Vuoto: gli orari non si sanno.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("week", written_hours(self.instance.spans))

    def clean(self) -> dict[str, Any] | None:
        if self.cleaned_data.get("answers_always") and self.cleaned_data.get("week"):
            self.add_error("week", "Risponde sempre, oppure a queste ore? Togli la spunta, o l’orario.")
        return super().clean()


class HolderFormSet(forms.BaseInlineFormSet):
    """All who hold a role of an office stand in it, so terms are compared as they are typed."""

    def clean(self) -> None:
        super().clean()
        before: list[Holder] = []
        for form in self.forms:
            if not form.is_valid() or form.cleaned_data.get("DELETE") or not (form.has_changed() or form.instance.pk):
                continue
            if text := clash(form.instance, before):
                form.add_error("since", text)
            before.append(form.instance)
