"""The field of a name at the desk."""

from typing import Any

from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models
from js_asset import Script


class SlugInput(AdminTextInputWidget):
    """What is written in it by itself, while the title is typed, is what the server would make."""

    class Media:
        js = [Script("desk/slugs.js", type="module")]


SLUG_INPUT: dict[type[models.Field], dict[str, Any]] = {models.SlugField: {"widget": SlugInput}}
