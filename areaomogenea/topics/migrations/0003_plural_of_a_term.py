from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("topics", "0002_term"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="term",
            options={
                "ordering": ["acronym"],
                "verbose_name": "voce del glossario",
                "verbose_name_plural": "voci del glossario",
            },
        ),
    ]
