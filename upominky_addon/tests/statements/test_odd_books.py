"""Issue 18, point 7: ways of booking that change what was open on a day, and some that must not."""

from datetime import timedelta

from odoo import Command

from ..common import TODAY
from ..statement_case import ONE_DAY, StatementCommon


class TestOddBooks(StatementCommon):
    def items(self):
        """Return the customer's items on accounts of receivables, as Odoo has them today."""
        domain = [("partner_id", "child_of", self.customer.id), ("parent_state", "=", "posted")]
        return self.env["account.move.line"].search(
            [*domain, ("upominky_of_customer", "=", True)], order="id"
        )

    def rates(self, *of_days):
        """Have one euro cost so many crowns since so many days ago."""
        for days, crowns in of_days:
            values = {"currency_id": self.eur.id, "company_id": self.company.id}
            values |= {"name": TODAY - days * ONE_DAY, "rate": 1 / crowns}
            self.eur.rate_ids.create(values)

    def check_today(self):
        """Today it says of each item what Odoo says is left of it."""
        left = {
            item.id: item.amount_residual_currency
            for item in self.items()
            if item.amount_residual_currency
        }
        told = {row.item.id: float(row.balance) for block in self.blocks() for row in block.rows}
        self.assertEqual(told, left)

    def test_section_18_7_each_instalment_has_its_own_due_date(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Tři splátky",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": part, "nb_days": days})
                    for part, days in ((40, 0), (35, 20), (25, 60))
                ],
            }
        )
        day = TODAY - 30 * ONE_DAY
        move = self.invoice(
            amount=1_000, invoice_date=day, taxable_supply_date=day, invoice_payment_term_id=term.id
        )
        self.pay(move, 500, TODAY - 5 * ONE_DAY)
        expected = [("overdue", 400, "CZK"), ("overdue", 350, "CZK"), ("not_due", 250, "CZK")]
        self.assertEqual(self.open_on(TODAY - 6 * ONE_DAY), expected)
        whole = [("not_due", amount, "CZK") for amount in (400, 350, 250)]
        self.assertEqual(self.open_on(day), whole)
        self.assertEqual(sum(row[1] for row in self.open_on()), 500)
        self.check_today()

    def test_section_18_7_a_credit_note_lowers_from_its_own_day(self):
        move = self.dated(30, 1_000)
        when = TODAY - 10 * ONE_DAY
        values = {"date": when, "invoice_date": when, "taxable_supply_date": when}
        move._reverse_moves([values], cancel=True)
        self.assertEqual(self.open_on(when - ONE_DAY), [("overdue", 1_000, "CZK")])
        self.assertEqual(self.open_on(when), [])

    def test_section_18_7_what_is_booked_for_a_later_day_lowers_nothing_before(self):
        move = self.dated(30, 1_000)
        self.pay(move, 1_000, TODAY + 3 * ONE_DAY)
        self.assertEqual(self.open_on(), [("overdue", 1_000, "CZK")])
        self.assertEqual(self.open_on(TODAY + 3 * ONE_DAY), [])

    def test_section_18_7_an_invoice_in_euro_that_is_paid_in_crowns(self):
        """Each lowers in its own currency; the difference of the rates is no item."""
        self.rates((100, 25), (10, 24))
        move = self.dated(30, 100, currency=self.eur)
        payment = self.payment(2_000, day=TODAY - 5 * ONE_DAY)
        items = (move.line_ids + payment.move_id.line_ids) & self.items()
        items.reconcile()
        self.check_today()
        before = TODAY - 6 * ONE_DAY
        self.assertEqual(self.open_on(before), [("overdue", 100, "EUR")])
        ((_section, left, _code),) = self.open_on()
        self.assertLess(left, 100)

    def test_section_18_7_a_debt_in_crowns_that_is_paid_in_euro(self):
        self.rates((100, 25), (10, 24))
        move = self.dated(30, 2_500)
        payment = self.payment(100, currency=self.eur, day=TODAY - 5 * ONE_DAY)
        ((move.line_ids + payment.move_id.line_ids) & self.items()).reconcile()
        self.check_today()
        self.assertEqual(self.open_on(TODAY - 6 * ONE_DAY), [("overdue", 2_500, "CZK")])

    def test_section_18_7_unmatched_again_after_a_difference_of_rates(self):
        """Odoo books the difference and books it back: neither is an item."""
        self.rates((100, 25), (10, 20))
        move = self.dated(30, 500, currency=self.eur)
        self.pay(move, None, TODAY - 5 * ONE_DAY)
        self.assertTrue(move.line_ids.matched_credit_ids.exchange_move_id)
        self.assertEqual(self.open_on(), [])
        move.line_ids.remove_move_reconcile()
        self.assertEqual(self.open_on(), [("overdue", 500, "EUR"), ("credit", -500, "EUR")])
        self.check_today()

    def test_section_18_7_all_accounts_of_receivables_but_those_of_deposits(self):
        second = self.receivable.copy({"name": "Odběratelé v zahraničí"})
        deposits = self.receivable.copy({"name": "Kauce", "non_trade": True})
        self.dated(30, 100)
        self.entry(20, account=second, date_maturity=TODAY - ONE_DAY)
        self.entry(7, account=deposits)
        self.assertEqual(sorted(row[1] for row in self.open_on()), [20, 100])
        second.active = False  # of old accounts there may be debts
        self.assertEqual(sorted(row[1] for row in self.open_on()), [20, 100])

    def test_section_18_7_what_we_owe_the_same_partner_is_not_netted(self):
        self.dated(30, 100)
        bill = self.invoice(amount=70, move_type="in_invoice", taxable_supply_date=TODAY)
        self.assertEqual(bill.state, "posted")
        self.assertEqual(self.open_on(), [("overdue", 100, "CZK")])

    def test_section_18_7_entries_of_an_opening_balance(self):
        """Told like invoices, whether they are followed up or not: it is what the ledger says."""
        due = TODAY - 100 * ONE_DAY
        for followed in (True, False):
            self.entry(50, date_maturity=due, no_followup=not followed, name="FA 17")
        self.assertEqual(self.open_on(), [("overdue", 50, "CZK")] * 2)

    def test_section_18_7_who_became_a_contact_is_told_with_its_customer(self):
        other = self.new_customer("Bývalá firma")
        self.dated(30, 100)
        self.dated(20, 30, partner=other)
        self.assertEqual(self.open_on(customer=other), [("overdue", 30, "CZK")])
        other.write({"is_company": False, "parent_id": self.customer.id})
        self.assertEqual(self.open_on(), [("overdue", 100, "CZK"), ("overdue", 30, "CZK")])

    def test_section_18_7_held_and_blocked_debts_are_told_all_the_same(self):
        held, blocked = self.dated(30, 100), self.dated(25, 50)
        held.upominky_hold_until = TODAY + timedelta(days=30)
        blocked.payment_state = "blocked"
        self.customer.upominky_excluded = True
        self.assertEqual([row[1] for row in self.open_on()], [100, 50])

    def test_section_18_7_the_last_day_of_a_leap_february(self):
        day = TODAY.replace(year=2024, month=2, day=29)
        self.invoice(
            amount=10, due=day, invoice_date=day, taxable_supply_date=day,
            invoice_payment_term_id=False,
        )  # fmt: skip
        self.assertEqual(self.open_on(day), [("not_due", 10, "CZK")])
        self.assertEqual(self.open_on(day + ONE_DAY), [("overdue", 10, "CZK")])
        self.assertEqual(self.open_on(day - ONE_DAY), [])
