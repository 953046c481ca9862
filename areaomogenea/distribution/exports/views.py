"""Views of handouts: a page's own address with another ending, or the page itself asked for in another form."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date

from areaomogenea.identity.address import absolute_url
from areaomogenea.naming.moves import moved
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.pages import why_withdrawn

from ..responses import only_read, refused
from . import pdf_cache
from .context import fits_on_paper, handed_out, text_export, to_print


@dataclass(frozen=True)
class Form:
    suffix: str
    media_type: str
    label: str

    def address(self, publication: Publication) -> str:
        return f"{publication.get_absolute_url().rstrip('/')}.{self.suffix}"


PDF = Form("pdf", "application/pdf", "PDF da stampare")
TEXT = Form("txt", "text/plain", "Testo semplice")
MARKDOWN = Form("md", "text/markdown", "Markdown")
FORMS = (PDF, TEXT, MARKDOWN)


@only_read
def handout(request: HttpRequest, kind: str, slug: str, form: Form) -> HttpResponse:
    publication = handed_out(kind).named(slug, kind)
    if not publication or not publication.is_at(kind, slug):
        return elsewhere(request, kind, slug, form)
    try:
        response = MAKERS[form](publication)
    except pdf_cache.WithdrawnError:
        return elsewhere(request, kind, slug, form)
    except NotNowError as refusal:
        return not_now(request, publication, refusal)
    response["Content-Location"] = form.address(publication)
    response["Link"] = f'<{absolute_url(publication.get_absolute_url())}>; rel="canonical"'
    return response


class NotNowError(Exception):
    """Said in words; `after`: seconds in which it may be otherwise, if it may."""

    def __init__(self, words, after=None):
        super().__init__(words)
        self.after = after


def pdf(publication: Publication) -> HttpResponse:
    if not pdf_cache.can_be_made():
        raise NotNowError("Qui i PDF non si possono preparare: leggi la pagina, oppure stampala dal browser.")
    if not fits_on_paper(publication):
        raise NotNowError("Questa pagina è troppo lunga per un PDF: leggila sul portale, oppure stampala dal browser.")
    made = to_print(publication, pdf_cache.style())
    try:
        content, made_at = pdf_cache.on_paper(made)
    except pdf_cache.BusyError:
        raise NotNowError("Stiamo preparando altri PDF: riprova fra un minuto.", after=60) from None
    response = HttpResponse(content, content_type=PDF.media_type)
    response["Content-Disposition"] = f'inline; filename="{publication.slug}.pdf"'
    response["Last-Modified"] = http_date(made_at.timestamp())
    return response


def not_now(request: HttpRequest, publication: Publication, refusal: Exception) -> HttpResponse:
    """People are shown a page with the other ways to read it, programs a line."""
    if request.get_preferred_type(["text/plain", "text/html"]) == "text/html":
        context = {"publication": publication, "refusal": refusal, "text": TEXT.address(publication)}
        response = render(request, "exports/not_now.html", context, status=503)
    else:
        response = refused(str(refusal), status=503)
    response["Cache-Control"] = "no-store"
    if refusal.after:
        response["Retry-After"] = str(refusal.after)
    return response


def text(publication: Publication) -> HttpResponse:
    from .text_formats import as_plain

    return as_text(as_plain(text_export(publication, TEXT.suffix)), TEXT)


def markdown(publication: Publication) -> HttpResponse:
    from .text_formats import as_markdown

    return as_text(as_markdown(text_export(publication, MARKDOWN.suffix)), MARKDOWN)


def as_text(words: str, form: Form) -> HttpResponse:
    return HttpResponse(words, content_type=f"{form.media_type}; charset=utf-8")


MAKERS = {PDF: pdf, TEXT: text, MARKDOWN: markdown}


def elsewhere(request: HttpRequest, kind: str, slug: str, form: Form) -> HttpResponse:
    """A page in another form, or that it is gone, moved or never was: people are shown a page, programs a line."""
    withdrawn = Publication.objects.known_as(slug, kind).withdrawn().once_published().first()
    there = None if withdrawn else Publication.objects.published().named(slug, kind)
    if there:
        return moved(request, form.address(there))
    status, words = (410, "Questa pagina è stata ritirata") if withdrawn else (404, "Questa pagina non c’è")
    reason = withdrawn and why_withdrawn(withdrawn)
    if request.get_preferred_type(["text/plain", "text/html"]) == "text/html":
        response = render(request, f"{status}.html", {"reason": reason}, status=status)
    else:
        response = refused(f"{words}: {reason}" if reason else f"{words}.", status)
    patch_vary_headers(response, ["Accept"])
    return response
