from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.charges import MOST_PERCENT, Asked, Charges


class UpominkyLevel(models.Model):
    """What a level asks beside the debt: interest and a flat cost (SPEC rule 38)."""

    _inherit = "upominky.level"

    interest = fields.Selection(
        [
            ("none", "None"),
            ("statutory", "By Law"),
            ("contractual", "As Agreed"),
        ],
        string="Interest for Late Payment",
        required=True,
        default="none",
        help="By law: at the rate of the law that is chosen in the settings. As agreed: at the rate"
        " below. The calculation stands in the message line by line.",
    )
    interest_percent = fields.Float(
        string="Agreed Rate in %",
        digits=(6, 3),
        aggregator=False,
        help="A year's, as it was agreed on with the customers of this rule.",
    )
    flat_cost = fields.Monetary(
        string="Flat Cost of Recovery",
        currency_field="company_currency_id",
        aggregator=False,
        help="Asked once for each invoice, or instalment, whatever the number of reminders; never "
        "from consumers. Czech law: 1,200 CZK.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company"
    )

    @api.constrains("interest", "interest_percent")
    def _check_interest_percent(self):
        for level in self.filtered(lambda level: level.interest == Asked.CONTRACTUAL):
            if not 0 < Decimal(str(level.interest_percent)) <= MOST_PERCENT:
                raise ValidationError(
                    self.env._(
                        "“%(level)s” asks interest as agreed, but at a rate of %(percent)s %%. "
                        "Enter what was agreed on: above 0 and at most %(most)s %% a year.",
                        level=level.name,
                        percent=f"{level.interest_percent:g}",
                        most=MOST_PERCENT,
                    )
                )

    @api.constrains("flat_cost")
    def _check_flat_cost(self):
        for level in self:
            if level.flat_cost < 0:
                raise ValidationError(
                    self.env._(
                        "The flat cost of “%s” is below zero. Enter what is asked, or 0 for "
                        "nothing.",
                        level.name,
                    )
                )

    def _charges(self):
        """Return what the level asks beside the debt, nothing where it is none.

        :rtype: Charges
        """
        if not self:
            return Charges()
        self.ensure_one()
        return Charges(
            interest=Asked(self.interest or "none"),
            percent=Decimal(str(self.interest_percent)),
            flat_cost=Decimal(str(self.flat_cost)),
        )
