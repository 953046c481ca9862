from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0022_versions_of_what_is_shared"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("latest", models.DateTimeField(verbose_name="l’ultima ora che il portale ha saputo")),
            ],
            options={
                "verbose_name": "orologio",
                "verbose_name_plural": "orologi",
            },
        ),
    ]
