from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.statement import Item, Kind, Match
from .queries import BALANCES, COUNT, CUSTOMERS


class UpominkyReader(models.AbstractModel):
    """Reads what was open on a day, whatever was paid since."""

    _inherit = "upominky.reader"

    @api.model
    def _items_on(self, company, customer_ids, day):
        """Return the items of customers that may have been open at the end of a day.

        :param company: whose books; a branch is a company of its own
        :param customer_ids: of commercial partners; items of their contacts are theirs
        :return: by customer; those that have none are not in it
        :rtype: dict[int, list[core.statement.Item]]
        """
        rows = self._rows_on(BALANCES, company, day, customers=list(customer_ids))
        matches = {}
        for id, *_item, matched_on, amount in rows:
            mine = matches.setdefault(id, [])
            if matched_on:
                mine.append(Match(matched_on, Decimal(amount)))
        items = {}
        for id, customer, kind, currency, booked, due, amount, *_match in rows:
            values = (currency, booked, due, Decimal(amount), tuple(matches[id]))
            items.setdefault(customer, {})[id] = Item(id, Kind(kind), *values)
        return {customer: list(mine.values()) for customer, mine in items.items()}

    @api.model
    def _count_on(self, company, customer_ids, day):
        """Return how many items :meth:`_items_on` reads at most."""
        ((count,),) = self._rows_on(COUNT, company, day, customers=list(customer_ids))
        return count

    @api.model
    def _customers_on(self, company, day):
        """Return ids of the customers who had something open at the end of a day, ascending."""
        return [id for (id,) in self._rows_on(CUSTOMERS, company, day)]

    def _rows_on(self, query, company, day, **values):
        self._flush_reconciled()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        asked = {"company": company.id, "accounts": self._accounts(), "day": day, **values}
        return self.env.execute_query(SQL(query, **asked))
