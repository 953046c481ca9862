"""Participations as rows of a spreadsheet: what leaves comes back the same, what is wrong is told at its row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from areaomogenea.desk.spreadsheet_rows import as_text, from_text
from areaomogenea.municipalities.gazetteer import Gazetteer
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.models import Publication
from initiatives.models import InitiativeGroup

from ..models import Participation
from .forms import word_of
from .matching import NameReader
from .sources import source_called

if TYPE_CHECKING:
    from .standings import Board

CODE, NAME, STATE, SINCE, GROUP, SOURCE = "codice ISTAT", "Comune", "stato", "dal", "gruppo", "fonte"
COLUMNS = [CODE, NAME, STATE, SINCE, GROUP, SOURCE]
FIELDS = {"state": STATE, "since": SINCE, "group": GROUP, "source": SOURCE}


def board_rows(board: Board) -> Iterator[list[str]]:
    """All Comuni, so that the sheet is its own model: those without a state are not in the list."""
    yield COLUMNS
    for row in board.rows():
        yield [row.municipality.istat_code, row.municipality.name, *cells_of(row.participation)]


def cells_of(one: Participation | None) -> list[str]:
    if not one:
        return ["", "", "", ""]
    group = one.group.name if one.group else ""
    source = (one.source.get_absolute_url() if one.source.is_known else str(one.source)) if one.source else ""
    return [one.get_state_display(), as_text(Participation._meta.get_field("since"), one.since), group, source]


@dataclass
class SheetLine:
    """A row of the sheet: its Comune, what it was and would be, and what is wrong by the name of its column."""

    number: int
    name: str
    before: str = ""
    after: str = ""
    changes: list = field(default_factory=list)
    errors: dict = field(default_factory=dict)


def check_board_headers(headers: list[str]) -> None:
    """Raises ValidationError when the columns are not those of participations."""
    unknown = [name for name in headers if name and name not in COLUMNS]
    if unknown:
        names = ", ".join(f"«{name}»" for name in unknown[:10])
        raise ValidationError(f"Non conosco queste colonne: {names}. I nomi giusti sono quelli di un’esportazione.")
    twice = [name for name in COLUMNS if headers.count(name) > 1]
    if twice:
        raise ValidationError(f"Questa colonna c’è due volte: «{twice[0]}».")
    if STATE not in headers or not {CODE, NAME} & {*headers}:
        raise ValidationError(f"Servono le colonne «{STATE}» e «{CODE}» (o «{NAME}»).")


class BoardSheet:
    """The rows of a file against a board; `wanted` is what they ask, nothing of which is done here."""

    def __init__(self, board, headers, table):
        self.board, self.headers = board, headers
        self.reader = NameReader(Gazetteer(board.municipalities))
        self.by_code = {place.istat_code: place for place in board.municipalities}
        self.changes, self.met, self.sources = {}, {}, {}
        self.lines = [self.line(number, cells) for number, cells in enumerate(table, start=2)]
        self.changes = board.changed(self.changes)
        for place, by_field in board.faults(self.changes).items():
            errors = {FIELDS.get(name, ""): messages for name, messages in by_field.items()}
            self.lines[self.met[place] - 2].errors |= errors

    @property
    def refused(self) -> list[SheetLine]:
        return [line for line in self.lines if line.errors]

    @property
    def changing(self) -> list[SheetLine]:
        return [line for line in self.lines if line.changes]

    def line(self, number: int, cells: list[str]) -> SheetLine:
        values = {name: text.strip() for name, text in zip(self.headers, cells, strict=False)}
        line = SheetLine(number, values.get(NAME) or values.get(CODE, ""))
        spare = [cell for cell in cells[len(self.headers) :] if cell.strip()]
        if spare:
            line.errors[""] = ["Ha più celle delle colonne: un testo che contiene il separatore va fra virgolette."]
            return line
        place = self.value_of(line, NAME if values.get(NAME) else CODE, lambda: self.place(values))
        if place in self.met:
            line.errors[NAME] = [f"{place} c’è già alla riga {self.met[place]}: tieni una riga sola."]
        elif place:
            self.met[place], line.name = number, place.name
            self.fill(line, place, values)
        return line

    def value_of(self, line: SheetLine, column: str, read: Callable[[], Any]) -> Any:
        """What is read from a cell; None when it cannot be, and the row says why."""
        try:
            return read()
        except ValidationError as error:
            line.errors[column] = error.messages
            return None

    def place(self, values: Mapping[str, str]) -> Municipality:
        code, name = values.get(CODE, ""), values.get(NAME, "")
        coded = self.by_code.get(code.zfill(6)) if code else None  # spreadsheets drop the zeros before a number
        if code and not coded:
            raise ValidationError(f"Nessun Comune che conosciamo ha il codice ISTAT {code}.")
        if not name and not code:
            raise ValidationError("Manca il Comune: scrivi il suo codice ISTAT o il suo nome.")
        named = self.named(name) if name else coded
        if coded and named != coded:
            raise ValidationError(f"Il codice {code} è di {coded}, non di {named}.")
        return named

    def named(self, name: str) -> Municipality:
        names = self.reader.read(name).names
        if len(names) == 1 and names[0].is_certain:
            return names[0].municipalities[0]
        if len(names) == 1 and names[0].municipalities:
            choices = " o ".join(place.name for place in names[0].municipalities)
            raise ValidationError(f"«{name}» potrebbe essere {choices}: scrivi il nome per intero.")
        raise ValidationError(f"Non conosciamo un Comune che si chiama «{name}».")

    def fill(self, line: SheetLine, place: Municipality, values: Mapping[str, str]) -> None:
        """What this row asks for its Comune; of columns that the sheet does not have, all stays."""
        now = self.board.of(place)
        if not values.get(STATE):
            if any(values.get(name) for name in (SINCE, GROUP, SOURCE)):
                line.errors[STATE] = ["Scrivi lo stato, o svuota tutta la riga per togliere il Comune dall’elenco."]
            after = None
        else:
            after = self.board.begun(place)
            after.state = self.value_of(line, STATE, lambda: state_called(values[STATE]))
            if SINCE in values:
                since = Participation._meta.get_field("since")
                after.since = self.value_of(line, SINCE, lambda: from_text(since, values[SINCE]))
            if GROUP in values:
                after.group = self.value_of(line, GROUP, lambda: self.group(values[GROUP]))
            if SOURCE in values and values[SOURCE] != cells_of(now)[3]:
                after.source = self.value_of(line, SOURCE, lambda: self.source(values[SOURCE], after.source))
        if not line.errors:
            self.changes[place] = after
            line.before, line.after = word_of(now), word_of(after)
            line.changes = changed_columns(now, after)

    def group(self, name: str) -> InitiativeGroup | None:
        groups = [group for group in self.board.groups.values() if group.name.casefold() == name.casefold()]
        if name and not groups:
            known = ", ".join(f"«{group.name}»" for group in self.board.groups.values()) or "nessuno"
            raise ValidationError(f"Questa iniziativa non ha un gruppo «{name}». I suoi gruppi: {known}.")
        return groups[0] if name else None

    def source(self, text: str, now: Any) -> Publication | None:
        if now and not now.is_known and text == str(now):
            return now
        if text and text not in self.sources:
            self.sources[text] = source_called(text, self.board.by)
        return self.sources.get(text)


def state_called(text: str) -> str | None:
    labels = {label.casefold(): value for value, label in Participation.State.choices}
    if text.casefold() not in labels:
        known = ", ".join(f"«{label}»" for label in Participation.State.labels)
        raise ValidationError(f"«{text}» non è uno stato. Quelli che ci sono: {known}.")
    return labels[text.casefold()]


def changed_columns(now: Participation, after: Participation) -> list[str]:
    """The columns that change."""
    pairs = zip(COLUMNS[2:], cells_of(now), cells_of(after), strict=True)
    return [name for name, before, then in pairs if before != then]
