import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ..base.logs import log_problem
from ..base.transactions import attempt, commit, start_again
from .date_queries import UNMARKED
from .marks import MANY

_logger = logging.getLogger(__name__)

#: Whoever works out anew what is kept, alone.
ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('upominky.kept'))"
#: A table with fewer new rows is known well enough by what the database counts itself.
ANALYZED = 5_000


def unmarked(items):
    """Return the condition that a kept row is of none of some items.

    :param items: ids of those that changed
    :rtype: SQL
    """
    return SQL(UNMARKED, marked=items) if items else SQL("TRUE")


class UpominkyKept(models.Model):
    """What lists and figures would take long to work out, and is kept.

    Kept are values that follow from rows alone, and not from the day. What changed is marked, see
    :class:`UpominkyMark`, and worked out anew for whoever asks, until a job does it for all. What
    follows from more than rows, as from the rules, holds while its ``terms`` are the same.
    """

    _name = "upominky.kept"
    _description = "What Is Kept"
    _inherit = ["upominky.context"]
    _log_access = False
    _unique = models.Constraint("UNIQUE (name, company_id)", "Kept twice.")

    name = fields.Char(required=True)
    company_id = fields.Integer(required=True, help="0 for all.")
    terms = fields.Char(required=True)

    @api.model
    def _keepers(self):
        """Return the models that keep something; each refills its table. A door for other rooms."""
        return [self.env["upominky.next.date"]]

    @api.model
    def _refresh(self):
        """Work out anew what changed, and all of what holds no more: after each run of a job.

        Lists are right without it, and slow: whatever goes wrong here is told to the log alone.
        """
        # What the job did is done, whatever becomes of this; and the snapshot is a fresh one.
        commit(self.env)
        try:
            attempt(self.env, self._refill)
        except Exception as problem:
            start_again(self.env)
            log_problem(_logger, problem, "What is kept for lists was not refreshed")

    def _refill(self):
        if not self.env.execute_query(SQL(ALONE))[0][0]:
            return
        self.env["upominky.reader"]._flush()
        items = self.env["upominky.mark"]._items()
        for keeper in self._keepers():
            keeper._refill(items)
        self.env["upominky.mark"]._clear()

    @api.autovacuum
    def _gc_marks(self):
        """Refresh where no job runs: marks are not to pile up."""
        self._refresh()

    @api.model
    def _holds(self, name, terms, company_id=0):
        """Say whether what is kept was worked out by the same terms."""
        query = SQL(
            "SELECT terms FROM upominky_kept WHERE name = %s AND company_id = %s", name, company_id
        )
        return self.env.execute_query(query) == [(terms,)]

    @api.model
    def _changed(self, name, terms):
        """Return ids of the items that changed since something was kept, in one query.

        :return: them, None where nothing is kept by these terms or many changed
        :rtype: list[int] | None
        """
        marks = self.env["upominky.mark"]._query()
        kept = SQL("SELECT FROM upominky_kept WHERE name = %s AND terms = %s", name, terms)
        rows = self.env.execute_query(SQL("SELECT ARRAY(%s) WHERE EXISTS (%s)", marks, kept))
        return rows[0][0] if rows and len(rows[0][0]) <= MANY else None

    @api.model
    def _note(self, name, terms, company_id=0):
        """Say by which terms what is kept was worked out."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO upominky_kept (name, company_id, terms) VALUES (%s, %s, %s) "
                "ON CONFLICT (name, company_id) DO UPDATE SET terms = EXCLUDED.terms",
                name,
                company_id,
                terms,
            )
        )

    @api.model
    def _forget(self, name, company_id=None):
        """Say that what is kept holds no more: its marks are taken away, and it is not refilled.

        :param int company_id: of which company, None for all
        """
        whose = SQL("TRUE") if company_id is None else SQL("company_id = %s", company_id)
        self.env.cr.execute(SQL("DELETE FROM upominky_kept WHERE name = %s AND %s", name, whose))

    @api.model
    def _know(self, table):
        """Tell the planner of a table that was just filled: it is asked before autovacuum comes."""
        if self.env.cr.rowcount > ANALYZED:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
