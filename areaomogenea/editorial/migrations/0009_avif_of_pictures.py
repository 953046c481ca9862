from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("editorial", "0008_pictures_in_bodies")]

    operations = [
        migrations.AddField(
            model_name="picture",
            name="avif",
            field=models.CharField(
                choices=[("missing", "da fare"), ("ready", "pronte"), ("impossible", "non riuscite")],
                default="missing",
                editable=False,
                max_length=10,
                verbose_name="versioni AVIF",
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="avif_claimed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
