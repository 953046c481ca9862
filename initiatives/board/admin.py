"""The board at the desk: its table, a Comune alone, pasted names, sheets in and out."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.text import slugify

from areaomogenea.desk import spreadsheet_rows
from areaomogenea.desk.extra_pages import Pages
from areaomogenea.desk.once import made_once
from areaomogenea.desk.spreadsheets import WRITERS, SheetForm
from areaomogenea.municipalities.models import Municipality
from areaomogenea.publishing.models import Publication

from ..models import ParticipationStep
from . import spreadsheet
from .forms import BoardFilterForm, ManyForm, OneForm, PasteForm, word_of
from .sources import offered_titles
from .standings import Board, BoardRow, Changes

MEANWHILE = "Proprio adesso qualcun altro ha salvato questa iniziativa: guarda com’è e premi di nuovo."
AS_READ = "Intanto qualcuno ha cambiato questa iniziativa: rileggi che cosa succederà, poi conferma di nuovo."
ALL = "tutti"
MOST_NAMED = 6


class BoardPages(Pages):
    """The board of an initiative: all its Comuni, one of them, a pasted list, sheets in and out."""

    def urls(self) -> list[URLPattern]:
        return [
            self.at("<int:pk>/comuni/", made_once(self.board_view), "board"),
            self.at("<int:pk>/comuni/incolla/", made_once(self.board_paste_view, only="apply"), "board_paste"),
            self.at("<int:pk>/comuni/importa/", made_once(self.board_import_view, only="confirm"), "board_import"),
            self.at("<int:pk>/comuni/esporta.<str:extension>", self.board_export_view, "board_export"),
            self.at("<int:pk>/comuni/<slug:slug>/", made_once(self.board_row_view), "board_row"),
        ]

    def board(self, request: HttpRequest, pk: int) -> Board:
        initiative = self.desk.row(request, pk)
        if not self.desk.has_change_permission(request, initiative):
            raise Http404
        return Board(initiative, request.user)

    def board_page(self, request: HttpRequest, template: str, board: Board, title: str, **context: Any) -> HttpResponse:
        context |= {
            "board": board,
            "subtitle": str(board.initiative),
            "titles": offered_titles(board.initiative, board.by),
        }
        return self.desk.page(request, f"initiatives/{template}", board.initiative, title, **context)

    def board_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        board = self.board(request, pk)
        form = ManyForm(board, request.POST or None)
        if request.method == "POST" and self.board_saved(request, form):
            return redirect("?".join(filter(None, [request.path, filter_params(request).urlencode()])))
        filter_form = BoardFilterForm(request.GET)
        rows = list(filter_form.narrow(board.rows(form.chosen if form.is_bound else ())))
        if not form.is_bound and request.GET.get("scelti") == ALL:
            for row in rows:
                row.is_chosen = row.is_shown
        context = {
            "form": form,
            "filter_form": filter_form,
            "sections": sections_of(rows),
            "query": filter_params(request),
        }
        context["is_any_shown"] = any(row.is_shown for row in rows)
        return self.board_page(request, "board", board, "Chi partecipa", **context)

    def board_saved(self, request: HttpRequest, form: Any) -> bool:
        """Whether what was typed is done; then a message says so."""
        if not form.is_valid():
            return False
        if message := why_not_saved(form.board, form.changes):
            form.add_error(None, message)
            return False
        self.tell_board(request, form.board, len(form.changes), form.unchanged)
        if form.meanwhile:
            names = ", ".join(f"{place} ({word_of(form.board.of(place))})" for place in form.meanwhile[:MOST_NAMED])
            more = len(form.meanwhile) - MOST_NAMED
            names += f" e altri {more}" if more > 0 else ""
            message = f"Intanto altri avevano cambiato: {names}. Le loro modifiche sono rimaste."
            messages.warning(request, message)
        return True

    def tell_board(self, request: HttpRequest, board: Board, number: int, unchanged: int = 0) -> None:
        what = "Un Comune" if number == 1 else f"{number} Comuni"
        done = "la modifica aspetta un Responsabile, la pagina resta com’è" if board.proposes else "salvato"
        others = {0: "", 1: " Un altro era già così."}.get(unchanged, f" Altri {unchanged} erano già così.")
        messages.info(request, f"{what}: {done}.{others}")

    def board_row_view(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        board = self.board(request, pk)
        if not (place := Municipality.objects.defer("border", "outline").named(slug)):
            raise Http404
        places = board.municipalities
        following = places[(places.index(place) + 1) % len(places)]
        form = OneForm(board, place, request.POST or None)
        if request.method == "POST" and self.board_saved(request, form):
            return self.after_row(board, following if "following" in request.POST else None)
        stored = board.stored.get(place.pk)
        known = Prefetch("source", Publication.objects.with_known_by(board.by).defer("body"))
        steps = ParticipationStep.objects.filter(participation=stored).prefetch_related(known)
        context = {"form": form, "place": place, "following": following, "steps": steps if stored else ()}
        return self.board_page(request, "board_row", board, place.name, **context)

    def after_row(self, board: Board, place: Municipality) -> HttpResponse:
        pk = board.initiative.pk
        return redirect(self.desk.address("board_row", pk, place.slug) if place else self.desk.address("board", pk))

    def board_paste_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        board = self.board(request, pk)
        form = PasteForm(board, request.POST or None)
        if request.method == "POST" and form.is_confirmed and self.board_saved(request, form):
            return redirect(self.desk.address("board", pk))
        return self.board_page(request, "board_paste", board, "Incolla un elenco", form=form)

    # Sheets

    def board_export_view(self, request: HttpRequest, pk: int, extension: str) -> HttpResponse:
        board = self.board(request, pk)
        if extension not in WRITERS:
            raise Http404
        content_type, write = WRITERS[extension]
        name = f"comuni-{slugify(board.initiative.title)[:60]}-{timezone.localdate()}.{extension}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(write(spreadsheet.board_rows(board)), content_type, headers=headers)

    def board_import_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A trial that says what would change; pressed again, the same for good. Nothing waits here between."""
        board = self.board(request, pk)
        form = SheetForm(request.POST or None, request.FILES or None)
        context = {"form": form, "columns": spreadsheet.COLUMNS}
        try:
            table = self.board_table(request, form)
            if table:
                spreadsheet.check_board_headers(table[0])
                sheet = spreadsheet.BoardSheet(board, *table)
                if "confirm" in request.POST and self.sheet_saved(request, sheet):
                    return redirect(self.desk.address("board", pk))
                text = spreadsheet_rows.write_csv([table[0], *table[1]]).decode("utf-8-sig")
                context |= {"sheet": sheet, "table": text}
        except ValidationError as error:
            form.add_error("sheet", error)
        return self.board_page(request, "board_import", board, "Importa da un foglio", **context)

    def board_table(self, request: HttpRequest, form: Form) -> tuple[list[str], list[list[str]]] | None:
        if "confirm" in request.POST:
            return spreadsheet_rows.read_text(request.POST.get("table", ""))
        return spreadsheet_rows.read(form.cleaned_data["sheet"]) if form.is_valid() else None

    def sheet_saved(self, request: HttpRequest, sheet: spreadsheet.BoardSheet) -> bool:
        """Whether a sheet that was confirmed is saved: on a newer version than was read it is shown again."""
        board = sheet.board
        if sheet.refused or not sheet.changes:
            return False
        is_read = request.POST.get("seen_version") == str(board.initiative.version)
        if message := why_not_saved(board, sheet.changes) if is_read else AS_READ:
            messages.warning(request, message)
            return False
        self.tell_board(request, board, len(sheet.changes))
        return True


def why_not_saved(board: Board, changes: Changes) -> str:
    """The words for what could not be saved; "" when it is done."""
    try:
        return "" if board.save(changes) else MEANWHILE
    except ValidationError as error:
        return " ".join(error.messages)


def sections_of(rows: Iterable[BoardRow]) -> Iterator[tuple[str, list[BoardRow], bool]]:
    """(heading, rows, whether any is shown) for the 48 and for the others."""
    for heading, in_area in (("I Comuni dell’Area", True), ("Fuori dall’Area", False)):
        some = [row for row in rows if row.municipality.in_area == in_area]
        yield heading, some, any(row.is_shown for row in some)


def filter_params(request: HttpRequest) -> QueryDict:
    """The filters of an address, ready for more to follow."""
    query = QueryDict(mutable=True)
    query.update({name: request.GET[name] for name in ("nome", "stato") if request.GET.get(name)})
    return query
