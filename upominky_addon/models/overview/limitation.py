from odoo import models
from odoo.fields import Domain

from ..books.limitation import limited_soon


class UpominkyOverview(models.AbstractModel):
    """What becomes statute-barred within six months: a figure, and the list of it."""

    _inherit = "upominky.overview"

    # EXTENDS 'upominky.overview'
    def _waiting(self):
        items = self.env["account.move.line"]
        return {**super()._waiting(), "limitation": items.search_count(self._limited_soon())}

    def _limited_soon(self):
        moves = self.env["account.move"]
        return Domain.OR(
            Domain("company_id", "=", company.id) & limited_soon(moves, company._upominky_today())
            for company in self.env.companies
        )

    # EXTENDS 'upominky.overview'
    def _figures(self):
        return {**super()._figures(), "limitation": self._open_limitation}

    def _open_limitation(self):
        return self._action(
            "action_overdue",
            domain=list(self._limited_soon()),
            display_name=self.env._("Statute-barred within 6 months"),
        )
