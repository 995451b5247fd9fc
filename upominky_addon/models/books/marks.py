from odoo import api, fields, models
from odoo.tools import SQL

from .date_queries import MARKED
from .watched import WATCHED

#: Of more items that changed, what is kept of them is worked out anew for all.
MANY = 50_000


class UpominkyMark(models.Model):
    """What changed since something was kept of it, written by triggers of the database.

    No method of a model sees all that changes a date: matches write what is left to pay when Odoo
    flushes its cache, jobs write in SQL, and so do other add-ons. A trigger sees them all, in the
    transaction that changes them, and costs them some microseconds a row.

    A mark is taken away by whoever works out anew what was kept. Rows are only ever added beside
    it, so nobody waits for anybody; a mark that is made meanwhile stays.
    """

    _name = "upominky.mark"
    _description = "What Changed"
    _inherit = ["upominky.context"]
    _log_access = False

    # No foreign keys: they would lock what is marked.
    item_id = fields.Integer()
    move_id = fields.Integer()
    partner_id = fields.Integer()
    reminder_id = fields.Integer()

    @api.private
    def init(self):
        """Watch the tables, once the columns of all models are there."""
        self.pool.post_init(self._watch)

    @api.model
    def _watch(self):
        """Put the triggers where they belong; those of an older version go."""
        self._unwatch()
        for watch in WATCHED:
            function, body = SQL.identifier(watch.function), watch.body
            self.env.cr.execute(
                SQL(
                    "CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS %s",
                    function,
                    body,
                )
            )
            self.env.cr.execute(watch.trigger)

    @api.model
    def _unwatch(self):
        """Take the triggers away: what they write to goes with the add-on."""
        ours = SQL("SELECT proname FROM pg_proc WHERE starts_with(proname, 'upominky_mark_')")
        functions = [row[0] for row in self.env.execute_query(ours)]
        for name in functions:  # their triggers go with them
            self.env.cr.execute(SQL("DROP FUNCTION %s() CASCADE", SQL.identifier(name)))

    @api.model
    def _items(self):
        """Return ids of the items that changed, None where there are many.

        Whoever asks has written what is in the cache.

        :rtype: list[int] | None
        """
        found = [row[0] for row in self.env.execute_query(self._query())]
        return found if len(found) <= MANY else None

    @api.model
    def _query(self):
        """Return the query of :meth:`_items`; one more than :data:`MANY` says that many changed."""
        return SQL(MARKED, limit=MANY + 1)

    @api.model
    def _clear(self):
        """Take away the marks of what was worked out anew, in the transaction that did that."""
        self.env.cr.execute("DELETE FROM upominky_mark")
