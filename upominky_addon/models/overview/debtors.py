from odoo import fields, models
from odoo.tools import SQL

from ...core.ages import AGES
from .queries import DEBTORS


class UpominkyDebtor(models.Model):
    """Who owes most: what of a customer is overdue, by how long, in each currency by itself."""

    _name = "upominky.debtor"
    _description = "Overdue Customer"
    _inherit = ["upominky.context"]
    _auto = False
    _order = "owed desc, id"
    _rec_name = "partner_id"
    _depends = {
        "account.move": ["move_type", "payment_state"],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "amount_residual_currency",
            "company_id",
            "currency_id",
            "date_maturity",
            "no_followup",
            "parent_state",
            "partner_id",
            "reconciled",
        ],
        "res.partner": ["commercial_partner_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    number = fields.Integer(string="Receivables", readonly=True)
    days_overdue = fields.Integer(string="Oldest, Days", readonly=True, aggregator="max")
    amount = fields.Monetary(string="Overdue", readonly=True, aggregator=False)
    owed = fields.Float(
        string="In the Company's Currency", digits=(16, 2), readonly=True, aggregator=False
    )
    age_1 = fields.Monetary(string="1–7 Days", readonly=True, aggregator=False)
    age_2 = fields.Monetary(string="8–30 Days", readonly=True, aggregator=False)
    age_3 = fields.Monetary(string="31–60 Days", readonly=True, aggregator=False)
    age_4 = fields.Monetary(string="61–90 Days", readonly=True, aggregator=False)
    age_5 = fields.Monetary(string="Over 90 Days", readonly=True, aggregator=False)

    @property
    def _table_query(self):
        # sudo: it stands for a table; which companies' rows are read is for the rule of the model.
        companies = self.env["res.company"].sudo().search([])
        return SQL(
            DEBTORS,
            companies=companies.ids,
            days=[company._upominky_today() for company in companies],
            accounts=self.env["upominky.reader"]._accounts(),
            starts=[start for start, _end in AGES],
        )

    def action_open_overdue(self):
        """Open what of a customer is overdue."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        self.ensure_one()
        return self.env["upominky.overview"]._open_overdue(
            self.company_id, self.currency_id.id, None, customer=self.partner_id
        )
