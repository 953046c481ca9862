"""What must not reach production, each with an id and a hint."""

from django.conf import settings
from django.core.checks import Error, Tags, register

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
