"""A picture or a document may wait for its words; what shows it is not published before they are there."""

from django.db import migrations, models


def put_in_words(apps, schema_editor):
    """On the way back: what nobody described is told by its file."""
    for name, field in (("Picture", "alternative_text"), ("Attachment", "description")):
        for row in apps.get_model("editorial", name).objects.filter(**{field: ""}):
            setattr(row, field, f"Da descrivere: {row.file.name}"[:255])
            row.save(update_fields=[field])


class Migration(migrations.Migration):
    dependencies = [("editorial", "0033_addresses_in_any_letters")]

    operations = [
        migrations.RemoveConstraint(model_name="picture", name="picture_has_alternative_text"),
        migrations.RemoveConstraint(model_name="attachment", name="attachment_has_description"),
        migrations.AlterField(
            model_name="attachment",
            name="description",
            field=models.CharField(
                "descrizione", max_length=255, blank=True, help_text="Che cosa contiene. Obbligatoria."
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, put_in_words),
        migrations.AddIndex(
            model_name="picture",
            index=models.Index(fields=["-id"], name="picture_undescribed", condition=models.Q(alternative_text="")),
        ),
    ]
