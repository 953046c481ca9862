"""Whom a topic leads to is an office, which more of them may share: what its columns said becomes rows."""

from django.db import migrations

from ._contacts import UNSAID, columns_of, office_of


def forwards(apps, schema_editor):
    Topic, Office = apps.get_model("topics", "Topic"), apps.get_model("offices", "Office")
    for topic in Topic.objects.order_by("position", "pk"):
        columns = topic.contact_office, topic.contact_text, topic.contact_email, topic.contact_phone
        if office := office_of(Office.objects, *columns):
            office.topics.add(topic)


def backwards(apps, schema_editor):
    Topic, Office = apps.get_model("topics", "Topic"), apps.get_model("offices", "Office")
    for topic in Topic.objects.all():
        if office := Office.objects.filter(topics=topic).order_by("position", "name").first():
            columns = columns_of(office)
            topic.contact_office, topic.contact_text, topic.contact_email, topic.contact_phone = columns
            topic.save()
    Office.objects.filter(body=UNSAID).delete()


class Migration(migrations.Migration):
    dependencies = [("offices", "0002_no_overlaps"), ("topics", "0001_initial")]
    run_before = [("topics", "0002_without_contact_columns")]
    operations = [migrations.RunPython(forwards, backwards)]
