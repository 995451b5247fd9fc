import json

from odoo import api, models
from odoo.tools import SQL

#: The values of each row are read as the columns of its table, so that the database itself turns
#: decimals and dates from the text they are sent as: no amount becomes a float on its way.
INSERT = """
    INSERT INTO %(table)s (%(columns)s%(names)s, create_uid, create_date, write_uid, write_date)
    SELECT %(columns)s%(shared)s,
           %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC'
      FROM json_populate_recordset(NULL::%(table)s, %(rows)s)
 RETURNING id
"""

#: Values are read as above; what is the same already is left as it is, and is nobody's change.
UPDATE = """
    UPDATE %(table)s kept
       SET (%(columns)s, write_uid, write_date) =
           ROW(%(new)s, %(user)s, now() AT TIME ZONE 'UTC')
      FROM json_populate_recordset(NULL::%(table)s, %(rows)s) new
     WHERE kept.id = new.id AND (%(old)s) IS DISTINCT FROM (%(new)s)
 RETURNING kept.id
"""


class UpominkyWriter(models.AbstractModel):
    """Writes many rows in one statement, where the ORM's ``create`` has nothing to add.

    The ORM inserts a hundred rows a statement, converts each value several times and keeps all of
    them in its cache: of job 1's time that was four fifths. It is left out only where it has no
    hooks to honour: no tracking, no followers, no stored computes, no constraints but those of the
    database, which hold here as well. A test watches that.

    To update is to go round ``write``, too: whoever does asks himself what that refuses.
    """

    _name = "upominky.writer"
    _description = "Writer of Many Rows"

    @api.model
    def _insert(self, model, rows, **shared):
        """Insert rows of a model; what of it is in the cache must be dropped by the caller.

        :param str model: name of the model
        :param list[dict] rows: a value for each column (None for no value, not False), the
            same columns in all of them
        :param shared: values that are the same in all of the rows
        :return: ids, in the order of the rows (as the ORM relies on, too)
        """
        if not rows:
            return []
        self.env[model].check_access("create")
        self.env.flush_all()  # rows that these refer to
        query = SQL(
            INSERT,
            table=SQL.identifier(self.env[model]._table),
            columns=SQL(", ").join(map(SQL.identifier, rows[0])),
            names=SQL().join(SQL(", %s", SQL.identifier(name)) for name in shared),
            shared=SQL().join(SQL(", %s", value) for value in shared.values()),
            user=self.env.uid,
            rows=json.dumps(rows, default=str),
        )
        return [row[0] for row in self.env.execute_query(query)]

    @api.model
    def _update(self, model, rows):
        """Update rows of a model; what of them is in the cache must be dropped by the caller.

        :param str model: name of the model
        :param list[dict] rows: the id and a value for each column, as :meth:`_insert` takes them
        :return: ids of those that changed
        """
        if not rows:
            return []
        self.env[model].browse(row["id"] for row in rows).check_access("write")
        self.env.flush_all()
        names = [name for name in rows[0] if name != "id"]
        query = SQL(
            UPDATE,
            table=SQL.identifier(self.env[model]._table),
            columns=SQL(", ").join(map(SQL.identifier, names)),
            old=SQL(", ").join(SQL.identifier("kept", name) for name in names),
            new=SQL(", ").join(SQL.identifier("new", name) for name in names),
            user=self.env.uid,
            rows=json.dumps(rows, default=str),
        )
        return [row[0] for row in self.env.execute_query(query)]
