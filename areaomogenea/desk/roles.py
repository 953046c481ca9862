"""The roles at the desk, with what each may do in words; only a superuser finds them there."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission

DOING = {"view": "vedere", "add": "aggiungere", "change": "cambiare", "delete": "cancellare"}


class PermissionsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, permission):
        what, _, on = permission.codename.partition("_")
        if what not in DOING or on != permission.content_type.model:
            return permission.name  # one of ours
        return f"{permission.content_type.name}: {DOING[what]}"


def permissions_field(**kwargs):
    return PermissionsField(Permission.objects.select_related("content_type"), **kwargs)


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    search_fields = ["name__folded"]
    filter_horizontal = []

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "permissions":
            return permissions_field(label="Che cosa può fare", required=False)
        return super().formfield_for_manytomany(db_field, request, **kwargs)
