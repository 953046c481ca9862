"""The news of a portal as pages of this site, from the latest on, spread over as many years."""

import io
import random
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import Page, Site

from .models import NewsIndex, NewsPage, Place, Topic

TOPICS, PLACES, PICTURES, SECTIONS = 12, 48, 12, 6
DAYS = 15 * 365


def fill(news):
    """`news`: of each its title, its intro and its text."""
    now, apart = timezone.now(), timedelta(days=DAYS) / len(news)
    rows = [(*one, now - number * apart) for number, one in enumerate(news)]
    chance, home = random.Random(48), Site.objects.get().root_page
    index = home.add_child(instance=NewsIndex(title="Novità", slug="novita", show_in_menus=True))
    for section in range(SECTIONS):
        home.add_child(instance=NewsIndex(title=f"Sezione {section}", slug=f"sezione-{section}", show_in_menus=True))
    topics = [Topic.objects.create(name=f"Argomento {one}") for one in range(TOPICS)]
    places = [Place.objects.create(name=f"Comune {one}") for one in range(PLACES)]
    pictures = [picture(one) for one in range(PICTURES)]
    keys = write_pages(index, rows)
    news = [(key, chance.choice(pictures) if chance.random() < 0.8 else None) for key in keys]
    write_news([(key, at, intro, body, image) for (key, image), (_, intro, body, at) in zip(news, rows, strict=True)])
    write_labels(NewsPage.topics.through, topics, [1, 1, 2, 3], keys, chance)
    write_labels(NewsPage.places.through, places, [0, 1, 2, 3], keys, chance)


def picture(number):
    file = io.BytesIO()
    Picture.new("RGB", (1280, 720), (number * 20, 90, 120)).save(file, "JPEG")
    file.seek(0)
    return Image.objects.create(title=f"Immagine {number}", file=ImageFile(file, name=f"{number}.jpg"))


def write_pages(index, rows):
    """The keys of the pages, of which `write_news` writes the other half: to add them one by one takes minutes."""
    kind, locale = ContentType.objects.get_for_model(NewsPage), index.locale
    pages = [
        Page(
            title=title,
            draft_title=title,
            slug=f"pagina-{number}",
            path=Page._get_path(index.path, index.depth + 1, number + 1),
            depth=index.depth + 1,
            content_type=kind,
            url_path=f"{index.url_path}pagina-{number}/",
            locale=locale,
            first_published_at=at,
            last_published_at=at,
            search_description=intro,
        )
        for number, (title, intro, _, at) in enumerate(rows)
    ]
    made = Page.objects.bulk_create(pages, batch_size=1000)
    Page.objects.filter(pk=index.pk).update(numchild=len(made))
    return [page.pk for page in made]


def write_news(rows):
    from django.db import connection

    columns = "page_ptr_id, date, intro, body, image_id"
    with connection.cursor() as cursor:
        values = [(key, at, intro, body, image and image.pk) for key, at, intro, body, image in rows]
        cursor.executemany(f"INSERT INTO wagtail_site_newspage ({columns}) VALUES (%s, %s, %s, %s, %s)", values)
        cursor.execute("ANALYZE")


def write_labels(through, labels, numbers, keys, chance):
    name = labels[0]._meta.model_name
    pairs = [(key, label) for key in keys for label in chance.sample(labels, chance.choice(numbers))]
    through.objects.bulk_create([through(newspage_id=key, **{name: label}) for key, label in pairs], batch_size=5000)
