"""What editors type of a deadline: days with an hour or without, for whom, and why it moves."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTimeWidget
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils.timezone import localtime

from areaomogenea.accounts.models import User
from areaomogenea.identity.years import FIRST_YEAR, LAST_YEAR
from areaomogenea.prose.forms import LineField
from areaomogenea.publishing.expiry import END_OF_DAY

from .display import Hours
from .models import AUDIENCE_FIELDS, MIDNIGHT, Deadline

ENDS = {"opens": MIDNIGHT, "closes": END_OF_DAY}  # what an empty hour stands for
REASON: dict[str, Any] = {
    "label": "Perché",
    "max_length": 255,
    "help_text": "Lo leggeranno i cittadini, accanto alla data.",
}
NO_REASON = {"required": "Scrivi perché: chi legge deve saperlo."}


def day_field(label: str, help_text: str = "") -> forms.DateField:
    messages = {"invalid": "Scrivi il giorno come 31/12/2026."}
    return forms.DateField(
        label=label, required=False, widget=AdminDateWidget, help_text=help_text, error_messages=messages
    )


def hour_field(label: str) -> forms.TimeField:
    widget, messages = AdminTimeWidget(format="%H:%M"), {"invalid": "Scrivi l’ora come 18:30."}
    return forms.TimeField(
        label=label, required=False, widget=widget, help_text="Vuota: tutto il giorno.", error_messages=messages
    )


class HoursMixin(forms.Form):
    """Four boxes for two instants; without any hour they are whole days."""

    opens_day = day_field("Apre il", "Di un incontro: il giorno in cui comincia.")
    opens_hour = hour_field("Alle")
    closes_day = day_field("Chiude il", "L’ultimo giorno utile. Di un incontro: quando finisce, se si sa.")
    closes_hour = hour_field("Alle")

    @staticmethod
    def hours_of(deadline: Deadline) -> dict[str, date | time | None]:
        """What the four boxes show."""
        shown = {}
        for end in ENDS:
            if moment := getattr(deadline, f"{end}_at"):
                local = localtime(moment)
                hour = local.time().replace(microsecond=0)
                hour = None if hour == ENDS[end] else hour.replace(second=0)
                shown |= {f"{end}_day": local.date(), f"{end}_hour": hour}
        return shown

    def read_hours(self, cleaned_data: dict[str, Any], kind: str) -> Hours | None:
        """(opens_at, closes_at, is_all_day), with what is wrong told at its box; None if anything is."""
        opens, closes = (self._read_end(cleaned_data, end) for end in ENDS)
        if any(name in self.errors for name in HOURS):
            return None
        is_meeting = kind == Deadline.Kind.MEETING
        if is_meeting and not opens:
            self.add_error("opens_day", "Scrivi quando comincia.")
        elif not is_meeting and not closes:
            self.add_error("closes_day", "Scrivi quando scade.")
        elif opens and closes and closes < opens:
            self.add_error("closes_day", "Finisce prima di cominciare: controlla le due date.")
        else:
            return opens, closes, not (cleaned_data.get("opens_hour") or cleaned_data.get("closes_hour"))
        return None

    def _read_end(self, cleaned_data, end):
        day, hour = cleaned_data.get(f"{end}_day"), cleaned_data.get(f"{end}_hour")
        name = f"{end}_day"
        if name in self.errors:
            return None
        if not day:
            if hour:
                self.add_error(name, "Scrivi anche il giorno.")
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.add_error(name, f"Scrivi un anno fra il {FIRST_YEAR} e il {LAST_YEAR}.")
            return None
        try:
            return from_current_timezone(datetime.combine(day, hour or ENDS[end]))
        except ValidationError:
            self.add_error(f"{end}_hour", "Quella notte cambia l’ora, e questa non vale: scegline un’altra.")
            return None


HOURS = [f"{end}_{part}" for end in ENDS for part in ("day", "hour")]
# Without the calendar and the clock that the admin's script hangs on a box, be it shut or not.
PLAIN = {name: forms.DateInput() if name.endswith("day") else forms.TimeInput(format="%H:%M") for name in HOURS}


class DeadlineForm(HoursMixin, forms.ModelForm):
    audience = forms.MultipleChoiceField(
        label="Per chi",
        choices=Deadline.Audience,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Di’ per chi è: almeno uno."},
    )

    class Meta:
        model = Deadline
        fields = ["kind", "title", "place", "url"]

    def __init__(self, *args, initial=None, instance=None, **kwargs):
        values = self.initial_of(instance) if instance and instance.pk else {}
        super().__init__(*args, initial=values | (initial or {}), instance=instance, **kwargs)
        if self.instance.is_kept:
            for name in {"kind", *HOURS} & self.fields.keys():  # who only reads has fewer
                self.fields[name].disabled = True
                self.fields[name].widget = PLAIN.get(name, self.fields[name].widget)

    @classmethod
    def initial_of(cls, deadline: Deadline) -> dict[str, Any]:
        """What the form of a row shows, stored or not."""
        chosen = [audience.value for audience, name in AUDIENCE_FIELDS.items() if getattr(deadline, name)]
        values = {name: getattr(deadline, name) for name in ("kind", "title", "place", "url")}
        return values | cls.hours_of(deadline) | {"audience": chosen}

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean()
        # Of what readers know the hours stand: a verb moves them. Those that nobody touched stand down to the second.
        is_touched = self.instance.pk is None or {"kind", *HOURS} & {*self.changed_data}
        hours = (
            self.read_hours(cleaned_data, cleaned_data.get("kind"))
            if is_touched and not self.instance.is_kept
            else None
        )
        if hours:
            self.instance.opens_at, self.instance.closes_at, self.instance.is_all_day = hours
        for audience, name in AUDIENCE_FIELDS.items():
            setattr(self.instance, name, audience in cleaned_data.get("audience", ()))
        self.instance.settle()
        return cleaned_data

    @property
    def unsaid(self) -> tuple[str, ...]:
        """What only verbs say of a row."""
        return Deadline.lasting if self.instance.is_kept else ("uid", "called_off_at", "called_off_why")


class VerbForm(forms.Form):
    """A change that readers are told of, made on the row that its form showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = LineField(**REASON, widget=forms.TextInput(attrs={"class": "vTextField"}), error_messages=NO_REASON)

    def __init__(self, data, deadline):
        super().__init__(data, initial={"seen": deadline.sequence})
        self.deadline = deadline

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean()
        if self.deadline.is_called_off:
            raise ValidationError("È già annullata.")
        if cleaned_data.get("seen") != self.deadline.sequence:
            self.tell_who_was_faster()
        return cleaned_data

    def tell_who_was_faster(self) -> None:
        """What was typed stays, and counts from now on for the row as it is."""
        data: Any = self.data
        data = data.copy()
        data["seen"] = self.deadline.sequence
        self.data = data
        now = self.deadline.when
        self.add_error(None, f"Nel frattempo qualcuno l’ha cambiata: adesso è {now}. Controlla e conferma.")

    def make(self, by: User) -> bool:
        """False, with what is wrong told in the form, when it could not be made."""
        try:
            if self.apply(by, self.cleaned_data["reason"]):
                return True
            self.deadline.refresh_from_db()
            self.tell_who_was_faster()
        except ValidationError as error:
            self.add_error("opens_day" if self.deadline.is_meeting else "closes_day", error.messages)
        return False


class MoveForm(HoursMixin, VerbForm):
    field_order = [*HOURS, "reason", "seen"]

    def __init__(self, data, deadline):
        super().__init__(data, deadline)
        self.initial = {**self.initial, **self.hours_of(deadline)}

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean()
        self.hours = self.read_hours(cleaned_data, self.deadline.kind)
        return cleaned_data

    def apply(self, by: User, reason: str) -> bool:
        opens_at, closes_at, is_all_day = self.hours
        return self.deadline.move(by, reason, opens_at, closes_at, is_all_day)


class CallOffForm(VerbForm):
    def apply(self, by: User, reason: str) -> bool:
        return self.deadline.call_off(by, reason)
