from odoo import models

from ...core.events import NOTICE
from ...core.notice import plan_notice


class UpominkyGenerate(models.AbstractModel):
    """Issues notices of what will be due (SPEC rule 32)."""

    _inherit = "upominky.generate"

    # EXTENDS 'upominky_addon'
    def _issue_due(self, run, customer_ids, facts):
        super()._issue_due(run, customer_ids, facts)
        untold = self.env["upominky.reader"]._untold(run.company_id, facts, customer_ids)
        if not untold:
            return
        self._give_notice(run, untold, facts)

    def _give_notice(self, run, untold, facts):
        """Issue notices; takes what :meth:`_planned_notices` takes.

        :return: the reminders
        """
        wanted = self._planned_notices(run, untold, facts)
        return self._create(run, wanted, False, facts, NOTICE.code)

    def _planned_notices(self, run, untold, facts):
        """Return the notices of a run: to a customer one a day at most.

        :param dict untold: customers by the receivables that may be told of
        :return: core customers, each with its core reminder
        """
        customers = self._covered(run, sorted(set(untold.values())), NOTICE.code, facts)
        had = self._had_today(run, list(customers), NOTICE.code)
        planned = (
            (customer, plan_notice(customer, facts.company, untold))
            for customer in customers.values()
            if customer.id not in had
        )
        return [(customer, notice) for customer, notice in planned if notice]

    def _had_today(self, run, customer_ids, event):
        """Return which customers got a message of an event today already.

        :param str event: code of the event
        :rtype: set[int]
        """
        if not customer_ids:
            return set()
        groups = self.env["upominky.reminder"]._read_group(
            [
                ("company_id", "=", run.company_id.id),
                ("partner_id", "in", customer_ids),
                ("event", "=", event),
                ("issue_date", "=", run.date),
                ("state", "!=", "cancelled"),
            ],
            ["partner_id"],
        )
        return {partner.id for (partner,) in groups}
