"""Whom an initiative or a group leads to is an office: what their columns said becomes rows."""

from django.db import migrations

from areaomogenea.offices.migrations._contacts import LONGEST_NAME, columns_of, office_of


def forwards(apps, schema_editor):
    offices = apps.get_model("offices", "Office").objects
    for initiative in apps.get_model("initiatives", "Initiative").objects.order_by("pk"):
        columns = initiative.contact_office, initiative.contact_text, initiative.contact_email, initiative.contact_phone
        if office := office_of(offices, *columns):
            initiative.office = office
            initiative.save(update_fields=["office"])
    for group in apps.get_model("initiatives", "InitiativeGroup").objects.order_by("pk"):
        name = group.contact_text  # of an office or, where it is too long for one, what to do
        text = name if len(name) > LONGEST_NAME else ""
        if office := office_of(offices, name[:LONGEST_NAME], text, group.contact_email, group.contact_phone):
            group.office = office
            group.save(update_fields=["office"])


def backwards(apps, schema_editor):
    for initiative in apps.get_model("initiatives", "Initiative").objects.exclude(office=None):
        columns = columns_of(initiative.office)
        initiative.contact_office, initiative.contact_text, initiative.contact_email, initiative.contact_phone = columns
        initiative.office = None
        initiative.save()
    for group in apps.get_model("initiatives", "InitiativeGroup").objects.exclude(office=None):
        name, text, group.contact_email, group.contact_phone = columns_of(group.office)
        group.contact_text = text[:160] or name
        group.office = None
        group.save()


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0002_offices"), ("offices", "0003_offices_of_topics")]
    operations = [migrations.RunPython(forwards, backwards)]
