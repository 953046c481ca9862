"""The page as it will be, before it is published or even saved; and the links that show it to others."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.identity.address import absolute_url
from areaomogenea.prose.forms import LineField
from areaomogenea.publishing import pages
from areaomogenea.publishing.models import Publication
from areaomogenea.publishing.preview_links import DAYS, PreviewLink, token_from

from .effects import why_not
from .extra_pages import Pages
from .files import desk_url, examine_attachments, keep_uploads
from .models import Submission
from .once import REPEATED, digest_of, key_of, made_once

framed_by_the_desk = csp_replace({"frame-ancestors": [SELF]})
TOKEN = "preview-token"  # noqa: S105 (the tag of the message that carries one to the next page)


class PreviewLinkForm(forms.Form):
    reader = LineField(
        label="Per chi",
        max_length=120,
        help_text="Nome e ruolo, per esempio: sindaca di Offanengo. Serve a ricordare a chi l’hai dato.",
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label="Scade fra",
        coerce=int,
        choices=[(1, "1 giorno"), (3, "3 giorni"), (DAYS, f"{DAYS} giorni"), (14, "14 giorni"), (30, "30 giorni")],
        initial=DAYS,
        error_messages={"invalid_choice": "Scegli una durata dall’elenco."},
    )


class PreviewPages(Pages):
    """The page of a row, looked at as it is typed."""

    def urls(self) -> list[URLPattern]:
        view: Any = self.preview_page_view
        page = framed_by_the_desk(xframe_options_sameorigin(view))
        return [
            self.at("anteprima/", self.preview_view, "preview_new"),
            self.at("anteprima/pagina/", page, "preview_new_page"),
            self.at("<int:pk>/anteprima/", self.preview_view, "preview"),
            self.at("<int:pk>/anteprima/pagina/", page, "preview_page"),
        ]

    def preview_view(self, request: UserRequest, pk: int | None = None) -> HttpResponse:
        """The desk's frame around the page, with its widths; what was typed goes through it to the page."""
        publication = self.row_to_preview(request, pk)
        if request.method != "POST" and not publication:
            return redirect(self.desk.address("add"))
        page = ("preview_page", publication.pk) if publication else ("preview_new_page",)
        context = {"page_url": self.desk.address(*page), "typed": [], "refusals": []}
        if request.POST:
            form = self.form_to_preview(request, publication)
            context["refusals"] = refusals(form)
            chosen = keep_uploads(request, form.formsets.values())
            typed = [(name, value) for name, values in request.POST.lists() for value in values]
            typed = [(name, value) for name, value in typed if name not in ("csrfmiddlewaretoken", *chosen)]
            context["typed"] = [*typed, *chosen.items()]
        return self.desk.page(request, "preview", publication, "Anteprima", **context)

    def preview_page_view(self, request: UserRequest, pk: int | None = None) -> HttpResponse:
        publication = self.row_to_preview(request, pk)
        if request.method == "POST":
            form = self.form_to_preview(request, publication)
            form.is_valid()  # or not: what can be shown is shown
            publication = self.as_typed(form)
        elif publication:
            publication = self.as_stored_page(publication)
        else:
            return redirect(self.desk.address("add"))
        return pages.preview_page(request, publication, file_prefix=desk_url("x").removesuffix("x"))

    def row_to_preview(self, request: UserRequest, pk: int) -> Any:
        """The row in scope; None for one that was never saved."""
        if pk is not None:
            return self.desk.row(request, pk)
        if not self.desk.has_add_permission(request):
            raise PermissionDenied
        return None

    def form_to_preview(self, request: UserRequest, publication: Publication) -> Any:
        form = self.desk.get_form(request, publication, change=publication is not None)
        form = form(request.POST, request.FILES, instance=self.row_of(publication))
        for make_formset, inline in self.desk.get_formsets_with_inlines(request, publication and form.instance):
            prefix = make_formset.get_default_prefix()
            make_formset(**self.desk.get_formset_kwargs(request, form.instance, inline, prefix))
        return form

    def row_of(self, publication: Publication) -> Any:
        """The row that a form is filled for: a new one where there is none yet."""
        return self.desk.model.objects.get(pk=publication.pk) if publication else self.desk.model()

    def as_typed(self, form: Any) -> Any:
        form.instance.pk = form.instance.pk or pages.NOBODY
        return form.instance

    def as_stored_page(self, row: Any) -> Any:
        return row


class PublicationPreviewPages(PreviewPages):
    """The page of a publication, with what its form brings along."""

    def form_to_preview(self, request: UserRequest, publication: Publication) -> Any:
        examine_attachments(request.FILES)
        return super().form_to_preview(request, publication)

    def row_of(self, publication: Publication) -> Any:
        return publication or self.desk.model(kind=self.desk.usual_kind)

    def as_typed(self, form: Any) -> Any:
        return pages.row_as_typed(form)

    def as_stored_page(self, row: Any) -> Any:
        return pages.with_its_kind(row)


class PreviewLinkPages(Pages):
    """The links that show a page to guests before it is published."""

    def urls(self) -> list[URLPattern]:
        view = made_once(self.preview_links_view, repeated=self.show_link_again)
        return [self.at("<int:pk>/link-di-anteprima/", view, "preview_links")]

    def preview_links_view(self, request: UserRequest, pk: int) -> HttpResponse:
        publication = self.desk.row(request, pk)
        may_change = self.desk.has_change_permission(request, publication)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        if "revoke" in request.POST:
            self.revoke_link(request, publication, request.POST["revoke"])
            return redirect(request.path)
        form = PreviewLinkForm(request.POST or None)
        if form.is_valid():
            self.issue_link(request, publication, **form.cleaned_data)
            return redirect(request.path)
        links = publication.preview_links.select_related("made_by")
        context = {"form": form, "links": links, "may_change": may_change, "token_tag": TOKEN}
        return self.desk.page(request, "preview_links", publication, "Link di anteprima", **context)

    def issue_link(self, request: UserRequest, publication: Publication, reader: str, days: int) -> None:
        token = token_of(request)
        if token and PreviewLink.objects.bearing(token).exists():
            self.show_link_again(request)  # the same form, from a page left open until nobody knew of the first time
            return
        link = PreviewLink.objects.issue(publication, by=request.user, reader=reader, days=days, token=token)
        if link:
            self.show_link(request, link.token)
        else:
            publication.refresh_from_db()
            messages.warning(request, f"«{publication}»: {why_not(publication)}")

    def show_link(self, request: UserRequest, token: str) -> None:
        # A message is kept by the browser, not by us, and is shown once: the token stays nowhere.
        address = absolute_url(reverse("preview", args=[token]))
        messages.success(request, address, extra_tags=TOKEN)

    def show_link_again(self, request: UserRequest, submission: Submission | None = None) -> HttpResponse:
        """The answer to the first click, which told the link, was thrown away by the second."""
        token = token_of(request)
        if PreviewLink.objects.valid().bearing(token).exists():
            self.show_link(request, token)
        else:
            messages.info(request, REPEATED)
        return redirect(request.path)

    def revoke_link(self, request: UserRequest, publication: Publication, pk: str) -> None:
        link = get_object_or_404(publication.preview_links, pk=pk if pk.isdecimal() else 0)
        if link.revoke():
            messages.info(request, f"Il link per {link.reader} non si apre più.")


def token_of(request: UserRequest) -> str:
    """The token that this form makes whenever it arrives; "" for a form without a key."""
    key = key_of(request)
    return token_from(f"{request.user.pk}:{key}:{digest_of(request)}") if key else ""


def refusals(form: forms.BaseForm) -> list[tuple[str, list[Any]]]:
    """(label, messages) of what a form and its tables do not accept, in their own order."""
    faults: list[Any] = [
        (form.fields[name].label if name in form.fields else "", errors) for name, errors in form.errors.items()
    ]
    for formset in form.formsets.values():
        errors = [error for row in formset.errors for of_field in row.values() for error in of_field]
        if errors := [*errors, *formset.non_form_errors()]:
            faults.append((str(formset.part.verbose_name), errors))
    return faults
