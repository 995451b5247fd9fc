from odoo import api, models
from odoo.fields import Domain

from .account_move import CUSTOMER_INVOICES


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _upominky_receivable_domain(self):
        """Return the domain of receivables, for lists of what :data:`queries.RECEIVABLE` finds."""
        opening = [
            ("move_id.move_type", "=", "entry"),
            ("no_followup", "=", False),
            ("move_id.origin_payment_id", "=", False),
            ("move_id.statement_line_id", "=", False),
            ("move_id.reversed_entry_id", "=", False),
            ("journal_id.type", "=", "general"),
        ]
        invoice = [
            ("move_id.move_type", "in", CUSTOMER_INVOICES),
            ("move_id.payment_state", "not in", ("in_payment", "reversed")),
        ]
        unpaid = [
            ("account_type", "=", "asset_receivable"),
            ("account_id.non_trade", "=", False),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual_currency", ">", 0),
            ("date_maturity", "!=", False),
        ]
        return Domain(unpaid) & (Domain(invoice) | Domain(opening))
