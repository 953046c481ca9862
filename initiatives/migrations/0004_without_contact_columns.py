"""Offices say whom to ask (0003_contacts_become_offices)."""

from django.db import migrations

COLUMNS = {
    "initiative": ("contact_office", "contact_text", "contact_email", "contact_phone"),
    "initiativegroup": ("contact_text", "contact_email", "contact_phone"),
}


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0003_contacts_become_offices")]
    operations = [migrations.RemoveField(model, name) for model, names in COLUMNS.items() for name in names]
