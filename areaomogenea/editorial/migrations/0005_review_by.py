from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("editorial", "0004_versions")]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="review_by",
            field=models.DateField(
                blank=True,
                help_text="Il giorno in cui la scrivania ricorderà di rileggerla.",
                null=True,
                verbose_name="da rileggere entro",
            ),
        ),
    ]
