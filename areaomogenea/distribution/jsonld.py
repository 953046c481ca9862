"""Structured data of pages in the words of schema.org, as JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.timezone import localtime

from areaomogenea.identity.address import absolute_url
from areaomogenea.identity.models import Identity
from areaomogenea.prose.html import plain
from areaomogenea.prose.phones import international
from areaomogenea.publishing.coverage import Coverage
from areaomogenea.publishing.models import Publication

from .feeds import AREA, changed_at, identifier, until_when
from .licence import DEED
from .social_images import HEIGHT, WIDTH, card_address

if TYPE_CHECKING:
    from areaomogenea.deadlines.models import Deadline
    from areaomogenea.distribution.opendata.datasets import Dataset
    from areaomogenea.offices.models import Office
    from areaomogenea.offices.opening import Shut, Span
    from initiatives.models import Initiative
    from news.models import Communique

Thing = dict[str, Any]  # of schema.org
CONTEXT = "https://schema.org"


def organization(who: Identity) -> Thing:
    properties = {
        "@type": "GovernmentOrganization",
        "@id": absolute_url("/#ente"),
        "name": who.name,
        "url": absolute_url("/"),
        "areaServed": AREA,
        "logo": absolute_url("/static/emblem.svg"),
        "parentOrganization": {"@type": "Organization", "name": who.owner, "url": who.owner_website},
    }
    contacts = {"email": who.email, "telephone": who.phone, "address": who.address, "vatID": who.vat_number}
    return properties | without_empty(contacts)


def website(who: Identity) -> Thing:
    return {
        "@type": "WebSite",
        "@id": absolute_url("/#sito"),
        "url": absolute_url("/"),
        "name": who.name,
        "inLanguage": "it",
        "publisher": {"@id": absolute_url("/#ente")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": absolute_url(reverse("search")) + "?q={parole}",
            "query-input": "required name=parole",
        },
    }


def home(who: Identity) -> Thing:
    return {"@context": CONTEXT, "@graph": [organization(who), website(who)]}


def article(publication: Communique, who: Identity) -> Thing:
    """A communiqué read `with_all`."""
    address = absolute_url(publication.get_absolute_url())
    return {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "@id": identifier(publication),
        "mainEntityOfPage": address,
        "url": address,
        "headline": publication.title,
        "description": publication.summary,
        "articleSection": publication.kind_label,
        "keywords": [topic["name"] for topic in publication.topic_labels],
        "datePublished": localtime(publication.publish_at).isoformat(),
        "dateModified": localtime(changed_at(publication)).isoformat(),
        "inLanguage": "it",
        "isAccessibleForFree": True,
        "license": DEED,
        "wordCount": len(plain(publication.body).split()),
        "image": [image(publication), *pictures(publication)],
        "author": organization(who),
        "publisher": {"@id": absolute_url("/#ente")},
    } | without_empty(
        {
            "contentLocation": places(publication),
            "dateCreated": publication.document_day and publication.document_day.isoformat(),
            "expires": until_when(publication.expires_at),
        }
    )


def places(publication: Publication) -> list[Thing]:
    """Where it applies, of a row that came `with_places`; [] where that is nowhere in particular, or nobody says."""
    names = [AREA] if publication.coverage == Coverage.AREA else [place["name"] for place in publication.places]
    return [{"@type": "AdministrativeArea", "name": name} for name in names]


def without_empty(properties: Mapping[str, Any]) -> Thing:
    return {name: value for name, value in properties.items() if value}


def initiative(row: Initiative, who: Identity) -> Thing:
    """The page of an initiative read `with_all`, and the project that it is about."""
    address = absolute_url(row.get_absolute_url())
    return {
        "@context": CONTEXT,
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": row.title,
        "description": row.summary,
        "datePublished": localtime(row.publish_at).isoformat(),
        "dateModified": localtime(changed_at(row)).isoformat(),
        "inLanguage": "it",
        "license": DEED,
        "primaryImageOfPage": image(row),
        "publisher": organization(who),
        "mainEntity": project(row),
    } | without_empty({"expires": until_when(row.expires_at)})


def project(row: Initiative) -> Thing:
    """The project of an initiative, with who takes part: where only a number is public, nobody is named."""
    listed = [] if row.knows_only_the_count else row.joined
    properties = {
        "@type": "Project",
        "@id": identifier(row),
        "name": row.title,
        "url": absolute_url(row.get_absolute_url()),
        "description": row.summary,
        "keywords": [topic["name"] for topic in row.topic_labels],
        "parentOrganization": {"@id": absolute_url("/#ente")},
    }
    funders = dict.fromkeys(amount.funder for amount in row.amounts.all() if amount.funder)
    office = row.office
    contact = {"name": office.name, "email": office.email, "telephone": office.phone} if office else {}
    lists = {
        "areaServed": places(row),
        "member": [{"@type": "GovernmentOrganization", "name": f"Comune di {one.municipality.name}"} for one in listed],
        "funder": [{"@type": "Organization", "name": name} for name in funders],
        "contactPoint": [{"@type": "ContactPoint"} | {name: value for name, value in contact.items() if value}]
        if any(contact.values())
        else [],
    }
    return properties | without_empty(lists)


def office(row: Office) -> Thing:
    """An office read `with_all`: where it is, how it is reached, when it answers."""
    address = absolute_url(row.get_absolute_url())
    hours, shut = [ALWAYS] if row.answers_always else week(row.spans), [closure(one) for one in row.closures_ahead]
    point = {"email": row.email, "telephone": row.phone and international(row.phone), "url": row.website}
    point = without_empty(point | {"hoursAvailable": hours, "availableLanguage": "it" if any(point.values()) else ""})
    return {
        "@context": CONTEXT,
        "@type": "GovernmentOffice",
        "@id": f"{address}#ufficio",
        "url": address,
        "name": row.name,
        "parentOrganization": {"@type": "GovernmentOrganization", "name": row.body_name},
    } | without_empty(
        {
            "description": row.purpose,
            "address": row.address,
            "telephone": point.get("telephone"),
            "email": row.email,
            "contactPoint": {"@type": "ContactPoint", "contactType": row.name} | point if point else None,
            "openingHoursSpecification": [*hours, *([HOLIDAYS_SHUT] if hours and not row.answers_always else [])],
            "specialOpeningHoursSpecification": shut if hours else [],
            "knowsAbout": [topic["name"] for topic in row.topic_labels],
            "employee": [
                {"@type": "Person", "name": person["name"], "jobTitle": person["role_name"]} for person in row.people
            ],
        }
    )


WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SPECIFICATION = "OpeningHoursSpecification"
NO_HOURS = {"opens": "00:00", "closes": "00:00"}  # closed all day, as schema.org has it
ALWAYS = {"@type": SPECIFICATION, "dayOfWeek": [f"{CONTEXT}/{day}" for day in WEEK]} | {
    "opens": "00:00",
    "closes": "23:59",
}
HOLIDAYS_SHUT = {"@type": SPECIFICATION, "dayOfWeek": f"{CONTEXT}/PublicHolidays"} | NO_HOURS


def week(spans: Iterable[Span]) -> list[Thing]:
    """The hours, each with the days that have it."""
    days: dict[tuple[time, time], list[str]] = {}
    for span in spans:
        days.setdefault((span.opens, span.closes), []).append(f"{CONTEXT}/{WEEK[span.weekday]}")
    return [
        {"@type": SPECIFICATION, "dayOfWeek": names, "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}
        for (opens, closes), names in days.items()
    ]


def closure(shut: Shut) -> Thing:
    through = {"validFrom": shut.first.isoformat(), "validThrough": shut.last.isoformat()}
    return {"@type": SPECIFICATION, "description": f"Chiuso per {shut.why}"} | through | NO_HOURS


def events(deadlines: Iterable[Deadline], who: Identity) -> Thing | None:
    """The meetings among some deadlines read `with_all`; None when there are none.

    A term is left out: nothing takes place when it ends, and schema.org has no type for the last day of something.
    """
    meetings = [one for one in deadlines if one.is_meeting and one.publication.is_published()]
    graph = [event(one, who) for one in meetings]
    return {"@context": CONTEXT, "@graph": graph} if graph else None


def event(meeting: Deadline, who: Identity) -> Thing:
    starts = dict.fromkeys(moment(opened_at, all_day) for opened_at, _, all_day in meeting.former_hours)
    start = moment(meeting.opens_at, meeting.is_all_day)
    former = [one for one in starts if one not in (start, None)]
    off = f"{meeting.countdown}: {meeting.called_off_why}" if meeting.is_called_off else ""
    status = "EventCancelled" if meeting.is_called_off else "EventRescheduled" if former else "EventScheduled"
    properties = {
        "@type": "Event",
        "@id": meeting.uid.urn,
        "name": meeting.title,
        "url": absolute_url(meeting.get_absolute_url()),
        "description": "\n".join(filter(None, [off, meeting.publication.summary])),
        "image": image(meeting.publication),
        "startDate": start,
        "endDate": moment(meeting.closes_at, meeting.is_all_day),
        "eventStatus": f"{CONTEXT}/{status}",
        "previousStartDate": former,
        "inLanguage": "it",
        "audience": [{"@type": "Audience", "audienceType": name} for name in meeting.audiences],
        "organizer": {
            "@type": "GovernmentOrganization",
            "@id": absolute_url("/#ente"),
            "name": who.name,
            "url": absolute_url("/"),
        },
        "subjectOf": {"@id": identifier(meeting.publication)},
    }
    return without_empty(properties) | where(meeting)


def moment(hour: datetime | None, is_all_day: bool) -> str | None:
    """An hour with its offset, as clocks in Italy show it; the day alone where no hour is known."""
    if not hour:
        return None
    return localtime(hour).date().isoformat() if is_all_day else localtime(hour).isoformat()


def where(meeting: Deadline) -> Thing:
    """A link beside a place may lead to the same room or to a form to fill in: then how one attends is not said."""
    place = {"@type": "Place", "name": meeting.place, "address": meeting.place}
    if meeting.place:
        mode = {} if meeting.url else {"eventAttendanceMode": f"{CONTEXT}/OfflineEventAttendanceMode"}
        return {"location": place} | mode
    if meeting.url:
        online = {"@type": "VirtualLocation", "url": meeting.url}
        return {"location": online, "eventAttendanceMode": f"{CONTEXT}/OnlineEventAttendanceMode"}
    return {}


def image(publication: Publication) -> Thing:
    return {"@type": "ImageObject", "url": absolute_url(card_address(publication)), "width": WIDTH, "height": HEIGHT}


def pictures(publication: Communique) -> list[Thing]:
    picture = publication.picture
    if not picture:
        return []
    size = {"width": picture.width, "height": picture.height}
    words = {"caption": picture.alternative_text, "creditText": picture.credit}
    return [{"@type": "ImageObject", "url": absolute_url(picture.file.url)} | size | words]


def data_catalogue(datasets: Iterable[Dataset], who: Identity) -> Thing:
    """`datasets`: of `opendata`."""
    address = absolute_url(reverse("opendata:index"))
    return {
        "@context": CONTEXT,
        "@type": "DataCatalog",
        "@id": f"{address}#catalogo",
        "name": f"Dati aperti di {who.name}",
        "url": address,
        "inLanguage": "it",
        "license": DEED,
        "publisher": organization(who),
        "dataset": [
            {
                "@type": "Dataset",
                "@id": f"{absolute_url(one.get_absolute_url())}#dati",
                "name": one.title,
                "description": one.description,
                "url": absolute_url(one.get_absolute_url()),
                "license": DEED,
                "creator": {"@id": absolute_url("/#ente")},
            }
            for one in datasets
        ],
    }


def dataset(one: Dataset, downloads: Iterable[dict[str, str]], changed_at: datetime, who: Identity) -> Thing:
    """`downloads`: dicts with the name and the path of each of its files."""
    address = absolute_url(one.get_absolute_url())
    catalogue = {
        "@type": "DataCatalog",
        "name": f"Dati aperti di {who.name}",
        "url": absolute_url(reverse("opendata:index")),
    }
    files = [
        {"@type": "DataDownload", "encodingFormat": file["media_type"], "contentUrl": absolute_url(file["path"])}
        | {"name": file["name"]}
        for file in downloads
    ]
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": f"{address}#dati",
        "name": one.title,
        "description": " ".join(filter(None, [one.description, one.provenance])),
        "url": address,
        "inLanguage": "it",
        "license": DEED,
        "isAccessibleForFree": True,
        "keywords": list(one.keywords),
        "spatialCoverage": AREA,
        "creator": organization(who),
        "publisher": {"@id": absolute_url("/#ente")},
        "includedInDataCatalog": catalogue,
        "distribution": files,
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column.name, "description": column.what} for column in one.columns
        ],
    } | ({"dateModified": localtime(changed_at).isoformat()} if changed_at else {})


def breadcrumb(steps: Iterable[tuple[str, str]]) -> Thing:
    """`steps`: (name, path) from the home page down; the last may have no path of its own."""
    items = [
        {"@type": "ListItem", "position": number, "name": name} | ({"item": absolute_url(path)} if path else {})
        for number, (name, path) in enumerate(steps, start=1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}
