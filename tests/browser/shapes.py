"""What a page is made of, apart from its words: two databases must give pages of the same make."""

from html.parser import HTMLParser

EMPTY = set("area base br col embed hr img input link meta source track wbr".split())
TELLING = ("class", "role", "type")  # attributes whose values say how a thing is drawn


class ShapeParser(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.shape = [], set()

    def handle_starttag(self, tag, attributes):
        values = [f"{name}={value}" if name in TELLING else name for name, value in sorted(attributes)]
        element = " ".join([tag, *values])
        self.shape.add(" > ".join([*(within for _, within in self.open[-1:]), element]))
        if tag not in EMPTY:
            self.open.append((tag, element))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in (name for name, _ in self.open):
            while self.open.pop()[0] != tag:
                pass


def shape_of(html):
    """Which elements are in which others; how many, and in what order, may follow from words found in another order."""
    parser = ShapeParser()
    parser.feed(html)
    return sorted(parser.shape)
