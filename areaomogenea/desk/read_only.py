"""Rows that the desk shows, and that nobody writes there."""

from typing import Any

from django.contrib import admin

from areaomogenea.accounts.requests import UserRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: UserRequest) -> bool:
        return False

    def has_change_permission(self, request: UserRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: UserRequest, obj: Any = None) -> bool:
        return False
