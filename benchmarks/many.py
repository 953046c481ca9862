"""Many communiqués, for benchmarks that ask what they cost."""

from datetime import timedelta

BATCH = 10_000


def add(first, last, body):
    """The communiqués from one number to another, written in bulk as the verbs would leave them.

    Each has a topic, a Comune and a version; no search finds them.
    """
    from django.db import connection
    from django.utils import timezone

    from areaomogenea.municipalities.models import Municipality
    from areaomogenea.publishing.models import Publication
    from areaomogenea.publishing.revisions import Revision
    from areaomogenea.topics.models import Topic

    now = timezone.now().replace(microsecond=0)
    topics = [Topic.objects.get_or_create(name=f"Argomento {n}", slug=f"argomento-{n}")[0] for n in range(12)]
    places = list(Municipality.objects.of_area().only("pk"))
    on, about = Publication.topics.through, Publication.municipalities.through
    for start in range(first, last, BATCH):
        made = Publication.objects.bulk_create(
            Publication(
                kind="notizie",
                title=f"Notizia numero {n}",
                slug=f"notizia-{n}",
                summary="Una frase in breve.",
                coverage="these",
                body=body,
                status="approved",
                publish_at=now - timedelta(minutes=n + 1),
                came_out_at=now - timedelta(minutes=n + 1),
            )
            for n in range(start, min(start + BATCH, last))
        )
        on.objects.bulk_create(on(publication_id=one.pk, topic=topics[one.pk % 12]) for one in made)
        about.objects.bulk_create(about(publication_id=one.pk, municipality=places[one.pk % 48]) for one in made)
        Revision.objects.bulk_create(
            Revision(publication=one, version=1, action="approved", at=one.publish_at) for one in made
        )
    with connection.cursor() as cursor:
        columns = "subtitle, office, number, source_name, source_url, source_licence"
        cursor.execute(
            f"INSERT INTO news_communique (publication_ptr_id, {columns}) "
            "SELECT id, '', '', '', '', '', '' FROM publishing_publication "
            "WHERE id NOT IN (SELECT publication_ptr_id FROM news_communique)"
        )
        cursor.execute("ANALYZE")
