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
            self.env._("Note"),
        )

    def _asked_last(self, record, others):
        """Say whether a reminder was the last to ask for something, or which one did since.

        Each asks for all of it anew: interest from the first day on, and the same cost.

        :param record: an interest row, or a line with a cost
        :param others: such records that ask for the same, from the first to the last
        """
        if record.reminder_id.state == "cancelled":
            return self.env._("Taken back")
        last = others.reminder_id.filtered(lambda r: r.state != "cancelled")[-1:]
        if last == record.reminder_id:
            return self.env._("Asked last")
        return self.env._("Replaced by %s", last.name)

    def _interest_rows(self):
        """Yield the days of each debt on which balance and rate stayed, reminder by reminder."""
        reminders = self._records("upominky.reminder", "reminders")
        asked = reminders.interest_ids.grouped(lambda row: _debt_of(row.line_id))
        for reminder in reminders:
            for row in reminder.interest_ids.sorted():
                same = asked[_debt_of(row.line_id)].filtered(
                    lambda other, day=row.date_from: other.date_from <= day <= other.date_to
                )
                yield (
                    reminder.name,
                    row.line_id._number_of_part(),
                    self.env._("Interest"),
                    row.date_from,
                    row.date_to,
                    row.days,
                    exact(row.base, row.currency_id),
                    Decimal(f"{row.percent:.10g}"),
                    exact(row.amount, row.currency_id),
                    row.currency_id.name,
                    self._asked_last(row, same),
                )

    def _cost_rows(self):
        """Yield the flat cost of each claim that was asked, reminder by reminder."""
        reminders = self._records("upominky.reminder", "reminders")
        asked = reminders.line_ids.filtered("flat_cost").grouped(_debt_of)
        for reminder in reminders:
            for line in reminder.line_ids.filtered("flat_cost"):
                currency = line.company_currency_id
                cost = exact(line.flat_cost, currency)
                about = (reminder.name, line._number_of_part(), self.env._("Flat cost"))
                note = self._asked_last(line, asked[_debt_of(line)])
                yield (*about, "", "", "", "", "", cost, currency.name, note)


def _debt_of(line):
    """Return what tells debts apart: the item, or the line itself of one that is gone."""
    return line.move_line_id or line
