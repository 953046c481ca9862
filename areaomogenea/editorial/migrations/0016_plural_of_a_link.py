from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0015_came_out_at"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="link",
            options={"ordering": ["address"], "verbose_name": "collegamento", "verbose_name_plural": "collegamenti"},
        ),
    ]
