from collections import defaultdict
from datetime import date

from odoo import api, models

from ...core import schedule


class UpominkyReader(models.AbstractModel):
    """Works out when documents are reminded next, as job 1 would decide it (SPEC rule 26)."""

    _inherit = "upominky.reader"

    @api.model
    def _next_dates(self, moves):
        """Return the earliest next date of each invoice, for those that have one.

        :rtype: dict[int, date]
        """
        found = {}
        for (move_id, _customer_id), days in self._customers_dates(moves).items():
            found[move_id] = min(*days.values(), found.get(move_id, date.max))
        return found

    @api.model
    def _customers_dates(self, moves):
        """Return the next dates of the open items of each document and customer that have any.

        An invoice has one customer; an entry may bring over the balances of many.

        :return: by document and customer: by item, its date
        :rtype: dict[tuple[int, int], dict[int, date]]
        """
        found = defaultdict(dict)
        for item, customer_id, day in self._items_dates(moves):
            found[item.move_id, customer_id][item.id] = day
        return found

    @api.model
    def _items_next_dates(self, moves):
        """Return the next date of each open item of some documents, for those that have one.

        :rtype: dict[int, date]
        """
        return {item.id: day for item, _customer_id, day in self._items_dates(moves)}

    def _items_dates(self, moves):
        """Yield the open items of documents that have a next date, with their customer and it."""
        # sudo: what the job would do is read whole, for invoices that the user reads already.
        for company, mine in moves.sudo().grouped("company_id").items():
            terms = self._company(company, company._upominky_today()).terms(by_hand=False)
            # sudo: as above; the rows are those of these invoices.
            for customer in self.sudo()._customers(company, moves=mine).values():
                for item in customer.receivables:
                    past = customer.past.get(item.id)
                    day = schedule.decide(item, customer.rule, past, terms).next_date
                    if day:
                        yield item, customer.id, day
