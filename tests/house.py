"""The packages of the house, as its settings name them: a new app is watched from its first day."""

from django.conf import settings

PACKAGES = tuple(
    dict.fromkeys(
        app.partition(".")[0] for app in settings.INSTALLED_APPS if (settings.BASE_DIR / app.replace(".", "/")).is_dir()
    )
)
