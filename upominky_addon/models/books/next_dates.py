from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ...core.events import ISSUE
from ...core.next_dates import free_again, ladder
from ...core.schedule import PAUSE_AFTER_RULE_CHANGE
from ..rules.queries import places
from .queries import ITEM_DATES, ITEM_TABLE, MOVE_DATES, OPEN_ITEMS, REMINDER_DATES
from .reader import UpominkyReader as Reader

#: Of a company that reminds nobody, and of none at all.
NO_DATES = """
    SELECT NULL::int AS item_id,
           NULL::int AS move_id,
           NULL::int AS customer_id,
           NULL::date AS today,
           NULL::date AS day
     WHERE FALSE
"""


class UpominkyReader(models.AbstractModel):
    """Next dates of all that is open, worked out by the database in one query.

    They are those of :meth:`_customers_dates`, which decides them one by one, by the core.
    """

    _inherit = "upominky.reader"

    @api.model
    def _move_dates(self, companies):
        """Return a table of the earliest date of the items of each document; see the query.

        :param companies: whose books
        :rtype: SQL
        """
        return self._dates_table(MOVE_DATES, companies)

    @api.model
    def _items_table(self, companies):
        """Return a table of the next date of each open item; see :meth:`_move_dates`."""
        return self._dates_table(ITEM_TABLE, companies)

    @api.model
    def _reminder_dates(self, companies):
        """Return a table of the next date of each reminder; see :meth:`_move_dates`."""
        return self._dates_table(REMINDER_DATES, companies)

    def _dates_table(self, query, companies):
        dates = self._item_dates(companies)
        return SQL("(%s)", SQL(query, dates=dates, never=date.max))

    def _item_dates(self, companies):
        self._flush()
        # sudo: what the job would do is read whole, for documents that the user reads already.
        reader = self.sudo()
        found = [reader._dates_of(company) for company in companies.sudo()]
        return SQL(" UNION ALL ").join(filter(None, found)) or SQL(NO_DATES)

    def _dates_of(self, company):
        """Return the query of the dates of one company's items, None if it has no rules."""
        rules, covered = places(self._cover(company, ISSUE.code))
        if not rules:
            return None
        today, accounts = company._upominky_today(), self._accounts()
        return SQL(
            ITEM_DATES,
            **self._of_items(company, accounts, SQL("TRUE")),
            **covered,
            **self._stopped(company, accounts, today),
            rules=SQL(", ").join(self._ladders(rules)),
            today=today,
            start=company.upominky_start_date or None,
            pause=PAUSE_AFTER_RULE_CHANGE.days,
            never=date.max,
        )

    def _ladders(self, rules):
        """Return the rows of the rules that cover somebody, by their places."""
        ladders = [ladder(rule.core) for rule in rules]
        return [
            SQL("(%s, %s, %s::int[], %s::int[])", place, one.rule, list(one.orders), list(one.days))
            for place, one in enumerate(ladders)
        ]

    def _stopped(self, company, accounts, today):
        """Return what add-ons stop, by item, with the first day that is free again.

        Only where an add-on knows of stops are all open items read for it.
        """
        stops = {}
        if type(self)._stops is not Reader._stops:
            query = SQL(OPEN_ITEMS, company=company.id, accounts=accounts)
            self.env.cr.execute(query)
            stops = self._stops(company, self.env.cr.dictfetchall())
        free = {item_id: free_again(mine, today) for item_id, mine in stops.items()}
        return {"stopped": list(free), "free": list(free.values())}
