"""Fill an empty portal with real facts in sentences of our own: topics, communiqués, pictures, logins."""

import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from areaomogenea.accounts.models import User
from areaomogenea.deadlines.models import MIDNIGHT
from areaomogenea.distribution.models import OldAddress
from areaomogenea.identity.models import Identity
from areaomogenea.library.models import Picture
from areaomogenea.municipalities.models import Municipality
from areaomogenea.offices.hours_line import read_hours
from areaomogenea.offices.models import Office
from areaomogenea.publishing.coverage import Coverage
from areaomogenea.publishing.expiry import END_OF_DAY, end_of
from areaomogenea.publishing.models import Publication
from areaomogenea.topics.models import Term, Topic
from initiatives.models import Initiative, Participation
from news.models import Communique
from news.retellings import doubt_about_twin, twins_in_archive

OLD_ADDRESSES = {"/taxonomy/term/90": "area-omogenea"}  # what is known of the numbers of the site before
DEMO = Path(__file__).parents[2] / "demo"
LOGINS = [  # the role is the name of a group
    ("Amministratore", "amministratore@example.org", "mosaico-48-comuni"),
    ("Responsabile", "responsabile@example.org", "duomo-di-mattoni"),
    ("Redattore", "redattore@example.org", "fontanile-cremasco"),
    ("Redattore comunale", "crema@example.org", "tortelli-di-crema"),
]


def documents(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((DEMO / folder).glob("*.toml")):
        yield path.stem, tomllib.loads(path.read_text(encoding="utf-8"))


class Command(BaseCommand):
    help = "Carica i contenuti dimostrativi. Si può ripetere: aggiunge solo ciò che manca."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        call_command("load_municipalities", verbosity=0, stdout=self.stdout)
        known = {"owner_website": "https://www.consorzioit.net", "address": "Via del Commercio 29, Crema (CR)"}
        Identity.objects.get_or_create(pk=1, defaults=known)
        for slug, topic in documents("topics"):
            keywords = "\n".join(topic.pop("keywords"))
            if not Topic.objects.named(slug):
                Topic.objects.create(slug=slug, **topic | {"keywords": keywords})
        for acronym, term in tomllib.loads((DEMO / "glossary.toml").read_text(encoding="utf-8")).items():
            of_term = Topic.objects.named(term.pop("topic"))
            Term.objects.get_or_create(acronym=acronym, defaults=term | {"topic": of_term})
        for old, slug in OLD_ADDRESSES.items():
            leads_to = Topic.objects.named(slug).get_absolute_url()
            OldAddress.objects.get_or_create(path=old, defaults={"leads_to": leads_to})
        for slug, office in documents("offices"):
            load_office(slug, office)
        for _, communique in documents("communiques"):
            self.load(communique)
        for _, initiative in documents("initiatives"):
            load_initiative(initiative)
        for _, initiative in documents("initiatives"):
            publish_linked(initiative)  # when all are there
        self.make_logins()
        kinds = {"comunicati": Communique, "iniziative": Initiative, "argomenti": Topic}
        self.stdout.write(", ".join(f"{model.objects.count()} {name}" for name, model in kinds.items()) + ".")

    def make_logins(self) -> None:
        if settings.HTTPS:
            self.stdout.write("Senza accessi: le loro password sono note a tutti, e questo portale è servito in HTTPS.")
            return
        for role, email, password in LOGINS:
            make_login(role, email, password)

    def load(self, communique: dict[str, Any]) -> None:
        if Communique.objects.known_as(communique["slug"], communique["kind"]).exists():
            return
        topics = topics_named(communique.pop("topics"))
        attachments = communique.pop("attachments", [])
        deadlines = communique.pop("deadlines", [])
        places = municipalities_of(communique)
        last_day = communique.pop("expires_on", None)
        hours = {name: timezone.make_aware(hour) for name, hour in communique.items() if isinstance(hour, datetime)}
        hours |= {"expires_at": end_of(last_day)} if last_day else {}
        row = Communique.objects.create(**communique | hours | {"picture": picture_named(communique["picture"])})
        row.topics.set(topics)
        row.municipalities.set(places)
        for attachment in attachments:
            name = attachment.pop("file")
            content = ContentFile((DEMO / "attachments" / name).read_bytes(), name)
            row.attachments.create(**attachment, file=content)
        load_deadlines(row, deadlines)
        for twin in twins_in_archive(row):
            code, message = doubt_about_twin(twin, "già nel portale")
            row.doubts.create(code=code, message=message)
        row.publish(by=None)


def load_office(slug: str, fields: dict[str, Any]) -> None:
    """Only what a source says, and nothing checked: the desk reminds who keeps it."""
    if Office.objects.named(slug):
        return
    topics, week = topics_named(fields.pop("topics")), fields.pop("week", "")
    place = Municipality.objects.named(fields.pop("municipality", ""))
    office = Office.objects.create(slug=slug, municipality=place, **fields)
    office.topics.set(topics)
    office.set_openings(read_hours(week))


def municipalities_of(fields: dict[str, Any]) -> list[Municipality]:
    """Those that it names; a name that is none of ours is an error, not a page that quietly says less."""
    names = fields.pop("municipalities", [])
    rows = list(Municipality.objects.filter(name__in=names))
    if unknown := set(names) - {row.name for row in rows}:
        raise LookupError(f"{unknown} of «{fields['title']}» are no Comuni that we know.")
    return rows


def load_deadlines(publication: Publication, deadlines: list[dict[str, Any]]) -> None:
    """Days without an hour; one that was moved has `moved_from`, its last day before, and `moved_why`."""
    for fields in deadlines:
        days = {name: fields.pop(name, None) for name in ("opens_at", "closes_at", "moved_from")}
        opens, closes, moved_from = (
            day and timezone.make_aware(datetime.combine(day, hour))
            for day, hour in zip(days.values(), (MIDNIGHT, END_OF_DAY, END_OF_DAY), strict=True)
        )
        reason = fields.pop("moved_why", "")
        if fields.get("kind") == "incontro" and not closes:
            closes = opens.replace(hour=END_OF_DAY.hour, minute=END_OF_DAY.minute, second=END_OF_DAY.second)
        row = publication.deadlines.create(opens_at=opens, closes_at=closes, is_all_day=True, **fields)
        if moved_from:
            row.moves.create(opened_at=opens, closed_at=moved_from, was_all_day=True, reason=reason)


def load_initiative(fields: dict[str, Any]) -> None:
    if Initiative.objects.known_as(fields["slug"]).exists():
        return
    topics = topics_named(fields.pop("topics"))
    places = municipalities_of(fields)
    related = {name: fields.pop(name, []) for name in ("questions", "milestones", "amounts", "groups")}
    joined, since, source = fields.pop("joined", []), fields.pop("joined_since", None), fields.pop("source", "")
    fields.pop("linked", None)
    fields["office"] = Office.objects.named(fields.pop("office", ""))
    fields |= {
        "partners": "\n".join(fields.get("partners", [])),
        "publish_at": timezone.make_aware(fields["publish_at"]),
    }
    row = Initiative.objects.create(**fields | {"picture": picture_named(fields["picture"])})
    row.topics.set(topics)
    row.municipalities.set(places)
    for name in ("questions", "milestones", "amounts"):
        for position, values in enumerate(related[name]):
            also = {"position": position} if name == "questions" else {"source": publication(values.pop("source", ""))}
            getattr(row, name).create(**values, **also)
    take_part(row, joined, since=since, source=publication(source))
    for position, values in enumerate(related["groups"]):
        members = {state: values.pop(state, []) for state in ("joined", "invited")}
        source = publication(values.pop("source", ""))
        group = row.groups.create(**values, position=position)
        since = group.on if group.precision == group.Precision.DAY else None
        for state, names in members.items():
            take_part(row, names, state=state, group=group, since=since, source=source)
    if row.coverage == Coverage.MUNICIPALITIES and not places:  # those of its own table
        row.municipalities.set(row.participations.order_by().values_list("municipality", flat=True))


def take_part(initiative: Initiative, names: list[str] | str, **how: Any) -> None:
    everybody = Municipality.objects.of_area()
    rows = everybody if names == "all" else Municipality.objects.filter(name__in=names)
    if names != "all" and len(rows) != len(names):
        raise LookupError(f"{set(names) - {row.name for row in rows}} of {initiative} are no Comuni that we know.")
    for row in rows:
        Participation.objects.create(initiative=initiative, municipality=row, **how)


def publish_linked(fields: dict[str, Any]) -> None:
    """Only when all are there can one name the others; published before, its first version would name none."""
    row = Initiative.objects.named(fields["slug"])
    if row.status == row.Status.DRAFT:
        row.linked.add(*(publication(slug) for slug in fields.get("linked", [])))
        row.publish(by=None)


def publication(slug: str) -> Publication:
    return Publication.objects.named(slug)


def topics_named(slugs: Iterable[str]) -> list[Topic]:
    return [Topic.objects.named(slug) for slug in slugs]


@cache
def about_pictures() -> dict[str, Any]:
    return tomllib.loads((DEMO / "pictures" / "pictures.toml").read_text(encoding="utf-8"))


def picture_named(stem: str) -> Picture:
    details = about_pictures()[stem]
    known = Picture.objects.filter(alternative_text=details["alt"]).first()
    return known or Picture.objects.create(
        file=ContentFile((DEMO / "pictures" / f"{stem}.webp").read_bytes(), f"{stem}.webp"),
        alternative_text=details["alt"],
        credit=details["credit"],
        focal_x=details["focal_x"],
        focal_y=details["focal_y"],
    )


def make_login(role: str, email: str, password: str) -> None:
    if User.objects.filter(email=email).exists():
        return
    user = User.objects.create_user(email, password, is_staff=True, first_name=role)
    user.groups.set(Group.objects.filter(name=role))
    if role == "Redattore comunale":
        user.assignments.create(municipality=Municipality.objects.named("crema"))
    if user.must_have_second_factor():
        # An app that nobody has: `manage.py demo` prints recovery codes to use instead.
        TOTP.activate(user, generate_totp_secret())
