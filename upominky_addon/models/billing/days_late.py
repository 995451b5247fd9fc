from odoo import api, fields, models
from odoo.tools import SQL

from ..res_company import INSIDE
from .queries import DAYS_LATE


class AccountMove(models.Model):
    """When invoices were paid that were paid late, and how late that was."""

    _inherit = "account.move"

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
