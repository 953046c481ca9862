"""Terms and meetings that a text tells of and its page does not have as rows: each is offered, ready to be added."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.timezone import localtime

from areaomogenea.prose.typography import words
from areaomogenea.publishing.models import Publication
from areaomogenea.quality.content_checks import CheckInput, Finding, SuggestedRow, quoted, shorten_passage

from .forms import ENDS, hour_field
from .models import Deadline
from .partial_dates import date_in_words

if TYPE_CHECKING:
    from areaomogenea.prose.terms import Term

DayAndHour = tuple[date, time | None]
TypedRows = Mapping[str, Sequence[Mapping[str, Any]]]  # of a form, by table
TABLE = "deadlines"
LONGEST_TITLE, LONGEST_PLACE = (Deadline._meta.get_field(name).max_length for name in ("title", "place"))
DAY_TYPED, HOUR_TYPED = "%d/%m/%Y", "%H:%M"
ADVICE = "Aggiungi la riga: chi legge trova la data nell’agenda e nel suo calendario."
# The words by which a sentence, or the title, says for whom something is.
AUDIENCES = {
    Deadline.Audience.CITIZENS: r"cittadin|famigli|residenti|abitanti|genitori|student|alunni|giovani|anziani",
    Deadline.Audience.BUSINESSES: r"impres[ae]|aziend|ditte|commercianti|artigian|operatori economici|esercenti",
    Deadline.Audience.MUNICIPALITIES: r"\bsindac[io]|\bi comuni\b|[ad]e?i comuni|amministrazion|enti locali",
    Deadline.Audience.ASSOCIATIONS: r"associazion|volontariat|terzo settore|società sportive|pro loco",
}


def term_without_row(sheet: CheckInput, publication: Publication | None, rows: TypedRows | None) -> Iterator[Finding]:
    from areaomogenea.prose.terms import terms  # its patterns take a while to make, and readers need none of them

    today = timezone.localdate(sheet.now)
    dated_terms = terms(sheet.text, sheet.written_on, since=max(today, sheet.day))
    for term in without_rows(dated_terms, days_of_rows(publication, rows)) if dated_terms else ():
        what = "un incontro" if term.is_meeting else "una scadenza"
        unsure = f" Controlla: {'; '.join(term.doubts)}." if term.doubts else ""
        yield Finding(
            f"Il testo nomina {what} che la pagina non ha: {quoted(term.passage)}.",
            f"{ADVICE}{unsure}",
            next((name for name, text in sheet.texts.items() if term.passage in text), "body"),
            passage=term.passage,
            row=suggested_row(term, sheet.title),
            key=term_key(term) if publication else "",
            denial=f"Non è {what}",
        )


def term_key(term: Term) -> str:
    """The same passage, however it is spaced and written, wherever it stands on a page."""
    return sha256(f"{term.kind.value}\n{' '.join(words(term.passage))}".encode()).hexdigest()


def without_rows(dated_terms: Collection[Term], rows: Iterable[DayAndHour]) -> list[Term]:
    """The terms that no row stands for: one of the same day, first of all that of the same hour."""
    left = Counter(rows)
    met = set()
    for is_exact in (True, False):
        for term in dated_terms:
            days = {term.day, term.opens, term.ends} - {None}
            row = next((row for row in left if row[0] in days and (row[1] == term.hour or not is_exact)), None)
            if row and term not in met:
                met.add(term)
                left[row] -= 1
                left += Counter()  # drops what is used up
    return [term for term in dated_terms if term not in met]


# The rows that are there


def days_of_rows(publication: Publication | None, rows: TypedRows | None) -> list[DayAndHour]:
    """(day, hour) of each: as they stand in a form; as they are stored, where no form shows them or their hours."""
    stored = {row.pk: row for row in publication.deadlines.all()} if publication else {}
    if rows is None:
        return [hours_stored(row) for row in stored.values()]
    days = []
    for row in rows.get(TABLE, ()):
        own = stored.get(whole_number(row.get("id")))
        known = own is not None and (own.is_kept or "closes_day" not in row)  # those boxes send nothing
        days.append(hours_stored(own) if known else hours_typed(row))
    return list(filter(None, days))


def whole_number(text: object) -> int | None:
    return int(str(text)) if str(text or "").isdecimal() else None


def hours_stored(row: Deadline) -> DayAndHour:
    at = localtime(row.due_at)
    return at.date(), None if row.is_all_day else at.time().replace(second=0)


def hours_typed(row: Mapping[str, Any]) -> DayAndHour | None:
    """Of the box that counts for its kind, or of the other one; None where no day can be read."""
    ends = reversed(ENDS) if row.get("kind") != Deadline.Kind.MEETING else iter(ENDS)
    for end in ends:
        if day := read_typed(forms.DateField(), row.get(f"{end}_day")):
            return day, read_typed(hour_field(""), row.get(f"{end}_hour"))
    return None


def read_typed(field: forms.Field, typed: object) -> Any:
    try:
        return field.to_python(typed)
    except ValidationError:
        return None


# The row that is offered


def suggested_row(term: Term, title: str) -> SuggestedRow:
    opens, closes = (
        ((term.day, term.hour), (term.ends, term.ends_hour))
        if term.is_meeting
        else ((term.opens, term.opens_hour), (term.day, term.hour))
    )
    what = title_of(term, title)
    values: dict[str, Any] = {
        "kind": Deadline.Kind.MEETING.value if term.is_meeting else Deadline.Kind.DEADLINE.value,
        "title": what,
        "audience": audience_of(term, title),
        **typed_values("opens", *opens),
        **typed_values("closes", *closes),
        "place": term.place[:LONGEST_PLACE],
    }
    hour = f", ore {term.hour:{HOUR_TYPED}}" if term.hour else ""
    text = ", ".join(filter(None, [what, f"{date_in_words(term.day)}{hour}", term.place]))
    return SuggestedRow(TABLE, "Aggiungi l’incontro" if term.is_meeting else "Aggiungi la scadenza", text, values)


def typed_values(end: str, day: date | None, hour: time | None) -> dict[str, str]:
    return {f"{end}_day": f"{day:{DAY_TYPED}}" if day else "", f"{end}_hour": f"{hour:{HOUR_TYPED}}" if hour else ""}


def title_of(term: Term, title: str) -> str:
    """What is due and of what: "Domande: Bando per le scuole"."""
    title = " ".join(title.split())
    if not term.subject or term.subject.casefold() in title.casefold():
        whole = title or term.subject
    else:
        whole = f"{term.subject}: {title}" if title else term.subject
    return whole if len(whole) <= LONGEST_TITLE else f"{shorten_passage(whole, LONGEST_TITLE - 1)}…"


def audience_of(term: Term, title: str) -> list[str]:
    """For whom its sentence, or else the title, says that it is; nobody where neither does."""
    for text in (term.sentence, title):
        if audiences := [
            audience.value for audience, pattern in AUDIENCES.items() if re.search(pattern, text, re.IGNORECASE)
        ]:
            return audiences
    return []
