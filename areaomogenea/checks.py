"""What must not reach production, each with an id and a hint."""

import os
import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.http.request import validate_host

from areaomogenea.accounts.encryption import unreadable
from areaomogenea.accounts.models import User
from areaomogenea.distribution.exports.pdf_cache import can_be_made

from .identity.models import Identity

LONG_ENOUGH = 40  # characters of a key
LOCAL_BACKENDS = [
    f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "filebased", "locmem")
]
LEDGER_MIN_DAYS = 180


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


@register(deploy=True)
def folders_can_be_written(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    return [
        Error(f"{folder} cannot be written: no file can be kept.", hint="Give it to this user.", id="areaomogenea.E007")
        for folder in (settings.VAR_DIR, Path(settings.MEDIA_ROOT))
        if not os.access(next(place for place in (folder, *folder.parents) if place.exists()), os.W_OK | os.X_OK)
    ]


@register(deploy=True)
def letters_leave(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if settings.EMAIL_BACKEND not in LOCAL_BACKENDS:
        return []
    hint = "Set EMAIL_URL: invitations and new passwords leave by it."
    return [Caution("Letters do not leave this computer.", hint=hint, id="areaomogenea.W002")]


@register(deploy=True)
def admins_are_set(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if settings.ADMINS:
        return []
    hint = "Set ADMINS: the addresses of those who look after the server."
    return [Caution("Nobody is told when a page fails.", hint=hint, id="areaomogenea.W003")]


@register(Tags.database, deploy=True)
def second_factors_can_be_read(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: object
) -> list[CheckMessage]:
    if not databases or not (lost := sum(1 for _ in unreadable(Authenticator.objects))):
        return []
    hint = "Put back the SECOND_FACTOR_KEY that they were written with."
    return [Error(f"No key here opens {lost} second factors.", hint=hint, id="areaomogenea.E009")]


@register(Tags.database, deploy=True)
def readers_find_a_contact(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: object
) -> list[CheckMessage]:
    if not databases or Identity.current().email or Identity.current().pec:
        return []
    hint = "Fill in the contacts of the site’s identity."
    return [Caution("No page says whom to write to.", hint=hint, id="areaomogenea.W004")]


@register(Tags.security, deploy=True)
def ledger_is_kept_long_enough(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if settings.LEDGER_DAYS >= LEDGER_MIN_DAYS:
        return []
    hint = f"Set LEDGER_DAYS to {LEDGER_MIN_DAYS} or more: accesses of administrators are kept for six months."
    return [Error("The ledger is kept for too short a time.", hint=hint, id="areaomogenea.E008")]


@register(Tags.database, deploy=True)
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
