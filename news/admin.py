from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import CharField
from django.forms import Form, TypedChoiceField
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.desk.admin import EditorialAdmin
from areaomogenea.desk.extra_pages import Pages
from areaomogenea.desk.lists import (
    AuthorFilter,
    CoverageFilter,
    DoubtFilter,
    MunicipalityFilter,
    StandingFilter,
    TopicFilter,
    YearFilter,
    doubt_count,
    place_names,
    state,
    topic_names,
    when,
)
from areaomogenea.desk.once import claim, once_only, settle
from areaomogenea.library.storage import NO_ROOM, NoRoomError, all_or_none
from areaomogenea.publishing.models import PublicationQuerySet
from areaomogenea.publishing.revisions import Revision

from .kinds import KINDS
from .models import Communique


class KindFilter(admin.SimpleListFilter):
    """The kinds of news, not of all that the portal publishes."""

    title = "tipo"
    parameter_name = "tipo"

    def lookups(self, request: UserRequest, model_admin: CommuniqueAdmin) -> list[tuple[str, str]]:
        return [(kind.code, kind.label) for kind in KINDS]

    def queryset(self, request: UserRequest, communiques: PublicationQuerySet) -> PublicationQuerySet:
        return communiques.of_kind(self.value()) if self.value() else communiques


class IntakePages(Pages):
    """The page that makes drafts of a document, or of pasted text."""

    def urls(self) -> list[URLPattern]:
        return [self.at("da-documento/", once_only(self.from_document), "from_document")]

    def from_document(self, request: UserRequest) -> HttpResponse:
        from .intake import IntakeForm

        if not self.desk.has_add_permission(request):
            raise PermissionDenied
        data = (request.POST, request.FILES) if request.method == "POST" else ()
        form = IntakeForm(*data, user=request.user)
        if form.is_valid():
            try:
                with all_or_none():
                    return self.keep_drafts(request, form)
            except NoRoomError:
                form.add_error("document", NO_ROOM)
        return self.desk.page(request, "news/communique/from_document", None, "Da un documento", form=form)

    @transaction.atomic
    def keep_drafts(self, request: UserRequest, form: Form) -> HttpResponse:
        claim(request)
        response = self.save_drafts(request, form)
        settle(request, response)
        return response

    def save_drafts(self, request: UserRequest, form: Form) -> HttpResponse:
        for draft in form.drafts:
            draft.keep(lambda communique: self.desk.save_model(request, communique, form, change=False))
            draft.communique.record(request.user, Revision.Action.FIRST)
            self.desk.log_addition(request, draft.communique, [])
        communiques = [draft.communique for draft in form.drafts]
        if len(communiques) == 1:
            text = f"«{communiques[0]}» è una bozza: nessun lettore la vede. Sotto, i dubbi da sciogliere."
            messages.success(request, text)
            return redirect(self.desk.address_of(communiques[0]))
        messages.success(request, f"Ecco le {len(communiques)} bozze: nessun lettore le vede.")
        keys = ",".join(str(communique.pk) for communique in communiques)
        return redirect(f"{self.desk.address('changelist')}?id__in={keys}")


@admin.register(Communique)
class CommuniqueAdmin(EditorialAdmin):
    change_list_template = "admin/news/communique/change_list.html"
    pages = [IntakePages, *EditorialAdmin.pages]
    invitation = "Scrivi un comunicato"
    list_display = ["title", "kind", state, when, topic_names, place_names, "author", doubt_count]
    extra_lookups = ["id__in"]  # the drafts that one document made
    list_filter = [
        StandingFilter,
        KindFilter,
        TopicFilter,
        CoverageFilter,
        MunicipalityFilter,
        AuthorFilter,
        YearFilter,
        DoubtFilter,
    ]
    fieldsets = [
        (None, {"fields": ["kind", "title", "subtitle", "summary", "body"]}),
        ("Dove vale", {"fields": ["coverage", "municipalities"]}),
        ("Dove compare", {"fields": ["topics", "linked", "pinned", "picture"]}),
        ("Quando", {"fields": ["publish_at", "expires_at", "review_by"]}),
        ("Da dove viene", {"fields": ["office", ("number", "dated"), "source_name", "source_url", "source_licence"]}),
        ("Indirizzo", {"classes": ["collapse"], "fields": ["slug"]}),
    ]

    def formfield_for_choice_field(self, db_field: CharField, request: UserRequest, **kwargs: Any) -> TypedChoiceField:
        if db_field.name == "kind":
            kwargs["choices"] = [(kind.code, kind.label) for kind in KINDS]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def ways(self) -> list[tuple[str, str]]:
        return [("Parti da un documento", self.address("from_document")), *super().ways()]
