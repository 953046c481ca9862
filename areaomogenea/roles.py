"""The roles of the desk, as groups: what each may do is in this table, and holds again after every migrate."""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth.management import create_permissions

WHOLE = ("add", "change", "delete", "view")
TABLES_OF_AN_INITIATIVE = ("amount", "initiativegroup", "milestone", "participation", "question")

TABLES_OF_AN_OFFICE = ("opening", "closure", "holder")


def permissions(app: str, *models: str, doing: Iterable[str] = WHOLE) -> set[str]:
    return {f"{app}.{verb}_{model}" for model in models for verb in doing}


WRITE = {
    *permissions("news", "communique", doing=("add", "change", "view")),
    *permissions("initiatives", "initiative", doing=("add", "change", "view")),
    *permissions("initiatives", *TABLES_OF_AN_INITIATIVE),
    *permissions("deadlines", "deadline"),
    *permissions("publishing", "attachment"),
    *permissions("library", "picture", doing=("add", "change", "view")),
    *permissions("publishing", "doubt", doing=("delete", "view")),
    *permissions("publishing", "revision", doing=("view",)),
    *permissions("quality", "link", doing=("view",)),
    *permissions("topics", "topic", "term", doing=("view",)),
    *permissions("municipalities", "municipality", doing=("view",)),
    *permissions("offices", "office", *TABLES_OF_AN_OFFICE, doing=("view",)),
    *permissions("distribution", "oldaddress", "missedaddress", doing=("view",)),
}
# Topics and terms are shared by pages: who writes for the whole Area proposes their change, and an approver accepts it.
WRITE_FOR_AREA = {"publishing.write_for_area", *permissions("topics", "topic", "term", doing=("change",))}
APPROVE = {
    "publishing.publish_publication",
    *permissions("news", "communique", doing=("delete",)),
    *permissions("initiatives", "initiative", doing=("delete",)),
    *permissions("library", "picture", doing=("delete",)),
    *permissions("topics", "term", doing=("add", "delete")),
    *permissions("offices", "office", *TABLES_OF_AN_OFFICE),  # what is saved is live at once
    *permissions("distribution", "oldaddress", doing=("add", "change", "delete")),
    *permissions("distribution", "missedaddress", doing=("delete",)),
    *permissions("distribution", "hub", doing=("view",)),
}
ADMINISTER = {
    "publishing.redact",
    *permissions("accounts", "entry", doing=("view",)),
    *permissions("monitoring", "lastrun", doing=("view",)),
    *permissions("accounts", "user", "assignment"),
    *permissions("identity", "identity", doing=("add", "change", "view")),
    *permissions("municipalities", "municipality", doing=("add", "change")),
    *permissions("municipalities", "alias"),
    *permissions("topics", "topic", doing=("add", "delete")),
}
ROLES = {
    "Redattore comunale": WRITE,
    "Redattore": WRITE | WRITE_FOR_AREA,
    "Responsabile": WRITE | WRITE_FOR_AREA | APPROVE,
    "Amministratore": WRITE | WRITE_FOR_AREA | APPROVE | ADMINISTER,
}


def apply(using: str, **kwargs: object) -> None:
    """Gives each role what stands here, and no more. A receiver of post_migrate, which tells of each app in turn."""
    for config in apps.get_app_configs():
        create_permissions(config, using=using, verbosity=0)
    Permission = apps.get_model("auth", "Permission")
    known = Permission.objects.using(using).select_related("content_type")
    by_name = {f"{one.content_type.app_label}.{one.codename}": one for one in known}
    for name, codenames in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        group.permissions.set([by_name[permission] for permission in sorted(codenames)])
