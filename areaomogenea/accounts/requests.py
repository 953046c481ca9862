"""The request of somebody who has come in, as views behind the door are given it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from .models import User


class UserRequest(HttpRequest):
    user: User
