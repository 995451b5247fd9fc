from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.charges import Booked
from ...core.interest import Debt, Reduction
from .debt_queries import CREDIT_DAYS, DEBTS, DELAYS


class UpominkyReader(models.AbstractModel):
    """Reads what debts came to and what lowered them when, for all of a chunk at once."""

    _inherit = "upominky.reader"

    @api.model
    def _debts(self, item_ids):
        """Return receivables as interest is worked out of them, each in its currency.

        :param item_ids: of journal items, of one company or of several
        :rtype: dict[int, Debt]
        """
        self._flush_reconciled()
        amounts, reductions = {}, {}
        rows = self.env.execute_query(SQL(DEBTS, list(item_ids)))
        for item, due, amount, lowered, day, reverses, move in rows:
            amounts[item] = due, Decimal(amount)
            mine = reductions.setdefault(item, [])
            if lowered is not None:
                mine.append(Reduction(Booked(day, reverses).day_for(move), Decimal(lowered)))
        return {
            item: Debt(due, amount, tuple(reductions[item]))
            for item, (due, amount) in amounts.items()
            if due
        }

    @api.model
    def _credit_days(self, item_ids):
        """Return when open credits were booked, and which invoices they reverse.

        :rtype: dict[int, Booked]
        """
        if not item_ids:
            return {}
        self._flush_reconciled()
        rows = self.env.execute_query(SQL(CREDIT_DAYS, list(item_ids)))
        return {item: Booked(day, reverses) for item, day, reverses in rows}

    @api.model
    def _delays(self, company, today):
        """Return the first day of each half-year's oldest delay, with the customers that have one.

        :param date today: the company's calendar date
        :rtype: list[tuple[date, list[int]]]
        """
        self._flush()
        accounts = self._accounts()
        query = SQL(DELAYS, company=company.id, accounts=accounts, today=today)
        return [tuple(row) for row in self.env.execute_query(query)]

    def _flush_reconciled(self):
        for name in ("account.move", "account.move.line", "account.partial.reconcile"):
            self.env[name].flush_model()
