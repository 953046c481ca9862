import pytest
from django.db import connection


def pytest_report_header():
    """Says which database is under test, so that nobody mistakes one run for the other."""
    where = connection.settings_dict["HOST"] or connection.settings_dict["NAME"]
    return f"database: {connection.display_name} ({where})"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The question whether SQLite knows JSON is asked once, before any test counts queries."""
    with django_db_blocker.unblock():
        assert connection.features.supports_json_field


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Uploaded files of a test stay in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media"), "base_url": "/file/"},
        }
    }
