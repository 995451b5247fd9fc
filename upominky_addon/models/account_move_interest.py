from odoo import fields, models

from .res_company import INSIDE


class AccountMove(models.Model):
    _inherit = "account.move"

    upominky_is_interest = fields.Boolean(
        string="Invoice of Interest",
        readonly=True,
        copy=False,
        groups=INSIDE,
        help="It bills interest or costs of late payment: no interest is asked on it.",
    )
