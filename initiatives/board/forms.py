"""What somebody at the desk says of some Comuni at once, of one, or of a list that they paste."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django import forms

from areaomogenea.municipalities.gazetteer import Gazetteer
from areaomogenea.municipalities.models import Municipality
from areaomogenea.prose.forms import LineField, LinesField

from ..models import Participation
from .matching import NameReader, folded_name
from .sources import source_called

if TYPE_CHECKING:
    from .standings import BoardRow

KEEP, NONE, OUT = "", "nessuno", "out"
STATES = [*Participation.State.choices, (OUT, "Togli dall’elenco")]
LONGEST_LIST = 20_000


class SourceField(LineField):
    """A communiqué; `user` is the person who names it, `now` the one that stands there."""

    user = now = None

    def clean(self, value: str | None) -> Any:
        text = super().clean(value)
        if self.now and not self.now.is_known and text == str(self.now):
            return self.now  # whoever may not see it leaves it where it is
        return source_called(text, self.user) if text else None


NEVER = -1  # a version that nobody saw


class StandingForm(forms.Form):
    """The fields of a participation, and the version that they were typed on."""

    state = forms.ChoiceField(
        label="Come", widget=forms.RadioSelect, error_messages={"required": "Scegli che cosa fanno."}
    )
    since = forms.DateField(
        label="Dal",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Scrivi la data come 24/11/2026."},
    )
    group = forms.ChoiceField(label="Gruppo", required=False)
    source = SourceField(label="Comunicato che lo dice", required=False, max_length=500)
    seen_version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, board, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.board = board
        self.changes, self.faults, self.meanwhile = {}, {}, []
        self.fields["seen_version"].initial = board.initiative.version
        self.fields["source"].user = board.by
        self.fields["source"].widget.attrs |= {"list": "comunicati", "autocomplete": "off"}
        if not board.groups:
            del self.fields["group"]

    def groups(self) -> list[tuple[str, str]]:
        return [(str(key), group.name) for key, group in self.board.groups.items()]

    def places(self) -> list[Municipality]:
        """The Comuni that this form is about."""
        raise NotImplementedError

    def participation_for(self, place: Municipality, cleaned_data: dict[str, Any]) -> Participation | None:
        """The participation that this Comune is to have; None if it is to have none."""
        raise NotImplementedError

    def clean(self) -> Any:
        cleaned_data = super().clean()
        if self.errors:
            return cleaned_data
        changes = {place: self.participation_for(place, cleaned_data) for place in self.places()}
        self.changes = self.board.changed(changes)
        for place, errors in self.board.faults(self.changes).items():
            for name, messages in errors.items():
                self.blame(name, place, messages)
        if not self.errors and not self.faults:
            self.meet_others()
        if not self.errors and not self.faults and not self.changes:
            self.add_error("state", "Così non cambia nulla: è già tutto com’è scritto qui.")
        return cleaned_data

    def blame(self, name: str, place: Municipality, messages: Iterable[str]) -> None:
        self.add_error(name if name in self.fields else None, list(messages))

    def meet_others(self) -> None:
        """What others did meanwhile to the same Comuni is told once; the same answer given again counts."""
        seen = self.cleaned_data.get("seen_version")
        changed = self.board.changed_by_others(NEVER if seen is None else seen)
        overtaken = [place for place in changed if place in self.changes]
        self.meanwhile = [place for place in changed if place not in self.changes]
        if overtaken:
            data: Any = self.data
            self.data = data.copy()
            self.data["seen_version"] = str(self.board.initiative.version)  # type: ignore[index]  # a copy takes it
            names = ", ".join(f"{place} (ora: {word_of(self.board.of(place))})" for place in overtaken)
            message = (
                f"Intanto altri hanno cambiato {names}. Le tue scelte sono ancora qui: se valgono, premi di nuovo."
            )
            self.add_error(None, message)

    @property
    def unchanged(self) -> int:
        """How many of its Comuni were already as it says."""
        return len(self.places()) - len(self.changes)


class ManyForm(StandingForm):
    """The same for all Comuni that are checked; what is left blank stays as it is where the state does."""

    def __init__(self, board, *args, **kwargs):
        super().__init__(board, *args, **kwargs)
        self.fields["state"].choices = [(KEEP, "Resta com’è"), *STATES]
        self.fields["state"].required = False
        self.fields[
            "source"
        ].help_text = (
            "Titolo o indirizzo. Dove lo stato non cambia, un giorno o un comunicato vuoto resta quello di prima."
        )
        if "group" in self.fields:
            self.fields["group"].choices = [(KEEP, "Resta com’è"), (NONE, "Nessun gruppo"), *self.groups()]

    @property
    def chosen(self) -> set[int]:
        """The keys of the boxes that are checked, whatever else is wrong."""
        return {int(key) for key in self.data.getlist("chosen") if key.isdecimal() and len(key) < 10}

    def places(self) -> list[Municipality]:
        return [place for place in self.board.municipalities if place.pk in self.chosen]

    def clean(self) -> Any:
        if not self.places():
            raise forms.ValidationError("Scegli almeno un Comune: spunta la sua casella.")
        cleaned_data = super().clean()
        for (name, message), places in self.faults.items():
            names = ", ".join(places[:6]) + (f" e altri {len(places) - 6}" if len(places) > 6 else "")
            self.add_error(name if name in self.fields else None, f"{message} Vale per: {names}.")
        return cleaned_data

    def participation_for(self, place: Municipality, cleaned_data: dict[str, Any]) -> Participation | None:
        state, now = cleaned_data["state"], self.board.of(place)
        if state == KEEP and not now:
            self.blame("state", place, ["Scegli uno stato per chi non è ancora nell’elenco."])
        if state == OUT or (state == KEEP and not now):
            return None
        after = self.board.begun(place)
        stays = now and state in (KEEP, now.state)
        after.state = state or now.state
        after.since = cleaned_data["since"] or (now.since if stays else None)
        after.source = cleaned_data["source"] or (now.source if stays else None)
        if cleaned_data.get("group"):
            after.group = None if cleaned_data["group"] == NONE else self.board.groups[int(cleaned_data["group"])]
        return after

    def blame(self, name: str, place: Municipality, messages: Iterable[str]) -> None:
        """The same fault of many Comuni is told once, with their names."""
        for message in messages:
            self.faults.setdefault((name, message), []).append(place.name)


class OneForm(StandingForm):
    """One Comune: all its fields as they are to be."""

    def __init__(self, board, place, *args, **kwargs):
        self.place, now = place, board.of(place)
        initial = {"state": OUT}
        if now:
            group = str(now.group_id) if now.group_id else NONE
            initial = {"state": now.state, "since": now.since, "group": group, "source": now.source}
        super().__init__(board, *args, initial=initial, **kwargs)
        self.fields["state"].choices = [*Participation.State.choices, (OUT, "Non è nell’elenco")]
        self.fields["source"].now = now and now.source
        self.fields["source"].help_text = "Il suo titolo o il suo indirizzo."
        if "group" in self.fields:
            self.fields["group"].choices = [(NONE, "Nessun gruppo"), *self.groups()]

    def places(self) -> list[Municipality]:
        return [self.place]

    def participation_for(self, place: Municipality, cleaned_data: dict[str, Any]) -> Participation | None:
        if cleaned_data["state"] == OUT:
            return None
        after = self.board.begun(place)
        after.state, after.since, after.source = cleaned_data["state"], cleaned_data["since"], cleaned_data["source"]
        if "group" in self.fields:
            after.group = (
                self.board.groups.get(int(cleaned_data["group"])) if cleaned_data["group"] not in (KEEP, NONE) else None
            )
        return after


class PasteForm(ManyForm):
    """A pasted list: names that are certain are boxes, doubts are questions; the list stays until it is confirmed."""

    names = LinesField(
        label="I nomi",
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "false"}),
        help_text="Come li trovi: uno per riga o separati da virgole, con numeri, punti e maiuscole.",
        error_messages={"required": "Incolla qui i nomi dei Comuni."},
    )
    read_names = LinesField(required=False, max_length=LONGEST_LIST)

    def __init__(self, board, *args, **kwargs):
        super().__init__(board, *args, **kwargs)
        self.reading = NameReader(Gazetteer(board.municipalities)).read(self.data.get("names", "")[:LONGEST_LIST])
        for number, name in enumerate(self.reading.doubts):
            choices = [(str(place.pk), place.name) for place in name.municipalities]
            self.fields[f"doubt_{number}"] = forms.ChoiceField(
                label=name.passage,
                choices=[*choices, (NONE, "Nessuno di questi")],
                widget=forms.RadioSelect,
                required=self.is_confirmed,
                error_messages={"required": f"Scegli che Comune è «{name.passage}», o «Nessuno di questi»."},
            )

    @property
    def is_confirmed(self) -> bool:
        """Whether the list was read before, and this is the answer to it."""
        return "apply" in self.data

    @property
    def doubts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("doubt_")]

    @property
    def matches(self) -> list[tuple[Municipality, str, bool, str]]:
        """(Comune, passage, whether its box is checked, where it stands) for the names that are certain."""
        chosen = super().chosen if self.is_confirmed else {place.pk for place, _ in self.reading.certain}
        return [
            (place, passage, place.pk in chosen, word_of(self.board.of(place)))
            for place, passage in self.reading.certain
        ]

    @property
    def chosen(self) -> set[int]:
        answers = (self.data.get(field.html_name, "") for field in self.doubts)
        return super().chosen | {int(key) for key in answers if key.isdecimal() and len(key) < 10}

    def clean(self) -> Any:
        cleaned_data = self.cleaned_data
        if not self.is_confirmed:
            return cleaned_data
        if cleaned_data.get("names", "").split() != cleaned_data.get("read_names", "").split():
            raise forms.ValidationError("L’elenco non è più quello di prima: ecco come lo leggo ora.")
        return super().clean()


class BoardFilterForm(forms.Form):
    """What the table shows."""

    nome = LineField(label="Cerca un Comune", required=False, max_length=60)
    stato = forms.ChoiceField(
        required=False, choices=[("", "Tutti"), *Participation.State.choices, (OUT, "Non nell’elenco")]
    )

    @property
    def state(self) -> str:
        return self.cleaned_data.get("stato", "")

    def narrow(self, rows: Iterable[BoardRow]) -> Iterator[BoardRow]:
        """All rows; those that are not asked for are not shown, and stay chosen if they are."""
        self.is_valid()
        name = folded_name(self.cleaned_data.get("nome", ""))
        for row in rows:
            row.is_shown = name in row.spellings and self.state in ("", row.code)
            yield row


def word_of(participation: Participation | None) -> str:
    return participation.get_state_display().lower() if participation else "non è nell’elenco"
