from dataclasses import replace

from odoo import models

from ...core.events import THANKS
from ...core.plan import Customer


class UpominkyReminder(models.Model):
    """Thanks are read again as well: of what is paid there is nothing among what is owed."""

    _inherit = "upominky.reminder"

    def _of_thanks(self):
        return self.filtered(lambda reminder: reminder.event == THANKS.code)

    # EXTENDS 'upominky.reminder'
    def _read_anew(self, company):
        thanks = self._of_thanks()
        if self - thanks:
            yield from super(UpominkyReminder, self - thanks)._read_anew(company)
        if thanks:
            yield from thanks._read_thanks(company)

    def _read_thanks(self, company):
        """Read thanks of a company again, as :meth:`_read_anew` does."""
        reader = self.env["upominky.reader"].with_company(company)
        today = company._upominky_today()
        facts = reader._company(company, today)
        paid = self._still_paid(company, today)
        ids = self._commercial_partners().ids
        rules = {rule.id: rule._to_core() for rule in self.rule_id}
        # Whether anything that was reminded is open does not depend on the rule.
        customers = reader._customers(company, ids, rules=dict.fromkeys(ids))
        for reminder in self:
            mine = reminder._commercial_partners().id
            customer = customers.get(mine) or Customer(mine, None, ())
            items = tuple(one.receivable for one in paid.get(mine, ()))
            customer = replace(
                customer,
                rule=rules.get(reminder.rule_id.id),
                receivables=(*customer.receivables, *items),
            )
            lines = reminder._open_lines().filtered("move_line_id")
            by_item = {line.move_line_id.id: line for line in lines}
            still = {item.id for item in items}
            yield reminder, THANKS.recheck(by_item, still, customer, facts), by_item, today

    def _still_paid(self, company, today):
        """Return what of thanks is paid still, and not too long ago, by customer.

        :rtype: dict[int, list[core.thanks.Paid]]
        """
        items = self.line_ids.move_line_id.ids
        return self.env["upominky.reader"]._still_paid(company, today, items)

    # EXTENDS 'upominky.reminder'
    def _own_receivables(self):
        """Yield thanks with what they thank for: it is owed no more, and has its contacts."""
        thanks = self._of_thanks()
        if self - thanks:
            yield from super(UpominkyReminder, self - thanks)._own_receivables()
        for company, mine in thanks.grouped("company_id").items():
            paid = mine._still_paid(company, company._upominky_today())
            for reminder in mine:
                ids = set(reminder.line_ids.move_line_id.ids)
                found = paid.get(reminder._commercial_partners().id, ())
                own = tuple(one.receivable for one in found if one.receivable.id in ids)
                if own:
                    yield reminder, own
