"""Django's own server for a desk, told where it answers."""

import os
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.management.commands.runserver import Command as RunserverCommand


class Command(RunserverCommand):
    def inner_run(self, *args: Any, **options: Any) -> None:
        if "SITE_ADDRESS" not in os.environ:
            settings.SITE_ADDRESS = f"http://localhost:{self.port}"
        super().inner_run(*args, **options)
