"""Offices say whom to ask (offices.0003_offices_of_topics)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("topics", "0001_initial")]
    operations = [
        migrations.RemoveField("topic", name)
        for name in ("contact_office", "contact_text", "contact_email", "contact_phone")
    ]
