from odoo import fields, models

from .res_company import INSIDE


class ResCompany(models.Model):
    """What letters on paper look like."""

    _inherit = "res.company"

    upominky_letter_layout = fields.Boolean(
        string="Letters in the Document Layout",
        groups=INSIDE,
        help="Letters have the head and the foot of the company's document layout, as invoices "
        "have. Off: a head of their own, with the logo, and the company's data in the foot.",
    )
