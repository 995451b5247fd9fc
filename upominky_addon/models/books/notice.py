from odoo import api, models
from odoo.tools import SQL

from ...core.events import NOTICE
from ...core.notice import earliest, last_due
from ...core.schedule import Level
from .event_queries import UNTOLD
from .queries import OF_CUSTOMERS


class UpominkyReader(models.AbstractModel):
    """Finds what is to be told before it is due (SPEC rule 32), in one query."""

    _inherit = "upominky.reader"

    # EXTENDS 'upominky_addon'
    @api.model
    def _candidates(self, company, facts):
        found = super()._candidates(company, facts)
        told = set(self._untold(company, facts).values())
        return sorted({*found, *told}) if told else found

    @api.model
    def _untold(self, company, facts, customer_ids=None):
        """Return receivables that some notice rule may tell of today, with their customers.

        :param Facts facts: see :meth:`_facts`
        :param customer_ids: whose they are, None for everybody's
        :rtype: dict[int, int]
        """
        days = earliest(facts.rules(NOTICE.code))
        if days is None:
            return {}
        self._flush()
        today = facts.company.today
        scope = SQL("TRUE")
        if customer_ids is not None:
            scope = SQL(OF_CUSTOMERS, list(customer_ids))
        query = SQL(
            UNTOLD,
            company=company.id,
            accounts=list(facts.accounts),
            scope=scope,
            today=today,
            until=last_due(Level(0, 1, -days), today),
            event=NOTICE.code,
        )
        return dict(self.env.execute_query(query))
