"""The rich-text editor at the desk: it offers only what the sanitiser keeps."""

from typing import Any

from django.db import models
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Media

from areaomogenea.accounts.requests import UserRequest
from areaomogenea.prose.addresses import REDIRECTOR, TRACKER
from areaomogenea.prose.fields import LONGEST
from areaomogenea.prose.forms import NumberBox, NumberField, SumField, WholeNumberField

TOOLS = ["blockType -lists", "marks", "lists", "indent", "nodes -blockType -lists", "link", "table", "history"]
EXTENSIONS = {
    "Menu": {"groups": [{"group": group} for group in TOOLS]},
    "NoSpellCheck": False,
    "Bold": True,
    "Italic": True,
    "Subscript": True,
    "Superscript": True,
    "Abbreviation": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "HorizontalRule": True,
    "Link": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "TrailingNode": {"notAfter": ["paragraph", "heading", "bulletList", "orderedList"]},
    "History": True,
    "Paste": {"limit": LONGEST, "tracker": TRACKER, "redirector": REDIRECTOR},
    "Desk": {"limit": LONGEST},
}


# Form fields, by that of the model, which read numbers as Italians type them.
NUMBERS = {
    models.DecimalField: {"form_class": SumField, "widget": NumberBox},
    models.FloatField: {"form_class": NumberField, "widget": NumberBox},
    models.IntegerField: {"form_class": WholeNumberField, "widget": NumberBox},
}


def prose_editor(extensions: dict[str, Any] = EXTENSIONS) -> Any:
    return AdminProseEditorWidget(config={"extensions": extensions}, preset="configurable")


def media_with_nonce(media: Any, request: UserRequest) -> Any:
    """The scripts of a form with editors: their import map stands in the page, and the content policy asks for this."""
    return Media.from_media(media, nonce=str(request.csp_nonce))
