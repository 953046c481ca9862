"""Rows of a relation as one JSON column, so that a list costs one query and not one for each relation."""

from django.db.models import JSONField, Subquery
from django.db.models.functions import JSONObject


class JSONRows(Subquery):
    """A list of dicts, [] when there are none: `JSONRows(rows, name="field", ...)`, ordered as `rows` is."""

    output_field = JSONField()
    template = "(SELECT COALESCE(jsonb_agg(_row.data), '[]'::jsonb) FROM (%(subquery)s) _row)"

    def __init__(self, rows, **fields):
        super().__init__(rows.values(data=JSONObject(**fields)))

    def as_sqlite(self, compiler, connection, **extra_context):
        template = "(SELECT json_group_array(json(_row.data)) FROM (%(subquery)s) _row)"
        return self.as_sql(compiler, connection, template=template, **extra_context)
