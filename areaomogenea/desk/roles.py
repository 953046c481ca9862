"""The roles at the desk, with what each may do in words; only a superuser finds them there.

Those of the portal are read there, and copied: the next migrate would take back what somebody changes of them.
"""

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from areaomogenea.accounts.kept_roles import is_kept
from areaomogenea.accounts.requests import UserRequest

DOING = {"view": "vedere", "add": "aggiungere", "change": "cambiare", "delete": "cancellare"}


def in_words(permission: Permission) -> tuple[str, str]:
    """(on what, what is done with it); the second is "" for a permission of ours, which says both."""
    what, _, on = permission.codename.partition("_")
    if what not in DOING or on != permission.content_type.model:
        return permission.name, ""
    return permission.content_type.name, DOING[what]


class PermissionsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, permission: Permission) -> str:
        return ": ".join(filter(None, in_words(permission)))


def permissions_field(**kwargs: Any) -> PermissionsField:
    return PermissionsField(Permission.objects.select_related("content_type"), **kwargs)


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    search_fields = ["name__folded"]
    filter_horizontal = []
    list_display = ["name", "origin"]

    def has_change_permission(self, request: UserRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_kept(obj)

    def has_delete_permission(self, request: UserRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_kept(obj)

    def get_fields(self, request: UserRequest, obj: Any = None) -> Any:
        return ["name", "doings"] if is_kept(obj) else super().get_fields(request, obj)

    def get_readonly_fields(self, request: UserRequest, obj: Any = None) -> Any:
        return ["name", "doings"] if is_kept(obj) else super().get_readonly_fields(request, obj)

    def render_change_form(
        self,
        request: UserRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context |= {"is_kept": is_kept(obj), "permissions": obj.permissions.all() if is_kept(obj) else ()}
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="di chi è")
    def origin(self, group: Group) -> str:
        return "del portale: non si cambia" if is_kept(group) else "tuo"

    @admin.display(description="che cosa può fare")
    def doings(self, group: Group) -> SafeString:
        """A line for each kind of row, with all that this role does with it."""
        permissions = group.permissions.select_related("content_type").order_by("content_type", "pk")
        pairs = [in_words(permission) for permission in permissions]
        lines = [(what, ", ".join(doing for _, doing in those)) for what, those in groupby(pairs, lambda pair: pair[0])]
        lines = sorted(f"{what}: {doing}" if doing else what for what, doing in lines)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line,) for line in lines)))

    def formfield_for_manytomany(self, db_field: Any, request: UserRequest = None, **kwargs: Any) -> Any:
        if db_field.name == "permissions":
            field = permissions_field(label="Che cosa può fare", required=False, widget=forms.CheckboxSelectMultiple)
            # What no role may do is no work of a desk.
            field.queryset = field.queryset.filter(group__isnull=False).distinct()
            return field
        return super().formfield_for_manytomany(db_field, request, **kwargs)
