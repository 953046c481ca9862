"""News on somebody else's page: the frames, the element, and the page that says what to paste.

The addresses that are pasted elsewhere are for ever: /incorpora/elenco/, /incorpora/scheda/<kind>/<slug>/,
/incorpora/area-omogenea.js and /incorpora/colore/<rrggbb>.css, each with the parameters it has now.
"""

from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp
from django import forms
from django.contrib.staticfiles import finders
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, re_path, reverse
from django.utils.http import urlencode
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from areaomogenea.deadlines.calendar_filters import DueForm
from areaomogenea.identity.address import absolute_url
from areaomogenea.prose.forms import LineField
from areaomogenea.publishing import kinds
from areaomogenea.publishing.filters import PlainSelect, StrictForm
from areaomogenea.publishing.models import Publication

from . import colours
from .feed_query import NAMED, SelectionForm, in_address
from .responses import only_read

MOST = 20
PLAIN = {"aspetto": "automatico", "densita": "comoda", "immagini": "si", "colore": "#0b5563", "quanti": "5"}
# Pixels that a frame needs in a column of 320 or more: the band and the foot, then each row.
AROUND, ROW = 176, {("comoda", "si"): 174, ("comoda", "no"): 153, ("compatta", "si"): 92, ("compatta", "no"): 90}
CARD = {"si": 560, "no": 300}
SIX_DIGITS = RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", "scrivi il colore come #0b5563: sei cifre esadecimali.")
POLICY = {
    "default-src": [NONE],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "script-src": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [NONE],
    # No frame-ancestors: even * forbids the pages without an origin in which editors preview what they are given.
}


def choice(name: str, label: str, choices: list[tuple[str, str]], message: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        initial=PLAIN[name],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": message},
    )


class LookForm(StrictForm):
    """The look of an embed."""

    aspetto = choice(
        "aspetto",
        "Sfondo",
        [("automatico", "Automatico"), ("chiaro", "Chiaro"), ("scuro", "Scuro")],
        "scrivi «chiaro», «scuro» o «automatico».",
    )
    densita = choice(
        "densita",
        "Spazio",
        [("comoda", "Comodo"), ("compatta", "Compatto")],
        "scrivi «comoda» o «compatta».",
    )
    immagini = choice("immagini", "Immagini", [("si", "Sì"), ("no", "No")], "scrivi «si» o «no».")
    colore = LineField(
        label="Colore",
        required=False,
        validators=[SIX_DIGITS],
        widget=forms.TextInput(attrs={"type": "color", "class": "form-control form-control-color"}),
    )
    # Only in what oEmbed hands out: some systems follow no link of a frame that does not talk to them.
    dialogo = forms.ChoiceField(
        choices=[("si", "Sì")],
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "scrivi «si», o togli il parametro."},
    )

    def value_or_usual(self, name: str) -> Any:
        return self.cleaned_data[name] or PLAIN[name]

    @property
    def shows_pictures(self) -> bool:
        return self.value_or_usual("immagini") == "si"

    @property
    def is_dense(self) -> bool:
        return self.value_or_usual("densita") == "compatta"

    @property
    def css(self) -> str:
        ground = {"automatico": "is-auto", "chiaro": "is-light", "scuro": "is-dark"}[self.value_or_usual("aspetto")]
        return f"embed {ground}{' is-dense' if self.is_dense else ''}"

    @property
    def colour(self) -> str:
        """Six digits without the hash; "" for the portal's own."""
        return self.cleaned_data["colore"].lower().removeprefix("#")

    @property
    def attributes(self) -> list[tuple[str, str]]:
        """Pairs (name, value) of what was chosen and is not as usual."""
        typed = {name: str(self.data[name]).strip() for name in self.fields if self.cleaned_data[name]}
        named = {name: in_address(self.cleaned_data[name]) for name in NAMED if name in typed}
        chosen = [(name, named.get(name, value)) for name, value in typed.items()]
        return [(name, value) for name, value in chosen if value != PLAIN.get(name)]

    @property
    def query(self) -> str:
        return urlencode(self.attributes)


class EmbedForm(LookForm, SelectionForm):
    """A selection, and how its list looks."""

    testo = anno = None
    quanti = forms.IntegerField(
        label="Quante",
        min_value=1,
        max_value=MOST,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), f"scrivi un numero da 1 a {MOST}."),
    )

    @property
    def number(self) -> int:
        return int(self.value_or_usual("quanti"))

    @property
    def height(self) -> int:
        """Pixels that a frame needs so that it has no bar to scroll."""
        return AROUND + self.number * ROW[self.value_or_usual("densita"), self.value_or_usual("immagini")]

    @property
    def src(self) -> str:
        return reverse("embed_list") + (f"?{self.query}" if self.query else "")

    @property
    def feed(self) -> str:
        """The path of the feed of the same selection."""
        query = [(name, value) for name, value in self.attributes if name in SelectionForm.base_fields]
        return reverse("feed_rss") + (f"?{urlencode(query)}" if query else "")

    @property
    def calendar(self) -> str:
        """The path of the calendar of the same place and topic: what is due knows no other of its choices."""
        query = [(name, value) for name, value in self.attributes if name in DueForm.base_fields]
        return reverse("calendario:file") + (f"?{urlencode(query)}" if query else "")


class BuilderForm(EmbedForm):
    """Chosen from lists; what it does not know, it leaves alone."""

    LISTS = {"comune": "Tutti i 48", "argomento": "Tutti", "iniziativa": "Tutte"}
    LABELS = {"tipo": "Tipo", "comune": "Comune", "argomento": "Argomento", "iniziativa": "Iniziativa", "q": "Parole"}

    data: dict[str, Any]

    def __init__(self, data):
        known = {name: value for name, value in data.items() if name in self.base_fields and value}
        super().__init__(PLAIN | known)
        for name, label in self.LABELS.items():
            self.fields[name].label = label
        for name, everything in self.LISTS.items():
            rows = [(row.slug, str(row)) for row in self.fields[name].rows()]
            self._tell_by_present_name(name, dict(rows))
            self.fields[name].widget = PlainSelect(attrs={"class": "form-select"}, choices=[("", everything), *rows])
        self.data["tipo"] = self.fields["tipo"].present_name(self.data.get("tipo"))
        kinds = [("", "Tutti"), *self.fields["tipo"].choices]
        self.fields["tipo"].widget = PlainSelect(attrs={"class": "form-select"}, choices=kinds)
        if not SIX_DIGITS.regex.match(self.data["colore"]):  # the browser's own choice of colours would hide it
            self.fields["colore"].widget = forms.TextInput(attrs={"class": "form-control"})
        self.fields["q"].widget = forms.TextInput(attrs={"class": "form-control"})

    def _tell_by_present_name(self, name, listed):
        value = self.data.get(name)
        if value and value not in listed and (row := self.fields[name].rows().named(value)):
            self.data[name] = row.slug

    @property
    def what(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.LISTS, "tipo", "q", "quanti")]

    @property
    def how(self) -> list[forms.BoundField]:
        return [self[name] for name in ("aspetto", "densita", "immagini", "colore")]


def framed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view whose answer anybody may put in a frame, which tells nobody where its readers come from."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return xframe_options_exempt(csp(POLICY)(require_safe(answer)))


def for_everybody(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Pages of any origin may ask for the answer by a script."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return only_read(answer)


@require_safe
def builder(request: HttpRequest) -> HttpResponse:
    form = BuilderForm(request.GET)
    status = 200 if form.is_valid() else 400
    return render(request, "distribution/builder.html", {"form": form, "origin": absolute_url("")}, status=status)


@framed
def listing(request: HttpRequest) -> HttpResponse:
    form = EmbedForm(request.GET)
    if not form.is_valid():
        return render(request, "distribution/embed_refused.html", {"faults": form.faults}, status=400)
    rows = form.narrow(Publication.objects.published().news()).latest_first().with_places().with_picture().defer("body")
    context = {"look": form, "publications": rows[: form.number], "origin": absolute_url("")}
    return render(request, "distribution/embed_list.html", context)


def published_at(kind: str, slug: str) -> Publication | None:
    """The publication at this address or former one, as its card shows it; None if there is none."""
    if not (known := kinds.named(kind)):
        return None
    return Publication.objects.published().with_places().with_picture().defer("body").named(slug, known.code)


@framed
def embedded_card(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    look = LookForm(request.GET)
    if not look.is_valid():
        return render(request, "distribution/embed_refused.html", {"faults": look.faults}, status=400)
    publication = published_at(kind, slug)
    if not publication:
        return render(request, "distribution/embed_refused.html", status=404)
    context = {"look": look, "publication": publication, "origin": absolute_url("")}
    return render(request, "distribution/embed_card.html", context)


@for_everybody
@cache_control(public=True, max_age=24 * 60 * 60)
def colour(request: HttpRequest, digits: str) -> HttpResponse:
    return HttpResponse(colours.sheet(f"#{digits}"), content_type="text/css; charset=utf-8")


@for_everybody
@cache_control(public=True, max_age=60 * 60)
def element(request: HttpRequest) -> HttpResponse:
    return HttpResponse(script(), content_type="text/javascript; charset=utf-8")


@cache
def script() -> str:
    if not (file := finders.find("area-omogenea.js")):
        raise Http404
    return Path(file).read_text(encoding="utf-8")


urlpatterns = [
    path("incorpora/", builder, name="embed_builder"),
    path("incorpora/elenco/", listing, name="embed_list"),
    path("incorpora/scheda/<slug:kind>/<slug:slug>/", embedded_card, name="embed_card"),
    path("incorpora/area-omogenea.js", element, name="embed_element"),
    re_path(r"^incorpora/colore/(?P<digits>[0-9a-f]{6})\.css$", colour, name="embed_colour"),
]
