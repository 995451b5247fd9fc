from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.upominky_addon.models.res_company import INSIDE

from ..core.stop import Policy


class ResCompany(models.Model):
    """Whether new orders of debtors are confirmed (SPEC rule 44)."""

    _inherit = "res.company"

    upominky_stop = fields.Selection(
        [
            (Policy.NONE.value, "Off: nothing is shown, every order is confirmed"),
            (Policy.WARN.value, "Warn: whoever confirms is asked first"),
            (Policy.BLOCK.value, "Stop: only released orders are confirmed"),
        ],
        string="Orders of Debtors",
        groups=INSIDE,
        required=True,
        default=Policy.NONE.value,
        help="What confirming a quotation does whose customer owes overdue invoices that were "
        "reminded. Unless it is off, the quotation shows what is owed.",
    )
    upominky_stop_level = fields.Integer(
        string="From Reminder",
        groups=INSIDE,
        default=3,
        help="The number of the reminder from which confirming asks or is refused; what was "
        "reminded below it is only shown.",
    )

    @api.constrains("upominky_stop_level")
    def _check_upominky_stop_level(self):
        for company in self:
            if company.upominky_stop_level < 1:
                raise ValidationError(
                    self.env._(
                        "Orders of debtors: “%s” is no number of a reminder. Enter 1 for the first "
                        "reminder, 2 for the second, and so on.",
                        company.upominky_stop_level,
                    )
                )
