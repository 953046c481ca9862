"""What stood in four columns of topics, initiatives and groups, as offices; and the way back."""

from areaomogenea.naming.slugs import first_free, slug_of
from areaomogenea.prose.phones import is_phone, normalised_phone

UNSAID = "Ente da indicare"  # whose it is no column told: the desk asks
NAMELESS = "Ufficio"
LONGEST_NAME, LONGEST_PHONE = 120, 30


def office_of(offices, name, text, email, phone):
    """The office that says this, made if there is none; None where nothing is said."""
    name, text, email, phone = (value.strip() for value in (name, text, email, phone))
    if not (name or text or email or phone):
        return None
    if phone and not is_phone(phone):
        text, phone = "\n".join(filter(None, [text, f"Telefono: {phone}"])), ""
    fields = {"name": name or NAMELESS, "guidance": text, "email": email, "phone": normalised_phone(phone)}
    known = offices.filter(body=UNSAID, **fields).first()
    return known or offices.create(slug=free_slug(offices, fields["name"]), body=UNSAID, **fields)


def free_slug(offices, name):
    stem = slug_of(name, 46) or "ufficio"
    return first_free(stem, set(offices.filter(slug__startswith=stem).values_list("slug", flat=True)))


def columns_of(office):
    """(name, text, email, phone) as the columns held them."""
    name = "" if office.name == NAMELESS else office.name
    return name, office.guidance, office.email, office.phone[:LONGEST_PHONE]
