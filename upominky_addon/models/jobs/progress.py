from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.fields import Domain

from ...core.delivery import STALE_AFTER
from ..base.said import lines, say

#: More customers than these are not issued to within such a request.
CUSTOMERS_AT_ONCE = 500
#: What people asked for goes before what waits already.
HEAD_START = timedelta(days=1)


class UpominkyRun(models.Model):
    """Long work that people ask for: the jobs do it, and its run shows how far they are.

    To send many, the reminders are queued and job 2 takes them up like any other; the run of kind
    ``asked`` only knows which they are. To issue many, job 1 goes through a run of kind ``hand``
    with a list of customers and a place in it, as it does with its own. Whoever closes the browser
    loses nothing, and a job that dies goes on where it was.
    """

    _inherit = "upominky.run"

    item_ids = fields.Json(
        string="Receivables", prefetch=False, help="Ids of the chosen receivables to issue."
    )
    customer_count = fields.Integer(help="To how many customers job 1 is to issue by hand.")
    asked_reminder_ids = fields.Many2many(
        "upominky.reminder",
        relation="upominky_run_asked_rel",
        column1="run_id",
        column2="reminder_id",
        string="Chosen Reminders",
        help="Those that a person asked to send, or to take a step with.",
    )
    is_working = fields.Boolean(
        compute="_compute_progress", help="Whether a job has still to do something of it now."
    )
    total_count = fields.Integer(string="In All", compute="_compute_progress")
    done_count = fields.Integer(string="Done", compute="_compute_progress")

    @api.depends("state", "place", "customer_count", "asked_reminder_ids.next_try")
    def _compute_progress(self):
        unsettled = self._count_asked(self._unsettled())
        waiting = self._count_asked(self._unsettled() & self._unsent())
        for run in self:
            if run.kind == "asked":
                run.total_count = len(run.asked_reminder_ids)
                run.done_count = run.total_count - sum(waiting.get(run.id, {}).values())
                run.is_working = run.state == "running" and run.id in unsettled
            else:
                run.total_count = run.customer_count
                run.is_working = run.state == "running" and bool(run.customer_count)
                run.done_count = run.place if run.is_working else run.customer_count

    @api.model
    def _unsettled(self):
        """Return the domain of reminders that job 2 has in hand, or takes up now.

        One that is tried again later, after a temporary failure, is not waited for.
        """
        due = Domain("next_try", "<=", fields.Datetime.now()) | Domain("send_run_id", "!=", False)
        return Domain("state", "in", ("issued", "sent")) & due

    @api.model
    def _unsent(self):
        """Return the domain of reminders with a message to come: a batch settles at its end."""
        still = Domain("delivery_ids.state", "in", ("queued", "sending"))
        return Domain("delivery_ids", "=", False) | still

    def _count_asked(self, domain=Domain.TRUE):
        """Return the states of what was asked for, as :meth:`_count_states` does.

        :rtype: dict[int, dict[str, int]]
        """
        found = {}
        rows = self.env["upominky.reminder"]._read_group(
            Domain("asked_run_ids", "in", self.ids) & domain,
            ["asked_run_ids", "state"],
            ["__count"],
        )
        for run, state, number in rows:
            found.setdefault(run.id, {})[state] = number
        return found

    # ----------------------------------------------------------------- asking

    @api.model
    def _ask_to_send(self, reminders, refused):
        """Have job 2 send queued reminders before all others.

        :param dict refused: sentences of those that were left out, by id
        :return: a run for each company
        """
        reminders._put_first()
        runs = self.browse()
        for company, mine in reminders.grouped("company_id").items():
            left_out = self.env["upominky.reminder"].browse(refused)
            told = [refused[r.id] for r in left_out if r.company_id == company]
            error = lines(self.env, *told) or False
            runs += self._open_asked(company, mine, error=error)
        self.env.ref("upominky_addon.cron_send")._trigger()
        return runs

    @api.model
    def _open_asked(self, company, reminders, **values):
        """Open the run of what a person asked to do with reminders of a company."""
        return self.create(
            {
                "company_id": company.id,
                "kind": "asked",
                "date": company._upominky_today(),
                "asked_reminder_ids": [Command.set(reminders.ids)],
                **values,
            }
        )

    @api.model
    def _ask_to_issue(self, company, customer_ids, item_ids):
        """Have job 1 issue the next level of chosen receivables.

        :return: the run, with its list of customers
        """
        run = self.create(
            {
                "company_id": company.id,
                "kind": "hand",
                "date": company._upominky_today(),
                "customer_ids": sorted(customer_ids),
                "customer_count": len(customer_ids),
                "item_ids": sorted(item_ids),
            }
        )
        self.env.ref("upominky_addon.cron_generate")._trigger()
        return run

    @api.model
    def _asked_to_issue(self, companies):
        """Return the runs that job 1 has to go on with because a person asked for it."""
        return self.search(
            [
                ("company_id", "in", companies.ids),
                ("kind", "=", "hand"),
                ("state", "=", "running"),
                ("customer_count", ">", 0),
            ],
            order="id",
        )

    @api.model
    def _job_is_on(self, name):
        """Say whether a job will take up what is left to it."""
        return self.env.ref(f"upominky_addon.{name}").sudo().active  # sudo: users see no jobs

    def _close_asked(self):
        """Close the runs whose reminders all had their turn, or that nobody took up for a week."""
        # What was asked of the others is not done yet: `_take_steps` closes them.
        runs = self.search(
            [("kind", "=", "asked"), ("state", "=", "running"), ("step", "=", False)]
        )
        runs.filtered(lambda run: not run.is_working).state = "done"
        left = runs.filtered(lambda run: run.state == "running" and run._age() >= STALE_AFTER)
        left._give_up_sending()

    def _age(self):
        """Return for how long it was opened, by its company's calendar.

        :rtype: timedelta
        """
        return self.company_id._upominky_today() - self.date

    def _give_up_sending(self):
        """Close runs that are waited for no more, and say how many reminders were not sent."""
        for run in self:
            unsent = run.total_count - run.done_count
            if unsent:
                run._add_error(say(self.env, "asked_unsent", count=unsent))
            run.state = "dead" if unsent else "done"

    # --------------------------------------------------------------- looking

    def _show_progress(self):
        """Open the page that shows how far these runs are."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Progress"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "res_id": self.id,
        }
        if len(self) == 1:
            return action
        views = {"view_mode": "list,form", "views": [(False, "list"), (False, "form")]}
        return {**action, **views, "res_id": False, "domain": [("id", "in", self.ids)]}


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    asked_run_ids = fields.Many2many(
        "upominky.run",
        relation="upominky_run_asked_rel",
        column1="reminder_id",
        column2="run_id",
        string="Asked For In",
        readonly=True,
        copy=False,
    )

    def _put_first(self):
        """Have job 2 send these before all others: a person waits for them."""
        self.next_try = fields.Datetime.now() - HEAD_START
