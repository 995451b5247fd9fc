from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core import lifecycle
from ..base.dates import day_text
from ..base.empty import nothing_of_these
from ..base.said import SaidText, lines, say


class UpominkyRun(models.Model):
    """One run of a job: what it did, and how far it came when it was stopped.

    A run of job 1 keeps its list of customers and its place in it, so that the next call goes on.
    A run of job 2 is locked by its worker as long as it lives: what a run holds that somebody else
    can lock was left by a dead one.
    """

    _name = "upominky.run"
    _description = "Reminder Run"
    _inherit = ["upominky.context", "upominky.customer.list"]
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, index=True)
    kind = fields.Selection(
        [
            ("generate", "Generating run"),
            ("send", "Sending run"),
            ("hand", "By hand"),
            ("asked", "Asked by hand"),
            ("import", "Levels brought over"),
        ],
        required=True,
    )
    date = fields.Date(required=True)
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("dead", "Interrupted")],
        required=True,
        default="running",
    )
    reminder_ids = fields.One2many("upominky.reminder", "run_id", string="Reminders")
    error = SaidText()
    issued_count = fields.Integer(
        string="Issued", compute="_compute_counts", help="Reminders that this run issued."
    )
    sent_count = fields.Integer(
        string="Sent",
        compute="_compute_counts",
        help="Of the reminders that it issued; of a sending run, the messages that it sent.",
    )
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    waiting_count = fields.Integer(
        string="Waiting", compute="_compute_counts", help="For approval, or to be sent."
    )
    cancelled_count = fields.Integer(string="Cancelled", compute="_compute_counts")

    _one_running_idx = models.Index("(company_id, kind) WHERE state = 'running'")

    @api.depends("kind", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            run.display_name = f"{kinds.get(run.kind, '')} {day_text(self.env, run.date)}".strip()

    @api.depends("reminder_ids.state", "asked_reminder_ids.state")
    def _compute_counts(self):
        reminders = self._count_states("upominky.reminder")
        deliveries = self._count_states("upominky.delivery")
        asked = self._count_asked()
        groups = {
            "sent_count": lifecycle.ACCEPTED,
            "failed_count": lifecycle.REFUSED,
            "waiting_count": lifecycle.OPEN | {"to_approve", "issued"},
            "cancelled_count": {"cancelled"},
        }
        for run in self:
            found = {"send": deliveries, "asked": asked}.get(run.kind, reminders)
            counts = found.get(run.id, {})
            run.issued_count = sum(counts.values()) if found is reminders else 0
            for name, states in groups.items():
                run[name] = sum(number for state, number in counts.items() if state in states)

    def _count_states(self, model):
        """Return how many records of a model these runs made, by run id and state.

        :rtype: dict[int, dict[str, int]]
        """
        found = {}
        rows = self.env[model]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        for run, state, number in rows:
            found.setdefault(run.id, {})[state] = number
        return found

    def _counts_text(self):
        """Return in words what these runs did."""
        names = ("issued_count", "sent_count", "failed_count", "waiting_count")
        counts = {name: sum(self.mapped(name)) for name in names}
        if not any(counts.values()):
            return self.env._("There was nothing to do.")
        labels = self.fields_get(names, ["string"])
        told = [f"{labels[name]['string']}: {count}" for name, count in counts.items() if count]
        return ", ".join(told) + "."

    def action_ask_undo(self):
        """Ask what becomes of the invoices, then cancel what these runs issued, if unmailed."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        unmailed = self.reminder_ids.filtered(
            lambda r: r.state in lifecycle.UNFINISHED and not r._is_mailed()
        )
        if not unmailed:
            raise UserError(
                self.env._(
                    "Nothing is left to undo: what was issued is mailed or cancelled. A mailed "
                    "reminder can be marked as cancelled in the reminder book."
                )
            )
        return unmailed._ask("upominky.cancel", self.env._("Undo: Cancel Unmailed Reminders"))

    def action_open_reminders(self):
        """Open the reminder book with what these runs issued, or were asked to send.

        The context may tell ``upominky_states``, the states to keep to.
        """
        self.check_access("read")
        asked = self.filtered(lambda run: run.kind == "asked")
        domain = ["|", ("run_id", "in", self.ids), ("delivery_ids.run_id", "in", self.ids)]
        if asked:
            domain = ["|", *domain, ("asked_run_ids", "in", asked.ids)]
        return self.env["upominky.reminder"]._open_book(self._in_states(domain))

    def action_open_deliveries(self):
        """Open what these runs sent, or tried to.

        The context may tell ``upominky_states``, the states to keep to.
        """
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "upominky_addon.action_upominky_delivery"
        )
        domain = self._in_states([("run_id", "in", self.ids)])
        return {**action, "domain": domain, "context": {}, "help": nothing_of_these(self.env)}

    def _in_states(self, domain):
        states = self.env.context.get("upominky_states")
        return [*domain, ("state", "in", states)] if states else domain

    @api.autovacuum
    def _gc_old(self):
        """Delete what nobody looks at any more: runs that left no reminder, after a month.

        What went wrong stays until somebody has read it.
        """
        before = fields.Date.today() - relativedelta(months=1)
        domain = [("date", "<", before), ("state", "!=", "running"), ("reminder_ids", "=", False)]
        domain += ["|", ("error", "=", False), ("read_by_id", "!=", False)]
        self.search(domain, limit=10000).unlink()

    @api.model
    def _issuing(self, company):
        """Return the runs of a company that issue reminders now, or were stopped at it."""
        domain = [("company_id", "=", company.id), ("state", "=", "running")]
        return self.search([*domain, ("kind", "in", ("generate", "hand"))])

    @api.model
    def _unfinished(self, company, date):
        """Return today's run of job 1 that was stopped; older ones are closed."""
        domain = [
            ("company_id", "=", company.id),
            ("kind", "=", "generate"),
            ("state", "=", "running"),
        ]
        runs = self.search(domain)
        for run in runs.filtered(lambda run: run.date != date):
            run._add_error(say(self.env, "run_stopped", count=run._remaining()))
            run.state = "dead"
        return runs.filtered(lambda run: run.date == date)[:1]

    @api.model
    def _wake_unfinished(self):
        """Have job 1 called if its run of today was stopped.

        Odoo calls a job again whose process died, but after three deaths in a row it leaves it for
        the next interval: for job 1 that is tomorrow. Job 2 looks here every hour.
        """
        companies = self.env["res.company"].search([])
        on = companies.filtered(lambda company: not company._upominky_is_off())
        asked = self._asked_to_issue(companies)
        if asked or any(self._unfinished(company, company._upominky_today()) for company in on):
            self.env.ref("upominky_addon.cron_generate")._trigger()

    def _add_error(self, sentence):
        """Keep a sentence about something that did not work, with those before it."""
        for run in self:
            run.error = lines(self.env, run.error, sentence)
