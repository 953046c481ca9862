"""The smallest valid thing of each kind; name only what the test is about."""

from datetime import datetime, timedelta
from io import BytesIO
from itertools import count
from zoneinfo import ZoneInfo

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from areaomogenea.accounts.models import User
from areaomogenea.deadlines.models import Deadline
from areaomogenea.library.models import Picture
from areaomogenea.municipalities.models import Municipality
from areaomogenea.offices.hours_line import read_hours
from areaomogenea.offices.models import Office
from areaomogenea.publishing.attachments import Attachment
from areaomogenea.publishing.models import Publication
from areaomogenea.topics.models import Term, Topic
from initiatives.models import Initiative
from news.models import Communique

number = count(1)


def rome(*parts):
    """An hour as clocks in Italy show it."""
    return datetime(*parts, tzinfo=ZoneInfo("Europe/Rome"))


def make_municipality(**overrides):
    n = next(number)
    fields = {"name": f"Comune {n}", "slug": f"comune-{n}", "istat_code": f"{n:06}", "province": "CR"}
    return Municipality.objects.create(**fields | {"outline": "M0 0l9 0 0 9z"} | overrides)


def make_topic(**overrides):
    n = next(number)
    fields = {"name": f"Argomento {n}", "slug": f"argomento-{n}", "short": "Che cosa vuol dire", "summary": "In breve."}
    return Topic.objects.create(**fields | {"explanation": "<h2>Che cos’è</h2><p>Una spiegazione.</p>"} | overrides)


def make_office(topics=(), **overrides):
    """Of Consorzio.IT, with a phone, from Monday to Friday in the morning, unless told otherwise (`week`)."""
    n = next(number)
    week = overrides.pop("week", "lun–ven 9–12:30")
    body = {} if overrides.get("municipality") else {"body": "Consorzio.IT"}
    office = Office.objects.create(**{"name": f"Ufficio {n}", "phone": "0373 123456"} | body | overrides)
    office.topics.set(topics)
    office.set_openings(read_hours(week))
    return office


def make_term(**overrides):
    n = next(number)
    fields = {"acronym": f"SIG{n}", "slug": f"sig{n}", "expansion": f"Sigla {n}", "explanation": "Una spiegazione."}
    return Term.objects.create(**fields | overrides)


def with_its_coming_out(fields):
    """Readers saw what is withdrawn, unless its hour is still to come."""
    at = fields["publish_at"]
    is_gone = fields["status"] == "withdrawn" and at is not None and at <= timezone.now()
    return ({"came_out_at": at} if is_gone else {}) | fields


def make_communique(topics=(), places=(), **overrides):
    """Published an hour ago, for these Comuni or for all the Area, unless told otherwise."""
    n = next(number)
    fields = {
        "kind": "comunicati",
        "title": f"Comunicato {n}",
        "summary": f"In breve {n}.",
        "body": f"<p>Testo {n}.</p>",
        "status": Publication.Status.APPROVED,
        "publish_at": timezone.now() - timedelta(hours=1),
        "coverage": "these" if places else "area",
    }
    communique = Communique.objects.create(**with_its_coming_out(fields | overrides))
    communique.topics.set(topics)
    communique.municipalities.set(places)
    return communique


def make_initiative(topics=(), places=(), **overrides):
    """Published an hour ago, for these Comuni or for all the Area, unless told otherwise."""
    n = next(number)
    fields = {
        "title": f"Iniziativa {n}",
        "summary": f"In breve {n}.",
        "body": f"<p>Testo {n}.</p>",
        "stage": Initiative.Stage.ACTIVE,
        "status": Publication.Status.APPROVED,
        "publish_at": timezone.now() - timedelta(hours=1),
        "coverage": "these" if places else "area",
    }
    initiative = Initiative.objects.create(**with_its_coming_out(fields | overrides))
    initiative.topics.set(topics)
    initiative.municipalities.set(places)
    return initiative


def make_deadline(publication, **overrides):
    """It closes in ten days, for citizens, unless told otherwise."""
    fields = {"title": "Domande", "closes_at": timezone.now() + timedelta(days=10), "for_citizens": True}
    return Deadline.objects.create(publication=publication, **fields | overrides)


def picture_file(name="piazza.png", size=(64, 36), fmt="PNG"):
    content = BytesIO()
    Image.new("RGB", size, "#0b5563").save(content, fmt)
    return ContentFile(content.getvalue(), name)


def make_picture(**overrides):
    fields = {"file": picture_file(), "alternative_text": "La piazza", "credit": "Archivio"}
    return Picture.objects.create(**fields | overrides)


def make_attachment(publication, **overrides):
    fields = {"file": ContentFile(b"%PDF-1.4 atto", "atto.pdf"), "name": "L’atto", "description": "Il testo dell’atto"}
    return Attachment.objects.create(publication=publication, **fields | overrides)


def make_editor(role="", is_guarded=True, **overrides):
    """Somebody of the desk, with a second factor if the role needs one; `role` is the name of one of the groups."""
    n = next(number)
    fields = {"email": f"redazione{n}@example.org", "password": "prova", "is_staff": True}
    user = User.objects.create_user(**fields | overrides)
    user.groups.set(Group.objects.filter(name=role))
    # Asked of a copy: the answer would keep the permissions of now in the user that the test goes on with.
    if is_guarded and User.objects.get(pk=user.pk).must_have_second_factor():
        TOTP.activate(user, generate_totp_secret())
    return user
