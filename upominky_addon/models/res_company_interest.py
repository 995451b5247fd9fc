from odoo import fields, models

from ..core.charges import LegalTerms
from ..core.interest import REGIMES_OF_COUNTRIES, Basis, Regime
from .res_company import INSIDE


class ResCompany(models.Model):
    """By which law a company asks interest for late payment (SPEC rule 38)."""

    _inherit = "res.company"

    upominky_regime = fields.Selection(
        [
            ("cz", "Czech: repo rate of the half-year in which the delay began + 8"),
            ("sk", "Slovak: ECB rate of each half-year + 8"),
            ("sk_fixed", "Slovak: ECB rate of the first day of the delay + 9, fixed"),
            ("de", "German: base rate of each half-year + 9, from consumers + 5"),
            ("pl", "Polish: reference rate of each half-year + 10"),
        ],
        string="Interest by Law",
        groups=INSIDE,
        help="The law by which interest for late payment is asked. Empty: that of the country of "
        "the company, where it is one of these.",
    )
    upominky_day_basis = fields.Selection(
        [
            ("actual", "365 days, in leap years 366"),
            ("365", "Always 365 days"),
        ],
        string="Days of a Year",
        groups=INSIDE,
        required=True,
        default="actual",
        help="By how many days a year's interest is divided.",
    )

    upominky_interest_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Interest",
        groups=INSIDE,
        index="btree_not_null",
        check_company=True,  # a branch has those of its parents
        domain="[('type', '=', 'sale')]",
        help="Where invoices of interest are made. Empty: the first journal of sales.",
    )
    upominky_interest_account_id = fields.Many2one(
        "account.account",
        string="Account of Interest",
        groups=INSIDE,
        index="btree_not_null",
        check_company=True,
        help="Of the lines of invoices of interest. Empty: the journal's.",
    )
    upominky_interest_tax_ids = fields.Many2many(
        "account.tax",
        relation="upominky_interest_tax_rel",
        string="Taxes of Interest",
        groups=INSIDE,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        help="Empty: interest and costs are outside VAT.",
    )

    def _upominky_effective_regime(self):
        """Return the law by which interest is asked: as chosen, else of the country; None for none.

        :rtype: Regime | None
        """
        self.ensure_one()
        if self.upominky_regime:
            return Regime(self.upominky_regime)
        return REGIMES_OF_COUNTRIES.get(self.country_id.code or "")

    def _upominky_legal_terms(self, statutory=True):
        """Return by which law interest is asked, and the base rates that are known.

        :param bool statutory: whether any is asked by law; of what was agreed no rates are read
        :rtype: LegalTerms
        """
        # sudo: the terms on which interest is asked are in the letter, whoever sends it.
        company = self.sudo()
        return LegalTerms(
            regime=company._upominky_effective_regime(),
            basis=Basis(company.upominky_day_basis or Basis.ACTUAL),
            bases=company.env["upominky.rate"]._base_rates() if statutory else {},
            days=company.env["upominky.rate"]._day_rates() if statutory else (),
        )
