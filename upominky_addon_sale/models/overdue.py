from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.upominky_addon.models.books.queries import OF_CUSTOMERS

from ..core.stop import overdue_of
from .queries import ACCOUNTS, REACHED


class UpominkyReader(models.AbstractModel):
    """What customers owe that was reminded, for their new orders: one query for all of them."""

    _inherit = "upominky.reader"

    @api.model
    def _overdue_reminded(self, company, partner_ids):
        """Return what customers owe a company from overdue invoices that were reminded.

        :param company: whose books; of others nothing is read
        :param partner_ids: commercial partners
        :return: those alone that owe any
        :rtype: dict[int, core.stop.Overdue]
        """
        by_customer = defaultdict(list)
        for row in self._reached_items(company, partner_ids):
            by_customer[row["customer_id"]].append(row)
        reminded = [rows for rows in by_customer.values() if any(r["reached"] for r in rows)]
        if not reminded:
            return {}
        today = company._upominky_today()
        known = [row for rows in reminded for row in rows if row["kind"] == "receivable"]
        stops = self._stops_of_debtors(company, known) if known else {}
        found = (self._overdue_by_rows(rows, stops, today) for rows in reminded)
        return {overdue.customer: overdue for overdue in found if overdue}

    def _stops_of_debtors(self, company, rows):
        """Return what stops reminders of these items, and so does not stop an order.

        The rules of customers are read only where some rule leaves invoices out.
        """
        if not any(row["may_be_left_out"] for row in rows):
            return self._stops(company, rows)
        rules = self._rules(company, sorted({row["customer_id"] for row in rows}))
        return self._all_stops(company, rows, rules, None)

    def _reached_items(self, company, partner_ids):
        self._flush()
        self.env["account.account"].flush_model()
        self.env["upominky.rule"].flush_model(["active", "company_id", "exclude_domain"])
        scope = SQL(OF_CUSTOMERS, list(partner_ids))
        self.env.cr.execute(SQL(REACHED, **self._of_items(company, SQL(ACCOUNTS), scope)))
        rows = self.env.cr.dictfetchall()
        for row in rows:  # Odoo's cursors would make floats of numeric
            row["residual"], row["credited"] = Decimal(row["residual"]), Decimal(row["credited"])
        return rows

    def _overdue_by_rows(self, rows, stops, today):
        """Return what one customer owes, as :func:`core.stop.overdue_of` decides it."""
        customer = self._customer(
            rows[0]["customer_id"],
            rows,
            None,
            past={},
            contacts=defaultdict(dict),  # nobody is written to
            stops=stops,
        )
        return overdue_of(customer, {r["id"]: r["reached"] for r in rows if r["reached"]}, today)
