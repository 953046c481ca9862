"""Contents of a handout, whatever its form: one sober HTML, of which paper, plain text and Markdown are made."""

import re
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from typing import Any

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from areaomogenea.identity.address import absolute_url
from areaomogenea.identity.models import Identity
from areaomogenea.library.images import WIDTHS, rendition_name
from areaomogenea.prose.html import for_reading, plain
from areaomogenea.publishing import kinds
from areaomogenea.publishing.models import Publication, PublicationQuerySet

from ..feeds import absolute
from ..licence import DEED

DESIGN = 1  # to be raised when the making changes: what was kept is made again
# Paper takes a core for a second; a table of 2,000 cells or 60 pages of words for about ten, which nobody may have.
MOST_CELLS, MOST_LETTERS = 2_000, 150_000
SCHEME = re.compile(r"^(?:https?://(?:www\.)?|mailto:|tel:)")
# Pango measures all of a word for each line that it fills: 10,000 letters take a second, 200,000 minutes.
ENDLESS = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>|[^\s<]{500,}')
PIECE = re.compile(r"(?:&#?\w+;|.){60}")
# These two read what a template wrote around the HTML of bodies, which is no XML.
LINK = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass
class Handout:
    """A handout. `drawings`: SVG by name; `pictures`: stored names by the address that the HTML gives them."""

    publication: Publication
    html: str
    drawings: dict
    pictures: dict
    style: str

    @property
    def digest(self) -> str:
        """Another one whenever anything that it says or shows is another."""
        shown = [DESIGN, self.html, sorted(self.drawings.items()), self.style]
        return sha256(repr(shown).encode()).hexdigest()[:32]


def handed_out(kind: str) -> PublicationQuerySet:
    """The rows of a kind that readers see, each with all that its page shows."""
    return kinds.get(kind).model_class.objects.published().of_kind(kind).with_all()


def fits_on_paper(publication: Publication) -> bool:
    return len(publication.body) <= MOST_LETTERS and cells(publication.body) <= MOST_CELLS


def cells(html: str) -> int:
    return html.count("<td") + html.count("<th")  # no value of clean HTML holds a bracket, and no body a <thead>


def text_export(publication: Publication, form: str) -> SafeString:
    """The HTML of a publication that came `with_all`, for one of the forms that are words alone: "txt" or "md"."""
    return written(export_context(publication) | {"form": form})


def to_print(publication: Publication, style: str) -> Handout:
    import qrcode
    from qrcode.image.svg import SvgPathImage

    context = export_context(publication) | {"form": "pdf"}
    drawings = {"codice.svg": qrcode.make(context["address"], image_factory=SvgPathImage, border=0).to_string()}
    if "participation" in context:
        drawings["mappa.svg"] = render_to_string("initiatives/map.svg", context).encode()
    return Handout(publication, written(context), drawings, pictures_of(publication), style)


def export_context(publication: Publication) -> dict[str, Any]:
    context = {"publication": publication, "origin": absolute_url(""), "licence": DEED, "who": Identity.current()}
    context["address"] = absolute_url(publication.get_absolute_url())
    context["paragraphs_html"] = in_full(publication.body)
    context["deadlines"] = publication.deadlines.with_all().soonest_first()
    return context | kinds.get(publication.kind).export_context(publication, in_full)


def written(context: dict[str, Any]) -> SafeString:
    body: str = render_to_string(f"exports/{context['publication']._meta.model_name}.html", context)
    notes: list[str] = []
    if context["form"] == "pdf":
        body, notes = with_notes(with_ends(body))
    return render_to_string("exports/sheet.html", context | {"body_html": body, "notes": notes})


def pictures_of(publication: Publication) -> dict[str, str]:
    """The stored file to print for the address of each picture of its page: fine enough, and no finer."""
    names = [picture["file"] for picture in publication.pictures_within]
    names += [publication.picture.file.name] if publication.picture else []
    return {absolute_url(default_storage.url(name)): rendition_name(name, max(WIDTHS)) for name in names}


def in_full(html: str) -> str:
    return for_reading(absolute(html))[0]


def with_ends(html: str) -> str:
    """The HTML with places for a line to end in words that no line holds, and that nobody reads."""

    def broken(match: re.Match[str]) -> str:
        return match[0] if match[0].startswith("<") else PIECE.sub("\\g<0>\u200b", match[0])

    return ENDLESS.sub(broken, html)


def with_notes(html: str) -> tuple[str, list[str]]:
    """The HTML with a number at each link whose words do not say its address, and those addresses in order."""
    notes = []

    def number(link: re.Match[str]) -> str:
        address = unescape(link[1])
        if says(plain(link[2]), address):
            return link[0]
        if address not in notes:
            notes.append(address)
        return f'{link[0]}<sup class="note">{notes.index(address) + 1}</sup>'

    return LINK.sub(number, html), notes


def says(words: str, address: str) -> bool:
    """Whether the words of a link say its address, or it leads to another line of the same sheet: it needs no note."""
    bare = SCHEME.sub("", address).rstrip("/")
    return address.startswith("#") or words.strip().rstrip("/") in (address.rstrip("/"), bare)
