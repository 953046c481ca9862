"""Where a handout becomes a PDF, in a process of its own: it may take what was packed for it, our fonts and emblem."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

from PIL import Image, ImageFile
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

# WeasyPrint lets a picture that is cut short stand for a whole one: what lacks a part is told to be lacking.
ImageFile.LOAD_TRUNCATED_IMAGES = False
ORIGIN = "handout:///"  # where the handout, its style, fonts and drawings seem to lie: no address of any network
DIST = Path(__file__).resolve().parents[3] / "static" / "dist"
DOTS_PER_INCH = 200
JPEG_QUALITY = 82


def printed(file: IO[bytes], digest: str, pictures: dict[str, str]) -> dict[str, Any]:
    """{pdf, lacking: addresses of pictures that cannot be read}; tagged as PDF/UA-1 (ISO 14289-1) wants it.

    `file` is what `pdf_cache.packed` made; `pictures` names those of its members that an address of the HTML shows.
    Runs in a process of its own: see sandbox.process.ask.
    """
    package, fonts = ZipFile(file), FontConfiguration()
    shelf = AssetFetcher(package, pictures)
    sheet = CSS(string=package.read("style").decode(), base_url=ORIGIN, url_fetcher=shelf, font_config=fonts)
    pdf = HTML(string=package.read("html").decode(), base_url=ORIGIN, url_fetcher=shelf).write_pdf(
        stylesheets=[sheet],
        font_config=fonts,
        pdf_variant="pdf/ua-1",
        pdf_identifier=digest.encode(),
        dpi=DOTS_PER_INCH,
        finisher=finish,
    )
    return {"pdf": pdf, "lacking": shelf.lacking}


def finish(document: Any, pdf: Any) -> None:
    """Marks that PDF/UA asks for and WeasyPrint leaves out."""
    things = {thing.reference: thing for thing in pdf.objects}
    tree = things[pdf.catalog["StructTreeRoot"]]
    kept = within(tree, things)
    for thing in kept.values():
        if thing.get("S") == "/TH":
            group = things[things[thing["P"]]["P"]]["S"]
            thing["A"]["Scope"] = "/Column" if group == "/THead" else "/Row"
        elif thing.get("S") == "/LI":
            gather(thing, things, pdf)
    by_page = things[tree["ParentTree"]]["Nums"][1::2]
    for page, elements in zip(pdf.page_references, by_page, strict=False):  # those of links come after the pages'
        set_aside(things[things[page]["Contents"]], {mark for mark, one in enumerate(elements) if one not in kept})


def within(tree: Any, things: Any) -> dict[bytes, Any]:
    """The elements that a reader is led to, by their reference."""
    reached, waiting = {}, [*tree["K"]]
    while waiting:
        reference = waiting.pop()
        reached[reference] = things[reference]
        waiting += [kid for kid in things[reference].get("K", []) if isinstance(kid, bytes)]
    return reached


def gather(item: Any, things: Any, pdf: Any) -> None:
    """The body of an item of a list is what stands in it beside its mark."""
    loose = [kid for kid in item["K"] if things[kid]["S"] not in ("/Lbl", "/LBody")]
    if loose:
        pdf.add_object(body := type(item)(item | {"S": "/LBody", "K": type(item["K"])(loose), "P": item.reference}))
        for kid in loose:
            things[kid]["P"] = body.reference
        item["K"] = type(item["K"])([*(kid for kid in item["K"] if kid not in loose), body.reference])


def set_aside(content: Any, marks: Collection[int]) -> None:
    """Running heads and page numbers belong to the sheet, not to the text."""
    for at, piece in enumerate(content.stream):
        if isinstance(piece, dict) and piece.get("MCID") in marks:
            content.stream[at - 1 : at + 1] = ["/Artifact", type(piece)({"Type": "/Pagination"})]


class AssetFetcher(URLFetcher):
    """All that a handout may take: its drawings, our fonts and emblem, the pictures that its page shows.

    Anything else is left out, whatever a text asks for: there is no way to the network, nor to other files.
    """

    def __init__(self, package, pictures):
        super().__init__(allowed_protocols=())
        self.package, self.pictures, self.lacking = package, pictures, []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        name = url.removeprefix(ORIGIN)
        if f"drawings/{name}" in self.package.namelist():
            return URLFetcherResponse(url, self.package.read(f"drawings/{name}"), {"Content-Type": "image/svg+xml"})
        if name in own_files():
            return URLFetcherResponse(url, own_files()[name].read_bytes())
        if url in self.pictures:
            return self._picture(url)
        raise ValueError("A handout takes nothing from there.")

    def _picture(self, url):
        try:
            return URLFetcherResponse(url, *for_print(self.package.read(self.pictures[url])))
        except OSError:
            self.lacking.append(url)
            raise


@cache
def own_files() -> dict[str, Path]:
    return {"emblem.svg": DIST / "emblem.svg"} | {f"fonts/{file.name}": file for file in (DIST / "fonts").iterdir()}


def for_print(stored: bytes) -> tuple[bytes, dict[str, str]]:
    """A stored picture as (JPEG, its headers): as WebP it would be kept point by point, ten times as heavy."""
    with Image.open(BytesIO(stored)) as image:
        picture = image.convert("RGBA")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture)
    target = BytesIO()
    paper.save(target, "JPEG", quality=JPEG_QUALITY)
    return target.getvalue(), {"Content-Type": "image/jpeg"}
