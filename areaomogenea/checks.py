"""What must not reach production, each with an id and a hint."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as Caution
from django.http.request import validate_host

from areaomogenea.distribution.handouts.paper import can_be_made
from areaomogenea.distribution.websub import may_be_told
from areaomogenea.editorial.people import User

from .management.commands.load_demo import LOGINS


@register(Tags.security, deploy=True)
def secret_key_is_not_the_desk_one(app_configs, **kwargs):
    if settings.SECRET_KEY != settings.DESK_SECRET_KEY:
        return []
    return [Error("SECRET_KEY is the one of a fresh clone.", hint="Set SECRET_KEY.", id="areaomogenea.E001")]


@register(Tags.security, deploy=True)
def hosts_are_named(app_configs, **kwargs):
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [Error("ALLOWED_HOSTS accepts any name.", hint="Name the hosts in ALLOWED_HOSTS.", id="areaomogenea.E002")]


@register(Tags.security, deploy=True)
def hub_is_told_in_private_and_of_real_addresses(app_configs, **kwargs):
    if not settings.WEBSUB_HUB:
        return []
    hints = []
    if not may_be_told(settings.WEBSUB_HUB):
        hints.append("WEBSUB_HUB must begin with https://.")
    host = urlsplit(settings.SITE_ADDRESS).hostname or ""
    if host.startswith((".", "*")) or not validate_host(host, settings.ALLOWED_HOSTS):
        hints.append("Set SITE_ADDRESS to where the portal answers, for example https://portale.example.it.")
    return [Error("The hub cannot be told of our feeds.", hint=hint, id="areaomogenea.E004") for hint in hints]


@register(Tags.database, deploy=True)
def demo_logins_are_not_here(app_configs, databases, **kwargs):
    emails = [email for role, email, password in LOGINS]
    if not databases or not User.objects.filter(email__in=emails, is_active=True).exists():
        return []
    return [
        Error(
            "The demo’s people can enter, and their passwords are public.", hint="Suspend them.", id="areaomogenea.E003"
        )
    ]


@register(deploy=True)
def paper_can_be_made(app_configs, **kwargs):
    if can_be_made():
        return []
    hint = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0, then restart."
    return [Caution("Pango is missing: no page can be had as PDF.", hint=hint, id="areaomogenea.W001")]
