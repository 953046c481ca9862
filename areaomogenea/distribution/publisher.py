"""Who distributes: the hall knows, and says so when it starts."""

_ask = []


def told_by(ask):
    """Registers what answers `publisher()`: a row with name, tagline, owner, owner_website, email, address."""
    _ask[:] = [ask]


def publisher():
    return _ask[0]()
