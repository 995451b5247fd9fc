from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..res_company import INSIDE
from .queries import (
    ALL_PAID_LATE,
    DAYS_LATE,
    LATE_OF_CUSTOMERS,
    LATE_OF_MOVES,
    PAID_LATE_OF_MOVES,
)

#: Receivables that are named as left out; the others are counted.
SHOWN = 5


class AccountMove(models.Model):
    """Invoices whose interest may be billed."""

    _inherit = "account.move"

    upominky_paid_late = fields.Boolean(
        string="Paid Late",
        compute="_compute_upominky_paid_late",
        search="_search_upominky_paid_late",
        groups=INSIDE,
        help="It was paid in full, after its due date, and its interest was not billed.",
    )

    upominky_paid_on = fields.Date(
        string="Paid On",
        compute="_compute_upominky_days_late",
        groups=INSIDE,
        help="The day of the last payment, where it came after the due date.",
    )
    upominky_days_late = fields.Integer(
        string="Days Late",
        compute="_compute_upominky_days_late",
        groups=INSIDE,
        help="From the due date to the last payment.",
    )

    @api.depends("payment_state", "invoice_date_due")
    def _compute_upominky_days_late(self):
        self.env.flush_all()
        query = SQL(DAYS_LATE, ids=self._origin.ids)
        found = {move: late for move, *late in self.env.execute_query(query)}
        for move in self:
            paid_on, days = found.get(move._origin.id, (False, 0))
            move.upominky_paid_on, move.upominky_days_late = paid_on, days

    @api.depends("payment_state", "invoice_date_due")
    def _compute_upominky_paid_late(self):
        late = self._upominky_paid_late_ids(PAID_LATE_OF_MOVES, ids=self._origin.ids)
        for move in self:
            move.upominky_paid_late = move._origin.id in late

    @api.model
    def _search_upominky_paid_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._upominky_paid_late_ids(ALL_PAID_LATE)
        return [("id", "in" if True in value else "not in", list(late))]

    @api.model
    def _upominky_paid_late_ids(self, asked, **scope):
        """Return ids of invoices of the active companies that were paid late and not billed."""
        self.env.flush_all()
        found = set()
        for company in self.env.companies:
            today = company._upominky_today()
            query = SQL(asked, company=company.id, today=today, **scope)
            found |= {row[0] for row in self.env.execute_query(query)}
        return found

    def action_upominky_bill_interest(self):
        """Bill interest and costs of these invoices: a draft for each customer and currency."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        return self._upominky_bill(LATE_OF_MOVES, self.company_id, self.ids)

    @api.model
    def _upominky_bill(self, query, companies, ids):
        """Bill what a query finds, and open the drafts.

        :raises UserError: if these are of several companies, or nothing is late
        """
        if len(companies) != 1:
            raise UserError(self.env._("Choose invoices of one company to bill their interest."))
        self.env.flush_all()
        today = companies._upominky_today()
        rows = self.env.execute_query(SQL(query, company=companies.id, today=today, ids=ids))
        billing = self.env["upominky.billing"]
        bills, left_out = billing._bill(companies, [row[0] for row in rows])
        action = self._upominky_open_bills(bills)
        return self._upominky_tell_left_out(left_out, action) if left_out else action

    @api.model
    def _upominky_open_bills(self, bills):
        """Return the action that opens invoices of interest."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices of Interest"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "views": [(self.env.ref("account.view_out_invoice_tree").id, "list"), (False, "form")],
            "domain": [("id", "in", bills.ids)],
        }
        if len(bills) == 1:
            action |= {"view_mode": "form", "views": [(False, "form")], "res_id": bills.id}
        return action

    @api.model
    def _upominky_tell_left_out(self, sentences, action):
        """Return the action that says what was not billed, then opens what was."""
        more = len(sentences) - SHOWN
        rest = [self.env._("and %s more", more)] if more > 0 else []
        params = {
            "title": self.env._("Not billed"),
            "message": " ".join([*sentences[:SHOWN], *rest]),
            "type": "warning",
            "sticky": True,
            "next": action,
        }
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    # EXTENDS 'account'
    def _post(self, soft=True):
        """Have invoices of interest bill what they say, or refuse what another one bills."""
        # sudo: what an invoice bills decides whether it may be posted, whoever posts.
        bills = self.sudo().filtered(
            lambda m: m.upominky_is_interest and m.move_type == "out_invoice"
        )
        if bills:
            self.env["upominky.billing"]._bill_again(bills)
        return super()._post(soft)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_upominky_bill_interest(self):
        """Bill interest and costs of all that these customers owe or paid late."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        customers = self.commercial_partner_id
        moves = self.env["account.move"]
        return moves._upominky_bill(LATE_OF_CUSTOMERS, self.env.company, customers.ids)
