from odoo import fields, models

from .res_company import INSIDE


class AccountMove(models.Model):
    _inherit = "account.move"

    upominky_is_interest = fields.Boolean(
        string="Invoice of Interest",
        readonly=True,
        groups=INSIDE,
        help="It bills interest or costs of late payment: no interest is asked on it, nor on its "
        "copies.",
    )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # A copy of an invoice of interest bills the same: it is posted only where nothing else does.
    upominky_bills = fields.Json(
        string="Bills Interest or Costs",
        readonly=True,
        groups=INSIDE,
        help="Which days of which receivable it bills, or whose cost.",
    )
