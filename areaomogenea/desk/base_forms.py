"""What every form of the desk says: where it is at fault; to the browser, that it is saved."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.forms import BaseForm, BaseFormSet
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse

from areaomogenea.accounts.requests import UserRequest

KEPT_AS = re.compile("[0-9a-f]{16}")  # the name that a browser gives to what it keeps until it is saved


def kept_as(request: UserRequest) -> str:
    name = request.POST.get("kept_as", "") if request.method == "POST" else ""
    return name if KEPT_AS.fullmatch(name) else ""


def tells_when_saved(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """The view, which tells the browser by a cookie that a form was taken in: it then forgets what it kept of it."""

    @wraps(view)
    def telling(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 302 and (name := kept_as(request)):
            path = reverse("admin:index")
            response.set_cookie(f"salvato-{name}", "1", path=path, samesite="Strict", secure=request.is_secure())
        return response

    return telling


@dataclass(frozen=True)
class Fault:
    """A place where a form is at fault: what it is called, its id in the page, and the message."""

    label: str
    place: str
    message: str


def faults_of(form: BaseForm, formsets: Iterable[BaseFormSet]) -> Iterator[Fault]:
    """The faults of a form and of the tables below it, from top to bottom."""
    yield from faults_of_fields(form, "")
    for formset in formsets:
        name = str(formset.model._meta.verbose_name)
        if formset.is_bound:
            for message in formset.non_form_errors():
                yield Fault(
                    capitalised(formset.model._meta.verbose_name_plural), f"{formset.prefix}-group", str(message)
                )
            for number, row in enumerate(formset.forms, 1):
                yield from faults_of_fields(row, f"{name} {number}, ")


def faults_of_fields(form: BaseForm, where: str) -> Iterator[Fault]:
    for field in form:
        for message in field.errors:
            yield Fault(capitalised(f"{where}{field.label}"), field.id_for_label or field.auto_id, str(message))
    for message in form.non_field_errors():
        yield Fault(capitalised(where.rstrip(", ")), f"{form.prefix}" if form.prefix else "", str(message))


def rows_of_formsets(
    formsets: Iterable[BaseFormSet],
) -> list[Any]:
    return [row for formset in formsets if formset.is_bound for row in formset.forms]


def files_of(form: BaseForm) -> list[str]:
    """The names of what was chosen in it, and is to be chosen again."""
    names = [form.add_prefix(name) for name, field in form.fields.items() if field.widget.needs_multipart_form]
    return [form.files[name].name for name in names if name in form.files]


def capitalised(label: str) -> str:
    return label[:1].upper() + label[1:]


def faults_shown(context: Mapping[str, Any]) -> dict[str, Any]:
    """The faults of a form that was sent, for its page; `context` is what Django made for that."""
    form = context["adminform"].form
    if not form.is_bound:
        return {}
    formsets = [table.formset for table in context["inline_admin_formsets"]]
    files = [name for one in [form, *rows_of_formsets(formsets)] for name in files_of(one)]
    return {"faults": list(faults_of(form, formsets)), "files_again": files}
