"""What a page is made of, apart from its words: two databases must give pages of the same make."""

from itertools import pairwise

from lxml.html import document_fromstring

TELLING = ("class", "role", "type")  # attributes whose values say how a thing is drawn
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
NAMED = ("a", "button", "label", "th", "summary", "legend", "option")


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


def made_anew(pages, known):
    """Of pages, HTML by path, those in which something is made as in none before them, nor in the known."""
    seen = set().union(*map(make_of, known))
    for path, html in pages.items():
        if not (make := make_of(html)) <= seen:
            yield path
        seen |= make


def make_of(html):
    """Its shape, which heading follows which, and what has a name to say and no word in it."""
    page = document_fromstring(html)
    headings = [element.tag for element in page.iter(*HEADINGS)]
    wordless = {described(one) for one in page.iter(*HEADINGS, *NAMED) if not one.text_content().strip()}
    return {*shape_of(html), *pairwise(headings), *(f"{one} without words" for one in wordless)}
