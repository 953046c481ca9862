"""What this room adds to the desk: deadlines in the form of every kind."""

from areaomogenea.desk.publications import register_inline

from .deadline_inlines import DeadlineInline

register_inline(DeadlineInline)
