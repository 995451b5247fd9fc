from odoo import api, fields, models
from odoo.fields import Domain

from .account_move import CUSTOMER_INVOICES
from .base.context import traced


def opening_domain():
    """Return the domain of items of opening entries, as :data:`books.queries.OPENING` says it."""
    return Domain(
        [
            ("move_id.move_type", "=", "entry"),
            ("move_id.origin_payment_id", "=", False),
            ("move_id.statement_line_id", "=", False),
            ("move_id.reversed_entry_id", "=", False),
            ("journal_id.type", "=", "general"),
        ]
    )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Whether it is reminded at all: the history of its entry keeps who changed it.
    no_followup = fields.Boolean(tracking=True)

    # EXTENDS 'account'
    def write(self, vals):
        return super(AccountMoveLine, traced(self, vals, ("no_followup",))).write(vals)

    @api.model
    def _upominky_open(self):
        """Return the domain of what customers owe, due or not, followed up or not."""
        return Domain(
            [
                ("account_type", "=", "asset_receivable"),
                ("account_id.non_trade", "=", False),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual_currency", ">", 0),
            ]
        )

    @api.model
    def _upominky_receivable_domain(self):
        """Return the domain of receivables, for lists of what :data:`queries.RECEIVABLE` finds."""
        opening = opening_domain() & Domain("no_followup", "=", False)
        invoice = [
            ("move_id.move_type", "in", CUSTOMER_INVOICES),
            ("move_id.payment_state", "not in", ("in_payment", "reversed")),
        ]
        owed = self._upominky_open() & Domain("date_maturity", "!=", False)
        return owed & (Domain(invoice) | opening)
