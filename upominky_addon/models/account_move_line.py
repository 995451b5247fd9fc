from odoo import fields, models

from .base.context import traced


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Whether it is reminded at all: the history of its entry keeps who changed it.
    no_followup = fields.Boolean(tracking=True)

    # EXTENDS 'account'
    def write(self, vals):
        return super(AccountMoveLine, traced(self, vals, ("no_followup",))).write(vals)
