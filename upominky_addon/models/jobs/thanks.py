from odoo import models

from ...core.events import THANKS
from ...core.plan import Customer
from ...core.thanks import plan_thanks


class UpominkyGenerate(models.AbstractModel):
    """Issues thanks for what was reminded and is paid (SPEC rule 33)."""

    _inherit = "upominky.generate"

    # EXTENDS 'upominky_addon'
    def _issue_due(self, run, customer_ids, facts):
        super()._issue_due(run, customer_ids, facts)
        if not facts.rules(THANKS.code):
            return
        paid = self.env["upominky.reader"]._to_thank_for(run.company_id, customer_ids, facts)
        if paid:
            self._thank(run, paid, facts)

    def _thank(self, run, paid, facts):
        """Issue thanks; takes what :meth:`_planned_thanks` takes.

        :return: the reminders
        """
        wanted = self._planned_thanks(run, paid, facts)
        return self._create(run, wanted, False, facts, THANKS.code)

    def _planned_thanks(self, run, paid, facts):
        """Return the thanks of a run: a customer is thanked once a day at most.

        :param dict paid: what each customer was reminded of and paid
        :return: core customers, each with its core reminder
        """
        rules = self.env["upominky.reader"]._rules(run.company_id, sorted(paid), THANKS.code, facts)
        owing = self._with_rules(run, rules, facts)
        had = self._had_today(run, sorted(paid), THANKS.code)
        wanted = []
        for customer_id, items in self._kept_by_rules(paid, rules, facts).items():
            rule = rules[customer_id]
            if not rule or customer_id in had:
                continue
            # Who owes nothing any more is not among those who owe.
            customer = owing.get(customer_id) or Customer(customer_id, rule, ())
            thanks = plan_thanks(customer, facts.company, items)
            wanted += [(customer, thanks)] if thanks else []
        return wanted

    def _kept_by_rules(self, paid, rules, facts):
        """Return what was paid without what the rules of its customers leave out (SPEC rule 31).

        :param dict paid: what each customer was reminded of and paid
        :param dict rules: the rule by customer, as the core knows it
        """
        rows = [
            {"id": one.receivable.id, "move_id": one.receivable.move_id, "customer_id": customer_id}
            for customer_id, items in paid.items()
            for one in items
        ]
        left_out = set(self.env["upominky.reader"]._left_out_items(rows, rules, facts))
        return {
            customer_id: [one for one in items if one.receivable.id not in left_out]
            for customer_id, items in paid.items()
        }
