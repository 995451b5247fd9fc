from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.candidates import rungs, steps
from ...core.events import ISSUE
from ..rules.queries import places
from .queries import (
    CANDIDATES,
    DUE_CUSTOMERS,
    OLD_DEBTS,
    OWING,
    SHOWN_CUSTOMERS,
    SOME_OWING,
    WAITED,
)

#: Of so many contacts some customers are chosen; of one with more receivables a message is long.
SAMPLE, GLANCE = 50, 60


class UpominkyReader(models.AbstractModel):
    """Finds the customers that the jobs, the preview and others go through: their ids alone."""

    _inherit = "upominky.reader"

    @api.model
    def _due_customers(self, company, today):
        """Return ids of customers with an overdue receivable, ascending.

        :param date today: the company's calendar date
        """
        return self._customers_by(DUE_CUSTOMERS, company, today)

    @api.model
    def _owing_customers(self, company, today, at_most):
        """Return ids of customers with an overdue receivable, ascending, None for more than asked.

        :param date today: the company's calendar date
        :param int at_most: how many; with their contacts they are no more than three times as many
        """
        self._flush()
        asked = {"company": company.id, "accounts": self._accounts(), "today": today}
        contacts = 3 * (at_most + 1)
        found = self.env.execute_query(SQL(OWING, contacts=contacts, **asked))
        are_all = sum(count for _id, count in found) < contacts
        return [id for id, _count in found] if are_all and len(found) <= at_most else None

    @api.model
    def _some_due_customers(self, company, today, rule_id=None):
        """Return ids of some customers with an overdue receivable, without asking for all.

        :param date today: the company's calendar date
        :param int rule_id: of the rule that covers them, None for any
        """
        rules, covered = places(self._cover(company, ISSUE.code))
        place = next((n for n, rule in enumerate(rules) if rule.id == rule_id), None)
        if rule_id and place is None:
            return []
        asked = {**covered, "place": place, "contacts": SAMPLE, "glance": GLANCE}
        return self._customers_by(SOME_OWING, company, today, **asked)

    @api.model
    def _shown_customers(self, company, today):
        """Return ids of customers with something for the preview: overdue or left out, ascending.

        :param date today: the company's calendar date
        """
        return self._customers_by(SHOWN_CUSTOMERS, company, today)

    def _customers_by(self, query, company, today, **asked):
        self._flush()
        query = SQL(query, company=company.id, accounts=self._accounts(), today=today, **asked)
        return [row[0] for row in self.env.execute_query(query)]

    @api.model
    def _candidates(self, company, facts):
        """Return ids of customers for whom something may be due today, ascending.

        :param Facts facts: see :meth:`_facts`
        """
        return sorted(self._issuable(company, facts) | self._waited(company, facts))

    def _issuable(self, company, facts):
        """Return ids of customers with a receivable that may be due for its next level today.

        :param Facts facts: see :meth:`_facts`
        :rtype: set[int]
        """
        query = SQL(CANDIDATES, today=facts.company.today, **self._on_step(company, facts))
        return {row[0] for row in self.env.execute_query(query)}

    def _on_step(self, company, facts):
        """Return what :data:`queries.ON_STEP` asks for; what it reads is written first.

        :param Facts facts: see :meth:`_facts`
        """
        self._flush()
        reached, days = rungs(steps(facts.rules(ISSUE.code)))
        return {
            "company": company.id,
            "accounts": list(facts.accounts),
            "since": facts.company.start,
            "reached": reached,
            "days": days,
        }

    @api.model
    def _old_debts(self, company, before):
        """Return what was due before a day, whoever owes it; see :data:`OLD_DEBTS`.

        :param date before: the day
        :return: by currency id, None for all: number of documents, oldest due date, amount
        :rtype: dict[int | None, tuple[int, date | None, Decimal]]
        """
        self._flush()
        accounts = self._accounts()
        query = SQL(OLD_DEBTS, company=company.id, accounts=accounts, before=before)
        return {
            currency: (count, oldest, Decimal(amount or 0))
            for currency, count, oldest, amount in self.env.execute_query(query)
        }

    def _waited(self, company, facts):
        """Return ids of customers who may get a summary today."""
        mails = self._mails()
        rules = [rule for code in mails["repeating"] for rule in facts.rules(code)]
        days = [level.days for rule in rules for level in rule.levels[:1]]
        if not days:
            return set()
        today = facts.company.today
        query = SQL(WAITED, company=company.id, today=today, days=min(days), **mails)
        waited = {row[0] for row in self.env.execute_query(query)}
        return waited.intersection(self._due_customers(company, today)) if waited else waited
