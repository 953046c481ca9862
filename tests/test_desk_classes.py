"""The admins of the desk are few classes deep, and one of these gathers the addresses of their pages."""

import pytest
from django.contrib.admin import site

from areaomogenea.accounts.capture import WithLedger
from areaomogenea.desk.extra_pages import DeskAdmin
from areaomogenea.desk.registered import RegisteredAdmin

from .house import PACKAGES

IN_FRONT = 3  # what the site makes when it registers a class, and the two that it puts before that
DEEPEST = 4  # a kind, what all kinds share, what all that keeps versions shares, what has pages of its own


def classes_of_ours(desk):
    return [cls for cls in type(desk).__mro__ if cls.__module__.split(".")[0] in PACKAGES]


@pytest.mark.parametrize("model", site._registry, ids=str)
def test_admin_is_few_classes_deep(model):
    front, own = classes_of_ours(site._registry[model])[:IN_FRONT], classes_of_ours(site._registry[model])[IN_FRONT:]

    assert front[1:] == [RegisteredAdmin, WithLedger]
    assert len(own) <= DEEPEST


@pytest.mark.parametrize("model", site._registry, ids=str)
def test_addresses_are_gathered_in_one_place(model):
    own = [cls for cls in classes_of_ours(site._registry[model]) if "get_urls" in vars(cls)]

    assert own in ([], [DeskAdmin])


@pytest.mark.parametrize("model", site._registry, ids=str)
def test_no_two_pages_of_an_admin_share_an_address(model):
    routes = [str(url.pattern) for url in site._registry[model].get_urls()]

    assert len(set(routes)) == len(routes)
