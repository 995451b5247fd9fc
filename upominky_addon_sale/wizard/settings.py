from odoo import api, fields, models


class UpominkySettings(models.TransientModel):
    _inherit = "upominky.settings"

    stop = fields.Selection(
        lambda self: self._of_company("upominky_stop"),
        string="Orders of Debtors",
        required=True,
        default="none",
        help="What confirming a quotation does whose customer owes overdue invoices that were "
        "reminded. Unless it is off, the quotation shows what is owed.",
    )
    stop_level = fields.Integer(
        string="From Reminder",
        default=3,
        help="The number of the reminder from which confirming asks or is refused; what was "
        "reminded below it is only shown.",
    )

    # EXTENDS 'upominky_addon'
    @api.model
    def _names_of_company(self):
        names = {"stop": "upominky_stop", "stop_level": "upominky_stop_level"}
        return {**super()._names_of_company(), **names}
