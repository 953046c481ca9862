from django.db import migrations, models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone


def tell_what_readers_saw(apps, schema_editor):
    """As it was told until now: by the hours of withdrawals, and by changes that readers were told of."""
    Publication = apps.get_model("editorial", "Publication")
    withdrawals = apps.get_model("editorial", "Revision").objects.filter(action="withdrawn")
    withdrawn_after = Exists(withdrawals.filter(publication=OuterRef("pk"), at__gte=OuterRef("publish_at")))
    out = Q(status="approved", publish_at__lte=timezone.now())
    Publication.objects.filter(out | Q(withdrawn_after, status="withdrawn")).update(came_out_at=F("publish_at"))
    put_off = Publication.objects.filter(status="approved", publish_at__gt=timezone.now(), updated_at__isnull=False)
    put_off.update(came_out_at=F("updated_at"))


class Migration(migrations.Migration):
    dependencies = [("editorial", "0014_edited")]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="came_out_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="vista dai lettori dal"),
        ),
        migrations.RunPython(tell_what_readers_saw, migrations.RunPython.noop),
    ]
