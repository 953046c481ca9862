"""The rich-text editor at the desk: it offers only what the sanitiser keeps."""

from django.contrib import admin
from django.db import models
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Media

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


class WithNumbers:
    """An admin or an inline that reads numbers as Italians type them."""

    formfield_overrides = {
        models.DecimalField: {"form_class": SumField, "widget": NumberBox},
        models.FloatField: {"form_class": NumberField, "widget": NumberBox},
        models.IntegerField: {"form_class": WholeNumberField, "widget": NumberBox},
    }


class WithProse:
    """An admin or an inline whose `prose_fields` wear the editor."""

    prose_fields: tuple[str, ...] = ()

    def get_prose_extensions(self):
        return EXTENSIONS

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in self.prose_fields:
            kwargs["widget"] = AdminProseEditorWidget(
                config={"extensions": self.get_prose_extensions()}, preset="configurable"
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ProseAdmin(WithProse, WithNumbers, admin.ModelAdmin):
    def render_change_form(self, request, context, *args, **kwargs):
        # The editor's import map is an inline script: the content policy asks for the nonce of this response.
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))
        return super().render_change_form(request, context, *args, **kwargs)
