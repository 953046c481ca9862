from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("editorial", "0005_review_by")]

    operations = [
        migrations.AlterModelOptions(
            name="user", options={"verbose_name": "persona", "verbose_name_plural": "persone"}
        ),
        migrations.AddField(
            model_name="user",
            name="invited_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="ultimo invito"),
        ),
        migrations.AlterField(
            model_name="user",
            name="is_active",
            field=models.BooleanField(
                default=True,
                help_text="Toglilo a chi lascia la redazione: ciò che ha scritto resta.",
                verbose_name="può entrare",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(
                error_messages={"unique": "Una persona con questo indirizzo c’è già."},
                max_length=254,
                unique=True,
                verbose_name="e-mail",
            ),
        ),
    ]
