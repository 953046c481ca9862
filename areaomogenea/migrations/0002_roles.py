"""The four roles of the desk, as groups: what each may do is in the table below."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

WRITE = {
    "news": ["add_communique", "change_communique", "view_communique"],
    "editorial": [
        *("add_picture", "change_picture", "view_picture"),
        *("add_attachment", "change_attachment", "delete_attachment", "view_attachment"),
        *("view_doubt", "delete_doubt", "view_revision"),
    ],
    "topics": ["view_topic", "view_term"],
    "municipalities": ["view_municipality"],
}
WRITE_FOR_AREA = {"editorial": ["write_for_area"]}
APPROVE = {
    "news": ["delete_communique"],
    "editorial": ["publish_publication", "delete_picture"],
    "topics": ["change_topic", "add_term", "change_term", "delete_term"],
}
ADMINISTER = {
    "areaomogenea": ["add_identity", "change_identity", "view_identity"],
    "editorial": [
        *("add_user", "change_user", "delete_user", "view_user"),
        *("add_assignment", "change_assignment", "delete_assignment", "view_assignment"),
    ],
    "topics": ["add_topic", "delete_topic"],
    "municipalities": [
        "add_municipality",
        "change_municipality",
        "add_alias",
        "change_alias",
        "delete_alias",
        "view_alias",
    ],
}
ROLES = {
    "Redattore comunale": [WRITE],
    "Redattore": [WRITE, WRITE_FOR_AREA],
    "Responsabile": [WRITE, WRITE_FOR_AREA, APPROVE],
    "Amministratore": [WRITE, WRITE_FOR_AREA, APPROVE, ADMINISTER],
}


def forwards(apps, schema_editor):
    # Permissions are born after all migrations have run: these groups need them now.
    for app in apps.get_app_configs():
        app.models_module = True
        create_permissions(app, apps=apps, verbosity=0)
        app.models_module = None
    Permission = apps.get_model("auth", "Permission")
    for name, grants in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        for grant in grants:
            for app, codenames in grant.items():
                group.permissions.add(*Permission.objects.filter(content_type__app_label=app, codename__in=codenames))


def backwards(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("areaomogenea", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("editorial", "0003_roles"),
        ("municipalities", "0001_initial"),
        ("news", "0001_initial"),
        ("topics", "0002_term"),
    ]
    operations = [migrations.RunPython(forwards, backwards)]
