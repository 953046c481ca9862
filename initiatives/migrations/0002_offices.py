"""An initiative and each of its groups lead to an office."""

import django.db.models.deletion
from django.db import migrations, models


def office(related_name):
    return models.ForeignKey(
        "offices.office",
        django.db.models.deletion.PROTECT,
        null=True,
        blank=True,
        related_name=related_name,
        verbose_name="a chi rivolgersi",
    )


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0001_initial"), ("offices", "0002_no_overlaps")]
    operations = [
        migrations.AddField("initiative", "office", office("answered_initiatives")),
        migrations.AddField("initiativegroup", "office", office("answered_groups")),
    ]
