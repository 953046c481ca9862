"""Firefox, and older browsers, ignore an import map once a module has begun: on no page does one stand before it."""

import re

import pytest
from django.contrib.admin import site
from django.urls import reverse

from .factories import make_communique, make_editor, make_initiative, make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # how pages are drawn
EDITOR, MAP = "data-django-prose-editor", 'type="importmap"'
MODULE = re.compile(r"""<(?:script|link)\b[^>]*\b(?:module|modulepreload)\b["']?[\s>]""")
WITH_EDITOR = {"communique", "initiative", "topic"}


@pytest.fixture
def administrator(client):
    client.force_login(make_editor(is_superuser=True))
    return client


def modules_before_the_map(page):
    head, _, _ = page.partition(MAP)
    return MODULE.findall(head)


def test_every_form_with_the_editor_has_its_import_map_before_any_module(administrator):
    rows = {"communique": make_communique(), "initiative": make_initiative(), "topic": make_topic()}
    modules_by_address = {}
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses = [reverse(f"{name}_add")]
        if row := rows.get(model._meta.model_name):
            addresses.append(reverse(f"{name}_change", args=[row.pk]))
        for address in addresses:
            page = administrator.get(address).content.decode()
            if EDITOR in page or MAP in page:
                assert MAP in page, address
                modules_by_address[address] = modules_before_the_map(page)

    assert {address.split("/")[3] for address in modules_by_address} == WITH_EDITOR
    assert len(modules_by_address) == 2 * len(WITH_EDITOR)
    assert {address: modules for address, modules in modules_by_address.items() if modules} == {}


@pytest.mark.parametrize(
    "tag",
    [
        '<script type="module" src="/x.js"></script>',
        "<script src='/x.js' type='module'></script>",
        '<link rel="modulepreload" href="/x.js">',
    ],
)
def test_guard_knows_a_module_when_it_sees_one(tag):
    assert modules_before_the_map(f"<head>{tag}<script {MAP}>{{}}</script></head>")
