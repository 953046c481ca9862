"""Rows of a relation as one JSON column, so that a list costs one query and not one for each relation."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, JSONField, Subquery
from django.db.models.functions import JSONObject
from django.db.models.sql.compiler import SQLCompiler


class JSONRows(Subquery):
    """A list of dicts, [] when there are none: `JSONRows(rows, name="field", ...)`, ordered as `rows` is."""

    output_field = JSONField()
    template = "(SELECT COALESCE(jsonb_agg(_row.data), '[]'::jsonb) FROM (%(subquery)s) _row)"

    def __init__(self, rows, **fields):
        super().__init__(rows.values(data=JSONObject(**fields)))

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, Any]:
        template = "(SELECT json_group_array(json(_row.data)) FROM (%(subquery)s) _row)"
        return self.as_sql(compiler, connection, template=template, **extra_context)


class Compiled(Expression):
    """A column of queries on one model, made into SQL once for each kind of database.

    Django would resolve and compile it again for each query, which costs more than the database takes to answer.
    The SQL names the model's own table, so it fits queries on the model and on its children.
    """

    output_field = JSONField()

    def __init__(self, model, column):
        super().__init__()
        self.model, self.column, self.sql = model, column, {}

    def resolve_expression(self, *args: object, **kwargs: object) -> Any:
        return self

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        if connection.vendor not in self.sql:
            query = self.model._base_manager.all().query
            resolved = self.column.resolve_expression(query)
            self.sql[connection.vendor] = query.get_compiler(connection=connection).compile(resolved)
        sql, params = self.sql[connection.vendor]
        return sql, list(params)
