from odoo import api, models
from odoo.fields import Domain

from ..models.rules.filters import FILTERS


class UpominkyReadiness(models.TransientModel):
    """Whether the filters of rules can be evaluated (SPEC rule 31)."""

    _inherit = "upominky.readiness"

    @api.model
    def _rules_with_filters(self):
        filtered = Domain.OR(Domain(name, "!=", False) for name in FILTERS)
        mine = Domain("company_id", "=", self.company_id.id)
        return self.env["upominky.rule"].search(mine & filtered)

    def _check_filters(self, rules):
        """Say which filters cannot be evaluated any more, and what to do.

        :return: a state, and a sentence for each
        """
        if problems := rules._filter_problems():
            return "missing", " ".join(problems)
        return "done", self.env._("Rules with filters: %s.", len(rules))
