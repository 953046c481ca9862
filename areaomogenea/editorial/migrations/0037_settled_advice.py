"""What an editor has said does not apply to a page is not asked again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("editorial", "0036_unplaced_publications")]

    operations = [
        migrations.CreateModel(
            name="Settled",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="settled",
                        to="editorial.publication",
                    ),
                ),
            ],
            options={"verbose_name": "consiglio chiuso", "verbose_name_plural": "consigli chiusi"},
        ),
        migrations.AddConstraint(
            model_name="settled",
            constraint=models.UniqueConstraint(fields=("publication", "key"), name="advice_is_settled_once"),
        ),
    ]
