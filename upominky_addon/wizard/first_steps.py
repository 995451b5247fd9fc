from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.lifecycle import mode_stops
from ..models.base.amounts import totals_text
from ..models.base.said import SaidText
from ..models.base.trusted import trusted

#: What must be there before anybody is reminded, and what becomes of replies, which letters ask
#: for; the mode is a step of its own.
CONDITIONS = ("server", "jobs", "rules", "address", "receipts")
#: Customers to choose from; of more, all are offered.
OFFERED = 500


class UpominkyFirstSteps(models.TransientModel):
    """From the installed add-on to the first reminder: conditions, pilot customer, issue, send.

    A page that knows how far a company is. It decides nothing itself: each step opens what does.
    """

    _name = "upominky.first.steps"
    _description = "First Steps with Payment Reminders"
    _inherit = ["upominky.input"]

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    readiness_id = fields.Many2one("upominky.readiness", readonly=True, index="btree_not_null")
    line_ids = fields.Many2many(
        "upominky.readiness.line", string="Conditions", compute="_compute_line_ids"
    )
    offered_ids = fields.Many2many("res.partner", compute="_compute_offered_ids")
    partner_id = fields.Many2one("res.partner", string="Pilot Customer", index="btree_not_null")
    owed_text = fields.Char(string="Overdue", compute="_compute_owed_text")
    is_pilot = fields.Boolean(compute="_compute_is_pilot", help="Reminders reach this customer.")
    is_live = fields.Boolean(compute="_compute_is_pilot")
    is_added = fields.Boolean(
        compute="_compute_is_pilot", help="The chosen customer would be one more pilot customer."
    )
    is_issued = fields.Boolean(
        compute="_compute_step", help="The chosen customer has a reminder already."
    )
    mode_text = fields.Char(compute="_compute_step")
    reminder_id = fields.Many2one(
        "upominky.reminder", string="First Reminder", compute="_compute_step"
    )
    reminder_state = fields.Selection(related="reminder_id.state")
    reminder_error = SaidText(related="reminder_id.error")
    step = fields.Integer(
        compute="_compute_step",
        help="1 conditions, 2 pilot customer, 3 issue, 4 send, 5 go live, 6 nothing is left.",
    )

    @api.depends("company_id")
    def _compute_display_name(self):
        for steps in self:
            steps.display_name = self.env._("First Steps")

    @api.depends("readiness_id")
    def _compute_line_ids(self):
        for steps in self:
            steps.line_ids = steps.readiness_id.line_ids.filtered(
                lambda line: line.code in CONDITIONS
            )

    @api.depends("company_id")
    def _compute_offered_ids(self):
        for steps in self:
            # sudo: ids of customers who owe; what is shown of them keeps its own rights.
            reader = trusted(self.env["upominky.reader"]).with_company(steps.company_id)
            asked = steps.company_id, steps.company_id._upominky_today()
            due = reader._owing_customers(*asked, at_most=OFFERED)
            found = self.env["res.partner"].browse(due or ())
            steps.offered_ids = found._filtered_access("read")

    @api.depends("partner_id")
    def _compute_owed_text(self):
        for steps in self:
            steps.owed_text = steps.partner_id and steps._owed()

    @api.depends("partner_id", "company_id")
    def _compute_is_pilot(self):
        for steps in self:
            customer = steps.partner_id.commercial_partner_id
            mode = steps.company_id._upominky_effective_mode()
            pilots = steps.company_id._upominky_pilots()
            steps.is_live = mode == "live"
            steps.is_pilot = not mode_stops(mode, customer in pilots)
            steps.is_added = bool(steps._kept_pilots())

    @api.depends("readiness_id", "company_id", "partner_id")
    def _compute_step(self):
        for steps in self:
            # sudo: a company's mode, in words, for its manager.
            checks = trusted(self.env["upominky.readiness"]).new(
                {"company_id": steps.company_id.id}
            )
            _state, steps.mode_text = checks._check_mode()
            steps.reminder_id = steps._first_reminder()
            customer = steps.partner_id.commercial_partner_id
            steps.is_issued = customer and steps.reminder_id.partner_id == customer
            steps.step = steps._next_step()

    # ---------------------------------------------------------------- state

    def _next_step(self):
        """Return the number of the step that comes next."""
        company = self.company_id
        missing = not self.line_ids or any(line.state == "missing" for line in self.line_ids)
        if missing or company._upominky_is_copy():
            return 1
        if company._upominky_is_off():
            return 2
        if self.reminder_id:
            if self.reminder_id.state != "sent":
                return 4
            return 6 if self.is_live else 5
        # Of a customer who is none of the pilot's nothing is issued: choosing it comes first.
        return 3 if self.is_pilot else 2

    def _first_reminder(self):
        """Return the first reminder that was sent, else the first that may be.

        The chosen customer's if there is one, else the company's.
        """
        mine = [("company_id", "=", self.company_id.id)]
        customer = self.partner_id.commercial_partner_id
        of_customer = customer and self._first_of([*mine, ("partner_id", "=", customer.id)])
        return of_customer or self._first_of(mine)

    def _first_of(self, mine):
        Reminder = self.env["upominky.reminder"]
        sent = Reminder.search([*mine, ("state", "=", "sent")], order="id", limit=1)
        waiting = [*mine, ("state", "!=", "cancelled")]
        return sent or Reminder.search(waiting, order="id", limit=1)

    def _owed(self):
        """Say what the chosen customer owes, in each currency."""
        company = self.company_id
        self.partner_id.check_access("read")
        today = company._upominky_today()
        # sudo: a customer whom the manager chose, read as the job reads it.
        reader = trusted(self.env["upominky.reader"]).with_company(company)
        customer_id = self.partner_id.commercial_partner_id.id
        found = reader._customers(company, [customer_id]).get(customer_id)
        overdue = [item for item in found.receivables if item.due < today] if found else []
        if not overdue:
            return self.env._("Owes nothing that is overdue: no reminder can be issued yet.")
        totals = Counter()
        for item in overdue:
            totals[item.currency] += item.residual
        return self.env._(
            "Overdue invoices: %(count)s, left to pay %(totals)s",
            count=len({item.move_id for item in overdue}),
            totals=totals_text(self.env, totals),
        )

    # -------------------------------------------------------------- actions

    @api.model
    def action_open(self):
        """Check the conditions of the current company and open the page."""
        company = self.env.company
        company._upominky_check_manager()
        # sudo: managers use the page; what it checks belongs to administrators.
        steps = trusted(self).create(
            {"company_id": company.id, "partner_id": company.upominky_pilot_partner_ids[:1].id}
        )
        steps._look()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("First Steps"),
            "res_model": self._name,
            "res_id": steps.id,
            "views": [(False, "form")],
        }

    def _look(self):
        """Check the conditions for real."""
        self.readiness_id = self.env["upominky.readiness"].create(
            {"company_id": self.company_id.id}
        )
        self.readiness_id._check()

    def _checked(self):
        """Return the page, for a manager of its company."""
        self.ensure_one()
        self.check_access("read")
        self.company_id._upominky_check_manager()
        return self

    def write(self, vals):
        """Let a manager choose the customer, and nothing else."""
        self.company_id._upominky_check_manager()
        if not self.env.su and vals.keys() - {"partner_id"}:
            raise UserError(self.env._("Only the pilot customer can be chosen here."))
        return super().write(vals)

    def _chosen(self):
        if not self.partner_id:
            raise UserError(self.env._("Choose a pilot customer first."))
        customer = self.partner_id.commercial_partner_id
        customer.check_access("read")
        return customer

    def _issued(self):
        reminder = self._checked().reminder_id
        if not reminder:
            raise UserError(self.env._("No reminder has been issued yet."))
        return reminder

    def action_check_again(self):
        """Check the conditions anew."""
        # sudo: as when the page was opened.
        trusted(self._checked())._look()
        return True

    def _kept_pilots(self):
        """Return who stays a pilot customer beside the chosen one: those who were reminded."""
        company = self.company_id
        if not self._first_of([("company_id", "=", company.id)]):
            return self.env["res.partner"]
        return company.upominky_pilot_partner_ids - self.partner_id.commercial_partner_id

    def action_take_pilot(self):
        """Remind the chosen customer, and until a reminder was issued nobody else."""
        customer = self._checked()._chosen()
        # sudo: managers choose the mode and the pilot customers of a company of theirs.
        company = trusted(self.company_id)
        company.upominky_pilot_partner_ids = trusted(self)._kept_pilots() | customer
        if company.upominky_mode == "off":
            company.upominky_mode = "pilot"
        return True

    def action_preview(self):
        """Show the message that the chosen customer would get."""
        customer = self._checked()._chosen()
        # sudo: the rule that the job would find for this customer.
        reader = trusted(self.env["upominky.reader"]).with_company(self.company_id)
        rule = reader._rules(self.company_id, customer.ids)[customer.id]
        if not rule:
            raise UserError(
                self.env._("No rule covers %s: write one for all customers.", customer.name)
            )
        level = self.env["upominky.level"].browse(rule.levels[0].id)
        return level._preview_for(customer)

    def action_issue(self):
        """Show what issuing to the chosen customer would do."""
        customer = self._checked()._chosen()
        mine = customer.with_context(allowed_company_ids=self.company_id.ids)
        return mine.action_upominky_issue()

    def action_open_reminder(self):
        """Open the first reminder."""
        return self._issued().action_open_form()

    def action_send(self):
        """Send the first reminder."""
        return self._issued().action_send_now()

    def action_live(self):
        """Show what going live would do."""
        return self.env["upominky.live"]._open(self._checked().company_id)
