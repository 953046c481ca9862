"""Pages for what could not be saved: they say why and what to do, and give back what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Self

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from areaomogenea.prose.fields import LONGEST, NormalisedMixin, ProseField
from areaomogenea.prose.html import plain

if TYPE_CHECKING:
    pass

ONCE = "una_volta"  # the field of the key by which a form counts once
SECRET = re.compile(r"pass(word|key)?|token|secret|credential|^code$|^otp", re.IGNORECASE)
WORDS = re.compile(r"[^\W\d_]")
ROW = re.compile(r"(?P<table>\w+)-(?P<number>\d+)-(?P<field>\w+)")
OURS = {ONCE, "kept_as", "seen_version", "read_version", "seen_proposal", "read_proposal", "action", "scelta_su"}
MOST_SENT_AGAIN = 2_000_000


@dataclass(frozen=True)
class Text:
    label: str
    words: str

    @property
    def rows(self) -> int:
        return min(12, 1 + self.words.count("\n") + len(self.words) // 90)


@dataclass
class Typed:
    """What a posted form brought: `fields` to be sent again, `texts` to be copied, the names of its files."""

    fields: list = field(default_factory=list)
    files: list = field(default_factory=list)
    model: type = None

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        try:
            lists, files = list(request.POST.lists()), request.FILES.values()
        except Exception:  # what could not be read the first time is no better now
            return cls()
        fields = [(name, value) for name, values in lists for value in values]
        fields = [(name, value) for name, value in fields if name != "csrfmiddlewaretoken" and not SECRET.search(name)]
        return cls(fields, [file.name for file in files], model_of(request))

    @cached_property
    def texts(self) -> list[Text]:
        shown, room = [], LONGEST
        for name, value in self.fields:
            if room <= 0 or name in OURS or name.startswith("_") or name.endswith("_FORMS") or "__prefix__" in name:
                continue
            label, field = self.described(name)
            if field is not None and (field.is_relation or field.choices):
                continue
            words = plain(value[:room]) if isinstance(field, ProseField) else value[:room].strip()
            if WORDS.search(words) and words != "on":
                shown.append(Text(label, words))
                room -= len(words)
        return shown

    @property
    def can_be_sent_again(self) -> bool:
        return bool(self.fields) and sum(len(value) for _, value in self.fields) <= MOST_SENT_AGAIN

    def described(self, name: str) -> tuple[str, NormalisedMixin | Field]:
        """(what the desk calls a field, the field of the model or None)."""
        model, where = self.model, ""
        if model and (row := ROW.fullmatch(name)):
            table = next((one for one in model._meta.related_objects if one.get_accessor_name() == row["table"]), None)
            model, name = table and table.related_model, row["field"]
            where = f"{model._meta.verbose_name if model else row['table']} {int(row['number']) + 1}, "
        try:
            field = model._meta.get_field(name) if model else None
        except FieldDoesNotExist:
            field = None
        label = f"{where}{field.verbose_name if field else name.replace('_', ' ')}"
        return label[:1].upper() + label[1:], field


def model_of(request: HttpRequest) -> type[Model] | None:
    """The model that the form of the desk at this address is of; None if that cannot be told."""
    name = getattr(request.resolver_match, "url_name", None) or ""
    models = sorted(admin.site._registry, key=lambda model: -len(model._meta.model_name))
    return next((one for one in models if name.startswith(f"{one._meta.app_label}_{one._meta.model_name}_")), None)


def is_own(request: HttpRequest) -> bool:
    """Whether one of our own pages sent it: no other site gets its words confirmed here."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def is_page(request: HttpRequest) -> bool:
    """Whether a person waits for the answer, and not a script."""
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def is_of_desk(request: HttpRequest) -> bool:
    desk = reverse("admin:index")
    return request.path.startswith(desk) and request.path != reverse("admin:login")


def unsaved(
    request: HttpRequest,
    why: str,
    status: int,
    *,
    person: str = "",
    leads_to: str = "",
    fresh: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page, which asks neither the database nor the session; `why` is the name of the words that it opens with.

    `fresh`: fields that are sent again with another value.
    """
    typed = Typed.of(request)
    context = {
        "why": why,
        "status": status,
        "typed": typed,
        "person": person,
        "leads_to": leads_to,
        "form_address": request.get_full_path(),
        "login_address": f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}",
    }
    if is_own(request) and typed.can_be_sent_again:
        again = [(name, (fresh or {}).get(name, value)) for name, value in typed.fields]
        context |= {"again": again, "token": get_token(request)}
    response = HttpResponse(render_to_string("admin/unsaved.html", context), status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def session_over(request: HttpRequest) -> HttpResponse:
    return unsaved(request, "session", 403)


def expired(request: HttpRequest) -> HttpResponse:
    """The page for a key against forgery that was missing or old."""
    user = request.user
    if not (user.is_authenticated and user.is_staff):
        return session_over(request)
    return unsaved(request, "expired", 403, person=str(user))


def cannot_write(request: HttpRequest) -> HttpResponse:
    """The page for when the database, or the disk, takes nothing."""
    response = unsaved(request, "disk", 503)
    response["Retry-After"] = "60"
    return response


def already_made(request: HttpRequest, leads_to: str, key: str) -> HttpResponse:
    """The page for a form that made something, was filled in another way and sent again; `key` would make another."""
    return unsaved(request, "already", 409, person=str(request.user), leads_to=leads_to, fresh={ONCE: key})
