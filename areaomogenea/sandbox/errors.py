"""What may come of a file instead of an answer."""


class Refused(Exception):  # noqa: N818 (a state of the file, in words for who brings it)
    pass


class TooCostly(Exception):  # noqa: N818
    """Reading it would take more time or memory than a file may."""


class Unreadable(Exception):  # noqa: N818
    """The file broke its reader."""
