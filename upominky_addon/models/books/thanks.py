from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.events import THANKS
from ...core.thanks import Paid, first_payment
from .event_queries import PAID_LATELY, STILL_PAID, UNTHANKED
from .queries import OF_CUSTOMERS


class UpominkyReader(models.AbstractModel):
    """Finds what customers were reminded of and have paid (SPEC rule 33), in one query."""

    _inherit = "upominky.reader"

    # EXTENDS 'upominky_addon'
    @api.model
    def _candidates(self, company, facts):
        found = super()._candidates(company, facts)
        if not facts.rules(THANKS.code):
            return found
        lately = self._paid_lately(facts)
        rows = self._paid_rows(UNTHANKED, company, facts.company.today, lately)
        return sorted({*found, *(row["customer_id"] for row in rows)}) if rows else found

    def _paid_lately(self, facts):
        """Return the scope of :data:`STILL_PAID` of what may be thanked for today."""
        today = facts.company.today
        return SQL(PAID_LATELY, list(facts.accounts), first_payment(today), today)

    @api.model
    def _to_thank_for(self, company, customer_ids, facts):
        """Return what customers were reminded of and paid, and nobody thanked them for yet.

        :param customer_ids: who they are, None for everybody
        :param Facts facts: see :meth:`_facts`
        :rtype: dict[int, list[core.thanks.Paid]]
        """
        scope = self._paid_lately(facts)
        if customer_ids is not None:
            scope = SQL("%s AND %s", scope, SQL(OF_CUSTOMERS, list(customer_ids)))
        rows = self._paid_rows(UNTHANKED, company, facts.company.today, scope)
        return self._as_paid(company, rows, facts)

    @api.model
    def _still_paid(self, company, today, item_ids):
        """Return which of some reminded receivables are paid, and lately, as of a day.

        :rtype: dict[int, list[core.thanks.Paid]]
        """
        scope = SQL("item.id = ANY(%s)", list(item_ids))
        return self._as_paid(company, self._paid_rows(STILL_PAID, company, today, scope))

    def _paid_rows(self, query, company, today, scope):
        """Return what a query finds as of a day.

        :param str query: :data:`STILL_PAID` or :data:`UNTHANKED`
        :param SQL scope: which ``item`` are meant
        """
        self._flush()
        self.env["account.partial.reconcile"].flush_model()
        asked = SQL(
            query,
            company=company.id,
            scope=scope,
            today=today,
            first=first_payment(today),
            event=THANKS.code,
            **self._customer_holds(company),
        )
        self.env.cr.execute(asked)
        return self.env.cr.dictfetchall()

    def _as_paid(self, company, rows, facts=None):
        """Return rows of :data:`STILL_PAID` by customer, as the core knows them."""
        contacts = self._contacts(company, rows, facts) if rows else {}
        found = defaultdict(list)
        for row in rows:
            row["residual"], row["credited"] = Decimal(row["residual"]), Decimal(row["credited"])
            item = self._receivable(row, (), contacts[row["move_id"], row["customer_id"]])
            found[row["customer_id"]].append(Paid(item, row["paid_on"]))
        return dict(found)
