from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .queries import TAKE


class UpominkyRun(models.Model):
    """One run of a job: what it did, and how far it came when it was stopped.

    A run of job 1 keeps its list of customers and its place in it, so that the next call goes on.
    A run of job 2 is locked by its worker as long as it lives: what a run holds that somebody else
    can lock was left by a dead one.
    """

    _name = "upominky.run"
    _description = "Reminder Run"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, index=True)
    kind = fields.Selection(
        [("generate", "Generating"), ("send", "Sending"), ("hand", "By hand")], required=True
    )
    date = fields.Date(required=True)
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("dead", "Interrupted")],
        required=True,
        default="running",
    )
    customer_ids = fields.Json(
        string="Customers",
        prefetch=False,
        help="Ids of the customers to go through, ascending.",
    )
    place = fields.Integer(default=0, help="How many customers of the list are done.")
    reminder_ids = fields.One2many("upominky.reminder", "run_id", string="Reminders")
    error = fields.Text()

    _one_running_idx = models.Index("(company_id, kind) WHERE state = 'running'")

    @api.depends("kind", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            run.display_name = f"{kinds.get(run.kind, '')} {run.date or ''}".strip()

    @api.autovacuum
    def _gc_old(self):
        """Delete what nobody looks at any more: runs that left no reminder, after 30 days."""
        before = fields.Date.today() - timedelta(days=30)
        domain = [("date", "<", before), ("state", "!=", "running"), ("reminder_ids", "=", False)]
        self.search(domain, limit=10000).unlink()

    @api.model
    def _unfinished(self, company, date):
        """Return today's run of job 1 that was stopped; older ones are closed."""
        domain = [
            ("company_id", "=", company.id),
            ("kind", "=", "generate"),
            ("state", "=", "running"),
        ]
        runs = self.search(domain)
        runs.filtered(lambda run: run.date != date).state = "dead"
        return runs.filtered(lambda run: run.date == date)[:1]

    def _take(self, size):
        """Take the next customers, under a lock that keeps other workers from taking them.

        The list stays in the database, which gives out what is asked for: of a million receivables
        it would take longer to read than a chunk takes to do.

        :param int size: how many at most
        :return: ids of the customers, and how many are left after them
        """
        self.ensure_one()
        self.flush_recordset()
        ((ids, left),) = self.env.execute_query(SQL(TAKE, run=self.id, last=size - 1))
        self.invalidate_recordset(["place"])
        return ids, left

    def _remaining(self):
        """Return how many customers are left."""
        self.ensure_one()
        return max(len(self.customer_ids or []) - self.place, 0)

    def _add_error(self, sentence):
        """Keep a sentence about something that did not work, with those before it."""
        for run in self:
            run.error = "\n".join(filter(None, [run.error, sentence]))
