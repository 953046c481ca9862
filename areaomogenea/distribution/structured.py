"""What pages tell engines in the words of schema.org, as JSON-LD."""

from django.urls import reverse
from django.utils.timezone import localtime

from areaomogenea.prose.html import plain

from .cards import HEIGHT, WIDTH, card_address
from .feeds import changed_at, identifier

CONTEXT = "https://schema.org"
LICENCE = "https://creativecommons.org/licenses/by/4.0/deed.it"
AREA = "Area Omogenea Cremasca, provincia di Cremona"


def organization(who, here):
    told = {
        "@type": "GovernmentOrganization",
        "@id": here("/#ente"),
        "name": who.name,
        "url": here("/"),
        "areaServed": AREA,
        "logo": here("/static/emblem.svg"),
        "parentOrganization": {"@type": "Organization", "name": who.owner, "url": who.owner_website},
    }
    contacts = {"email": who.email, "telephone": who.phone, "address": who.address, "vatID": who.vat_number}
    return told | {name: value for name, value in contacts.items() if value}


def website(who, here):
    return {
        "@type": "WebSite",
        "@id": here("/#sito"),
        "url": here("/"),
        "name": who.name,
        "inLanguage": "it",
        "publisher": {"@id": here("/#ente")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": here(reverse("search")) + "?q={parole}",
            "query-input": "required name=parole",
        },
    }


def home(who, here):
    return {"@context": CONTEXT, "@graph": [organization(who, here), website(who, here)]}


def article(publication, who, here):
    """A communiqué read `with_all`."""
    address = here(publication.get_absolute_url())
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
        "license": LICENCE,
        "wordCount": len(plain(publication.body).split()),
        "image": [image(publication, here), *pictures(publication, here)],
        "contentLocation": [{"@type": "AdministrativeArea", "name": place["name"]} for place in publication.places]
        or [{"@type": "AdministrativeArea", "name": AREA}],
        "author": organization(who, here),
        "publisher": {"@id": here("/#ente")},
    }


def image(publication, here):
    return {"@type": "ImageObject", "url": here(card_address(publication)), "width": WIDTH, "height": HEIGHT}


def pictures(publication, here):
    picture = publication.picture
    if not picture:
        return []
    size = {"width": picture.width, "height": picture.height}
    about = {"caption": picture.alternative_text, "creditText": picture.credit}
    return [{"@type": "ImageObject", "url": here(picture.file.url)} | size | about]


def breadcrumb(steps, here):
    """`steps`: (name, path) from the home page down; the last may have no path of its own."""
    items = [
        {"@type": "ListItem", "position": number, "name": name} | ({"item": here(path)} if path else {})
        for number, (name, path) in enumerate(steps, start=1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}
