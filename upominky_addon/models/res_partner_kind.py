from odoo import fields, models

from ..core.interest import CustomerKind
from .res_partner_holds import ACCOUNTING


class ResPartner(models.Model):
    """What a customer is, as the laws of late payment tell customers apart (SPEC rule 38)."""

    _inherit = "res.partner"

    upominky_kind = fields.Selection(
        [
            ("business", "Business"),
            ("consumer", "Consumer"),
            ("public", "Public Authority"),
            ("public_medical", "Public Medical Entity"),
        ],
        string="Kind of Customer",
        groups=ACCOUNTING,
        copy=False,
        help="By what the law asks interest and costs for late payment. Empty: a company, or who "
        "has a tax or registration number, is a business, anybody else a consumer.",
    )

    def _upominky_effective_kind(self):
        """Return what a customer is: as chosen, else as Odoo's own fields tell.

        :rtype: CustomerKind
        """
        self.ensure_one()
        # sudo: what a customer is decides what is asked, whoever sends.
        partner = self.sudo().commercial_partner_id
        if partner.upominky_kind:
            return CustomerKind(partner.upominky_kind)
        # Odoo's "/" says that there is no such number.
        numbers = {partner.vat, partner.company_registry} - {"/", "", False}
        return CustomerKind.BUSINESS if partner.is_company or numbers else CustomerKind.CONSUMER
