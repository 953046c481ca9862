"""What a page is made of, apart from its words: two databases must give pages of the same make."""

from lxml.html import document_fromstring

TELLING = ("class", "role", "type")  # attributes whose values say how a thing is drawn


def described(element):
    values = [f"{name}={value}" if name in TELLING else name for name, value in sorted(element.items())]
    return " ".join([element.tag, *values])


def shape_of(html):
    """Which elements are in which others; how many, and in what order, may follow from words found in another order."""
    shape, within = set(), {}
    for element in document_fromstring(html).iter("*"):  # parents before what is in them
        within[element] = described(element)
        shape.add(" > ".join(within[one] for one in (element.getparent(), element) if one is not None))
    return sorted(shape)
