from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .res_company import INSIDE

#: MB of all files of a message: above this hardly any mailbox takes one.
MOST = 100


class ResCompany(models.Model):
    """How large a message may be with the invoices that it is about."""

    _inherit = "res.company"

    upominky_attachment_limit = fields.Integer(
        string="Files of a Message at Most",
        default=10,
        groups=INSIDE,
        help="MB of all files of one message as it is sent: the letter, the invoices, those of the "
        "template. Above it, links to the invoices on the portal are sent instead of their files.",
    )

    @api.constrains("upominky_attachment_limit")
    def _check_upominky_attachment_limit(self):
        for company in self:
            if not 1 <= company.upominky_attachment_limit <= MOST:
                raise ValidationError(
                    self.env._(
                        "%(found)s MB is no size of a message. Enter how many MB its files may "
                        "come to: 1 to %(most)s; most mailboxes take 10 to 25.",
                        found=company.upominky_attachment_limit,
                        most=MOST,
                    )
                )
