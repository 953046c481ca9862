"""Paths that are remembered: the very ones that Django would resolve each time."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse

from areaomogenea.identity.address import path_to

pytestmark = pytest.mark.any_database  # nothing here asks it


def test_path_that_is_remembered_is_the_one_that_would_be_resolved():
    values = 1, True, 1.0, "1"

    assert [path_to("preview", value) for value in values] == [reverse("preview", args=[value]) for value in values]


def test_page_of_no_name_has_no_path():
    with pytest.raises(NoReverseMatch):
        Template("{% url name %}").render(Context({"name": None}))
