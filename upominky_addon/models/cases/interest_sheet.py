from decimal import Decimal

from odoo import models

from ..base.amounts import exact


class UpominkyCase(models.Model):
    """The account of interest and costs, as each reminder asked for them (SPEC rules 38 and 40)."""

    _inherit = "upominky.case"

    # EXTENDS 'upominky_addon'
    def _sheets(self):
        interest, costs = list(self._interest_rows()), list(self._cost_rows())
        if not interest and not costs:
            return super()._sheets()
        sheet = self._sheet(
            self.env._("interest"),
            self.env._("Account of interest and costs"),
            [self._interest_heads(), *interest, *costs],
        )
        return [*super()._sheets(), sheet]

    def _interest_heads(self):
        return (
            self.env._("Reminder"),
            self.env._("Invoice"),
            self.env._("What"),
            self.env._("From"),
            self.env._("To"),
            self.env._("Days"),
            self.env._("Balance"),
            self.env._("Rate in %"),
            self.env._("Amount"),
            self.env._("Currency"),
        )

    def _interest_rows(self):
        """Yield the days of each debt on which balance and rate stayed, reminder by reminder."""
        for reminder in self._records("upominky.reminder", "reminders"):
            for row in reminder.interest_ids.sorted():
                yield (
                    reminder.name,
                    row.move_id.name,
                    self.env._("Interest"),
                    row.date_from,
                    row.date_to,
                    row.days,
                    exact(row.base, row.currency_id),
                    Decimal(f"{row.percent:.10g}"),
                    exact(row.amount, row.currency_id),
                    row.currency_id.name,
                )

    def _cost_rows(self):
        """Yield the flat cost of each claim that was asked, reminder by reminder."""
        for reminder in self._records("upominky.reminder", "reminders"):
            for line in reminder.line_ids.filtered("flat_cost"):
                currency = line.company_currency_id
                cost = exact(line.flat_cost, currency)
                about = (reminder.name, line.move_id.name, self.env._("Flat cost"))
                yield (*about, "", "", "", "", "", cost, currency.name)
