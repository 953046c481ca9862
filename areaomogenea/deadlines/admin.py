"""What this room adds to the desk."""

from . import (
    deadline_inlines,  # noqa: F401 (it puts deadlines in the form of every kind)
    offers,  # noqa: F401 (it registers itself)
)
