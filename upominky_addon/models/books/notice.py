from odoo import api, models
from odoo.tools import SQL

from ...core.events import NOTICE
from ...core.notice import earliest, last_due, tells
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
        """Return receivables that their customers' notice rules tell of today, with whose they are.

        Most rules begin nearer to the due date than the one that begins first, and some customers
        have none: nothing more is read of what is not told.

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
        rows = self.env.execute_query(query)
        whose = sorted({customer for _item, customer, _due in rows})
        rules = self._rules(company, whose, NOTICE.code, facts) if rows else {}
        return {item: c for item, c, due in rows if tells(rules[c], due, today)}
