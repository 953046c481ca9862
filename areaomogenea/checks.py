"""What must not reach production, each with an id and a hint."""

import os
import re
from collections.abc import Callable, Sequence
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from smtplib import SMTPException
from tempfile import TemporaryFile
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.mail import get_connection
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http.request import validate_host

from areaomogenea.accounts.encryption import unreadable
from areaomogenea.accounts.models import User
from areaomogenea.distribution.exports.pdf_cache import can_be_made

from .identity.models import Identity
from .offices.models import Office

Check = Callable[..., list[CheckMessage]]
LONG_ENOUGH = 40  # characters of a key
LOCAL_BACKENDS = [
    f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "filebased", "locmem")
]
LEDGER_MIN_DAYS = 180
MAIL_SECONDS = 5
OF_COMMANDS = 6  # the timers at once, and who looks after the server
CONNECTIONS_ALLOWED = """
    SELECT least(
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
        (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
        (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database())
    )
"""


@register(Tags.security, deploy=True)
def hosts_are_named(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [Error("ALLOWED_HOSTS accepts any name.", hint="Name the hosts in ALLOWED_HOSTS.", id="areaomogenea.E002")]


@register(Tags.security, deploy=True)
def hub_is_https(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    from areaomogenea.distribution.websub import may_be_told

    if not settings.WEBSUB_HUB or may_be_told(settings.WEBSUB_HUB):
        return []
    hint = "WEBSUB_HUB must begin with https://."
    return [Error("The hub cannot be told of our feeds.", hint=hint, id="areaomogenea.E004")]


@register(Tags.security, deploy=True)
def site_address_is_set(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Every address that leaves the portal begins with it: links in letters, feeds, PDFs, codes to embed."""
    if "SITE_ADDRESS" in os.environ and is_address_of_ours(settings.SITE_ADDRESS):
        return []
    hint = "Set SITE_ADDRESS to https:// and one of ALLOWED_HOSTS, for example https://portale.example.it."
    return [Error("The portal does not know its own address.", hint=hint, id="areaomogenea.E010")]


def is_address_of_ours(address: str) -> bool:
    """https://, a name that this server answers to, perhaps a port, and nothing else."""
    match = re.fullmatch(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::\d+)?", address)
    return match is not None and validate_host(match[1], settings.ALLOWED_HOSTS)


@register(Tags.security, deploy=True)
def second_factors_have_a_key_of_their_own(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    keys = settings.SECOND_FACTOR_KEYS
    hints = []
    if not keys or min(map(len, keys)) < LONG_ENOUGH:
        hints.append(f"Set SECOND_FACTOR_KEY: at least {LONG_ENOUGH} random characters, kept apart from the backups.")
    if settings.SECRET_KEY in keys:
        hints.append("Do not use SECRET_KEY again: whoever has one must not have the other.")
    return [Error("The second factors have no key of their own.", hint=hint, id="areaomogenea.E005") for hint in hints]


@register(Tags.security, deploy=True)
def settings_are_read_by_nobody_else(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    path = settings.BASE_DIR / ".env"
    if not path.exists() or not path.stat().st_mode & 0o077:
        return []
    return [Error("Others can read .env, which holds keys.", hint=f"chmod 600 {path}", id="areaomogenea.E006")]


@register(deploy=True)
def redis_is_installed(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    is_remote = settings.CACHES["counters"]["BACKEND"].endswith("RedisCache")
    if not is_remote or find_spec("redis"):
        return []
    hint = "Install requirements/redis.txt, or leave CACHE_URL out."
    return [Error("CACHE_URL names a Redis, and no library speaks with it.", hint=hint, id="areaomogenea.E011")]


def of_rows(check: Check) -> Check:
    """A check that asks for rows: where they cannot be had it is silent, since `database_answers` says why."""

    @wraps(check)
    def careful(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
        try:
            return check(app_configs, **kwargs)
        except DatabaseError:
            return []

    return careful


@register(deploy=True)
def folders_can_be_written(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    folders = [settings.VAR_DIR, Path(settings.MEDIA_ROOT), settings.REDACTIONS_FILE.parent]
    return [
        Error(f"{folder} cannot be written: {fault}.", hint="Give it to this user.", id="areaomogenea.E007")
        for folder in dict.fromkeys(folders)
        if (fault := fault_of_writing(folder))
    ]


def fault_of_writing(folder: Path) -> str:
    """Why no file can be written there, or where the folder would be made; tried, since rights alone do not tell."""
    try:
        with TemporaryFile(dir=next(place for place in (folder, *folder.parents) if place.exists())) as file:
            file.write(b"x")
    except OSError as error:
        return error.strerror or str(error)
    return ""


@register(Tags.database, deploy=True)
def database_answers(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: object
) -> list[CheckMessage]:
    if not databases:
        return []
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        reason = str(error).strip().partition("\n")[0]
        hint = "See that it runs, and that DATABASE_URL leads to it."
        return [Error(f"The database does not answer: {reason}.", hint=hint, id="areaomogenea.E012")]
    if not behind:
        return []
    return [Error("The tables are of another version.", hint="Run manage.py migrate.", id="areaomogenea.E013")]


@register(Tags.database, deploy=True)
def database_is_for_servers(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: object
) -> list[CheckMessage]:
    if not databases or connection.vendor == "postgresql":
        return []
    hint = "Name a PostgreSQL in DATABASE_URL: what manage.py backup copies here, manage.py restore brings there."
    return [Caution("The database is SQLite, which is for one computer.", hint=hint, id="areaomogenea.W005")]


@register(Tags.database, deploy=True)
@of_rows
def connections_suffice(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: object
) -> list[CheckMessage]:
    if not databases or connection.vendor != "postgresql":
        return []
    needed, allowed = connections_needed(), connections_allowed()
    if allowed >= needed:
        return []
    hint = "Raise max_connections of PostgreSQL, or the limit of the role or the database."
    return [
        Caution(f"PostgreSQL allows {allowed} connections of {needed}.", hint=hint, id="areaomogenea.W006"),
    ]


def connections_needed() -> int:
    """Each thread keeps one, twice while a release takes over; and those of commands."""
    served = (settings.BASE_DIR / "deploy" / "gunicorn.conf.py").read_text()  # read, and not run: it makes folders
    [(workers, threads)] = re.findall(r"^workers, threads = (\d+), (\d+)", served, re.MULTILINE)
    return 2 * int(workers) * int(threads) + OF_COMMANDS


def connections_allowed() -> int:
    with connection.cursor() as cursor:
        cursor.execute(CONNECTIONS_ALLOWED)
        return cursor.fetchone()[0]


@register(deploy=True)
def letters_leave(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if settings.EMAIL_BACKEND not in LOCAL_BACKENDS:
        return []
    hint = "Set EMAIL_URL: invitations and new passwords leave by it."
    return [Caution("Letters do not leave this computer.", hint=hint, id="areaomogenea.W002")]


@register(deploy=True)
def mail_server_answers(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Opened only where CHECK_MAIL asks for it, since it may take seconds: no letter is written."""
    if not os.environ.get("CHECK_MAIL") or settings.EMAIL_BACKEND in LOCAL_BACKENDS:
        return []
    try:
        with get_connection(timeout=MAIL_SECONDS):
            return []
    except (OSError, SMTPException) as error:
        hint = "See EMAIL_URL: name, port, user and password."
        return [Caution(f"The mail server takes no letters: {error}.", hint=hint, id="areaomogenea.W007")]


@register(deploy=True)
def admins_are_set(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if settings.ADMINS:
        return []
    hint = "Set ADMINS: the addresses of those who look after the server."
    return [Caution("Nobody is told when a page fails.", hint=hint, id="areaomogenea.W003")]


@register(Tags.database, deploy=True)
@of_rows
def second_factors_can_be_read(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: object
) -> list[CheckMessage]:
    if not databases or not (lost := sum(1 for _ in unreadable(Authenticator.objects))):
        return []
    hint = "Put back the SECOND_FACTOR_KEY that they were written with."
    return [Error(f"No key here opens {lost} second factors.", hint=hint, id="areaomogenea.E009")]


@register(Tags.database, deploy=True)
@of_rows
def readers_find_a_contact(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: object
) -> list[CheckMessage]:
    if not databases or Identity.current().email or Identity.current().pec:
        return []
    hint = "Fill in the contacts of the site’s identity."
    return [Caution("No page says whom to write to.", hint=hint, id="areaomogenea.W004")]


# What law wants on the site of a body, or what readers need to reach it (D.Lgs. 82/2005 art. 54, L. 4/2004, GDPR).
WANTED_OF_A_BODY = ("address", "vat_number", "pec", "phone", "privacy_contact", "accessibility_declaration_url")


@register(Tags.database, deploy=True)
@of_rows
def identity_is_whole(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: object
) -> list[CheckMessage]:
    who = Identity.current() if databases else None
    fields = [field for field in Identity._meta.fields if field.name in WANTED_OF_A_BODY]
    missing = [str(field.verbose_name) for field in fields if who and not getattr(who, field.name)]
    if not missing:
        return []
    names = ", ".join(missing)
    hint = "Fill them in at the desk, under «Identità del sito»."
    return [Caution(f"The site does not say of its body: {names}.", hint=hint, id="areaomogenea.W009")]


@register(Tags.database, deploy=True)
@of_rows
def somebody_answers(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: object
) -> list[CheckMessage]:
    if not databases or Office.objects.current().general().reachable().exists():
        return []
    hint = "Add it at the desk, under «Uffici», with a phone, an e-mail, an address or a website."
    return [
        Caution("Pages without an office lead to nobody: there is no general one.", hint=hint, id="areaomogenea.W010")
    ]


@register(Tags.security, deploy=True)
def ledger_is_kept_long_enough(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if settings.LEDGER_DAYS >= LEDGER_MIN_DAYS:
        return []
    hint = f"Set LEDGER_DAYS to {LEDGER_MIN_DAYS} or more: accesses of administrators are kept for six months."
    return [Error("The ledger is kept for too short a time.", hint=hint, id="areaomogenea.E008")]


@register(Tags.database, deploy=True)
@of_rows
def demo_logins_are_disabled(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: object
) -> list[CheckMessage]:
    from .management.commands.load_demo import LOGINS

    emails = [email for role, email, password in LOGINS]
    if not databases or not User.objects.filter(email__in=emails, is_active=True).exists():
        return []
    return [
        Error(
            "The demo’s people can enter, and their passwords are public.", hint="Suspend them.", id="areaomogenea.E003"
        )
    ]


@register(deploy=True)
def paper_can_be_made(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if can_be_made():
        return []
    hint = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0, then restart."
    return [Caution("Pango is missing: no page can be had as PDF.", hint=hint, id="areaomogenea.W001")]


@register(deploy=True)
def errors_can_be_told_to_sentry(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if not settings.SENTRY_DSN or find_spec("sentry_sdk"):
        return []
    hint = "Install requirements/sentry.txt, or leave SENTRY_DSN out."
    return [Error("SENTRY_DSN names a Sentry, and no library speaks with it.", hint=hint, id="areaomogenea.E014")]


@register(Tags.security, deploy=True)
def metrics_are_for_who_may(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    hints = []
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < LONG_ENOUGH:
        hints.append(f"Set METRICS_TOKEN to at least {LONG_ENOUGH} random characters.")
    if settings.METRICS_TOKEN and not find_spec("prometheus_client"):
        hints.append("Install requirements/prometheus.txt, or leave METRICS_TOKEN out.")
    return [
        Error("The metrics cannot be asked for as they should.", hint=hint, id="areaomogenea.E015") for hint in hints
    ]


@register(deploy=True)
def somebody_is_named(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if settings.TECHNICAL_CONTACT:
        return []
    hint = "Set TECHNICAL_CONTACT: a name and a telephone number."
    return [Caution("The desk cannot name who looks after the server.", hint=hint, id="areaomogenea.W008")]
