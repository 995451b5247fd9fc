from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .queries import LATE_OF_CUSTOMERS, LATE_OF_MOVES

#: Receivables that are named as left out; the others are counted.
SHOWN = 5


class AccountMove(models.Model):
    """Invoices whose interest may be billed."""

    _inherit = "account.move"

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
            # By the kind of the invoices Odoo's list shows the customer.
            "context": {"default_move_type": "out_invoice", "create": False},
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
