"""Shared by the tests of interest: a level that asks it, invoices of any day, a slow second sum."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from .common import TODAY, smtp_inbox
from .entries import BooksCase

#: The repo rate of the Czech National Bank, in percent: typed from CZECH.md, not from our data.
REPO = {
    date(2023, 7, 1): "7.00",
    date(2024, 1, 1): "6.75",
    date(2024, 7, 1): "4.75",
    date(2025, 1, 1): "4.00",
    date(2025, 7, 1): "3.50",
    date(2026, 1, 1): "3.50",
    date(2026, 7, 1): "3.75",
}


def by_law(due):
    """Return the Czech rate of a debt, in percent a year."""
    begin = due + timedelta(days=1)
    return Fraction(REPO[date(begin.year, 1 if begin.month < 7 else 7, 1)]) + 8


def day_by_day(amount, due, paid, until, percent):
    """Add up the interest of each day by itself, from what the test booked: the slow way.

    :param paid: pairs of a day and an amount; no day for a credit note
    :rtype: Decimal
    """
    found, day = Fraction(0), due + timedelta(days=1)
    while day <= until:
        balance = Fraction(amount) - sum(
            Fraction(part) for on, part in paid if on is None or on < day
        )
        year = (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days
        found += max(balance, 0) * Fraction(percent) / (100 * year)
        day += timedelta(days=1)
    exact = Decimal(found.numerator) / Decimal(found.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


class InterestCase(BooksCase):
    """A Czech company whose first level asks interest by law."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.rule.level_ids[0].sudo()
        cls.charge(interest="statutory")

    @classmethod
    def charge(cls, level=None, **values):
        """Have a level ask something: the first one, if none is given."""
        (level or cls.level).write(values)

    @classmethod
    def note(cls, move, amount, day=TODAY):
        """Credit a part of an invoice, and match it."""
        refund = cls.credit_note(
            move.partner_id, amount, day, currency=move.currency_id, reversed_entry_id=move.id
        )
        items = (move + refund).line_ids.filtered(lambda i: i.account_type == "asset_receivable")
        items.filtered(lambda item: not item.reconciled).reconcile()  # in full Odoo does it itself
        return refund

    def issued_to(self, partner, day=TODAY):
        """Run job 1 on a day and return what a customer got."""
        return self.generate(day).filtered(lambda reminder: reminder.partner_id == partner)

    def mailed(self, day=TODAY):
        """Send what waits on a day, and return what arrived."""
        with smtp_inbox(self.env) as inbox:
            self.send(day)
        return inbox

    def interest_of(self, reminder, currency="CZK"):
        """Return the interest that is claimed, and see that the rows add up to it."""
        rows = reminder.interest_ids.filtered(lambda row: row.currency_id.name == currency)
        claimed = Decimal(str((reminder.claim_totals or {})[currency]["interest"]))
        self.assertEqual(sum((Decimal(str(r.amount)) for r in rows), Decimal(0)), claimed)
        return claimed


class BillingCase(InterestCase):
    """What bills interest, and what is done with the drafts."""

    def bill(self, records, day=TODAY):
        """Bill interest on a day and return the drafts."""
        with self.on(day):
            action = records.action_upominky_bill_interest()
        return self.env["account.move"].search(action["domain"])

    def posted(self, draft, day=TODAY):
        """Post an invoice of interest on a day, and return it."""
        draft.invoice_date = day
        draft.action_post()
        return draft

    def reminded(self, day=date(2026, 5, 31)):
        """Issue and send a reminder, and return it."""
        reminder = self.generate(day)
        self.mailed(day)
        self.assertEqual(reminder.state, "sent", reminder.error)
        return reminder

    def paid_late(self):
        """Return the invoices that are listed as paid late."""
        return self.env["account.move"].search([("upominky_paid_late", "=", True)])
