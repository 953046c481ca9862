"""No table holds, and no form lets in, a letter that no text may hold: every field of the house is walked."""

from importlib import import_module
from pkgutil import walk_packages

import pytest
from django import forms
from django.apps import apps
from django.contrib.admin import site
from django.core.exceptions import ValidationError
from django.db import models
from django.test import RequestFactory
from django.urls import resolve

from areaomogenea.prose import characters, fields
from areaomogenea.prose import forms as boxes
from areaomogenea.publishing.models import Publication
from news.models import Communique

from .factories import make_communique, make_editor, make_topic
from .house import PACKAGES

# What code writes and compares: prints, names of tables and files, keys. Secrets are never altered.
OF_CODE = {
    "accounts.AttemptCount": {"what", "who"},
    "accounts.Entry": {"action", "model", "key"},
    "accounts.KnownDevice": {"digest"},
    "accounts.UserSession": {"session_key"},
    "quality.Link": {"address"},  # of a link of clean HTML
    "publishing.PreviewLink": {"digest"},
    "publishing.Redaction": {"model", "key", "target", "file_digest"},
    "desk.Submission": {"key", "digest", "leads_to"},
    "accounts.User": {"password"},
    "publishing.Settled": {"key"},
    "publishing.VersionFile": {"file"},
    "news.ArchiveItem": {"fingerprint"},
    "news.Intake": {"file_digest", "words_digest"},
}
# Of passwords, of codes and of addresses at the door: the library's own, which refuse what they do not know.
NOT_OF_TEXT = {
    *("AcceptForm.password1", "AcceptForm.password2", "ForgottenPasswordForm.email", "LoginForm.password"),
    *("SecondStepForm.code", "ConfirmByCodeForm.code", "ConnectAppForm.code"),
    *(f"{form}.{name}" for form in ("LedgerFilter", "RiverForm") for name in ("prima", "dopo", "riga")),  # signed
    "LinkForm.address",  # read, not typed
    *("IntakeForm.anyway", "SettlingForm.settle", "SettlingForm.reopen"),  # digests
}
HOSTILE = "\u202eBan\u200bdo\u2028per\x07i\xad Comu\ue000ni perche\u0301"
KEPT = "Bando peri Comuni perché"


def texts():
    for model in apps.get_models():
        if model.__module__.startswith(PACKAGES):
            for field in model._meta.local_fields:
                is_text = isinstance(field, models.CharField | models.TextField)
                if is_text and not field.choices and not isinstance(field, models.SlugField):
                    yield model, field


def test_every_text_of_every_table_is_normalised():
    plain = {
        (model._meta.label, field.name)
        for model, field in texts()
        if not isinstance(field, fields.NormalisedMixin) and field.name not in OF_CODE.get(model._meta.label, ())
    }

    assert plain == set()


def test_no_secret_is_altered():
    altered = {
        (model._meta.label, field.name)
        for model, field in texts()
        if isinstance(field, fields.NormalisedMixin) and field.name in OF_CODE.get(model._meta.label, ())
    }

    assert altered == set()


def normalised_fields():
    return [
        pytest.param(field, id=f"{model._meta.label}.{field.name}")
        for model, field in texts()
        if isinstance(field, fields.NormalisedMixin)
    ]


@pytest.mark.parametrize("field", normalised_fields())
def test_nothing_hostile_gets_past_a_field(field):
    row = field.model()
    setattr(row, field.attname, f"<p>{HOSTILE}</p>" if isinstance(field, fields.ProseField) else HOSTILE)

    stored = [field.pre_save(row, add=True), getattr(row, field.attname), field.get_prep_value(HOSTILE)]

    assert [characters.unhidden(text) for text in stored] == stored
    assert field.deconstruct()[1].startswith("django.db.models.")


def all_forms():
    for package in PACKAGES:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            if ".migrations." not in module.name and not module.name.endswith((".wsgi", ".child")):
                import_module(module.name)
    waiting = [forms.BaseForm]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith(PACKAGES):
            yield kind


def is_unguarded(field):
    """Whether it is a text that anybody types as it is."""
    is_text = isinstance(field, forms.CharField) and not isinstance(field, forms.SlugField | forms.JSONField)
    return is_text and not isinstance(field, boxes.NormalisedMixin)


def test_every_field_of_every_form_normalises():
    unguarded = {
        f"{form.__name__}.{name}"
        for form in all_forms()
        for name, field in form.base_fields.items()
        if is_unguarded(field)
    }

    assert unguarded - NOT_OF_TEXT == set()


@pytest.mark.django_db
def test_every_field_of_the_desk_normalises():
    request = RequestFactory().get("/admin/")
    request.user = make_editor(role="Responsabile", is_superuser=True)
    request.resolver_match = resolve("/admin/")
    unguarded = set()
    for model, desk in site._registry.items():
        if model.__module__.startswith(PACKAGES):
            forms_of_it = [desk.get_form(request)]
            forms_of_it += [inline.get_formset(request).form for inline in desk.get_inline_instances(request)]
            unguarded |= {
                f"{form.__name__}.{name}"
                for form in forms_of_it
                for name, field in form.base_fields.items()
                if is_unguarded(field)
            }

    assert unguarded - NOT_OF_TEXT == set()


@pytest.mark.django_db
def test_row_reads_as_it_is_stored():
    communique = make_communique(title=HOSTILE, summary=HOSTILE)

    assert (communique.title, communique.summary) == (KEPT, KEPT)
    assert Communique.objects.get(title=HOSTILE).title == KEPT
    Publication.objects.filter(pk=communique.pk).update(title=HOSTILE)
    assert Publication.objects.get().title == KEPT


@pytest.mark.django_db
def test_name_that_shows_nothing_is_refused_by_its_row():
    topic = make_topic()
    topic.name = "\u2800\u0301"

    with pytest.raises(ValidationError) as refused:
        topic.full_clean()

    assert refused.value.message_dict["name"] == [boxes.NOTHING_SEEN]


@pytest.mark.parametrize("typed", ["\u200b", "\u202e\u202c", "\u3164", "\u2800", " \ufeff \xad", "\u0301"])
def test_text_that_shows_nothing_is_refused_at_its_field(typed):
    with pytest.raises(forms.ValidationError) as refused:
        boxes.LineField().clean(typed)

    assert refused.value.messages == [boxes.NOTHING_SEEN]
    assert boxes.LineField(required=False).clean(typed) == ""


def test_field_reads_what_is_stored():
    assert boxes.LineField().clean(HOSTILE) == KEPT
    assert boxes.LinesField().clean("a\r\nb\x85c\u200b") == "a\nb\nc"
    assert boxes.EmailField().clean("scuola\u200b@example.org\xad") == "scuola@example.org"
    assert boxes.URLField().clean("https://example.org/a\u200bb") == "https://example.org/ab"
