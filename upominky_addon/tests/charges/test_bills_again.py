"""SPEC rule 39: what was billed stays billed while its bill lives, line by line and day by day."""

from datetime import date

from odoo.exceptions import UserError

from ..common import TODAY
from ..interest_case import BillingCase, day_by_day

DUE = date(2026, 3, 31)
MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)
AFTER = date(2026, 7, 15)


class TestBillsAgain(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charge(interest="contractual", interest_percent=12, flat_cost=1200)
        cls.move = cls.invoice(amount=10_000, due=DUE)

    def days_of(self, bill):
        """Return the days that an invoice bills, in pairs."""
        rows = self.env["upominky.billed"].search([("billed_move_id", "=", bill.id)])
        return [(row.date_from, row.date_to) for row in rows if row.kind == "interest"]

    def credit(self, bill, day=TODAY):
        return bill._reverse_moves([{"invoice_date": day, "date": day}], cancel=True)

    def copied(self, bill):
        """Credit an invoice and make it anew, as Odoo's wizard does."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=bill.ids
        )
        values = {"journal_id": bill.journal_id.id, "date": TODAY}
        return bill.browse(wizard.create(values).modify_moves()["res_id"])

    def test_rule_39_one_credited_bill_of_several_leaves_its_days_to_be_billed(self):
        first = self.posted(self.bill(self.move, MAY), MAY)
        second = self.posted(self.bill(self.move, JUNE), JUNE)
        self.assertEqual(self.days_of(second), [(date(2026, 6, 1), JUNE)])
        self.credit(first)
        third = self.bill(self.move, AFTER)
        self.assertEqual(self.days_of(third), [(date(2026, 4, 1), MAY), (date(2026, 7, 1), AFTER)])
        whole = day_by_day(10_000, DUE, [], AFTER, "11.5")
        self.assertAlmostEqual(second.amount_total + third.amount_total, float(whole), delta=0.011)

    def test_rule_39_a_line_taken_out_of_a_draft_is_billed_no_more(self):
        other = self.invoice(amount=1_000, due=DUE)
        draft = self.bill(self.move | other)
        line = draft.invoice_line_ids.filtered(lambda line: other.name in line.name)
        amount = line.price_unit
        line.unlink()
        self.assertEqual(self.bill(other).amount_total, amount)
        with self.assertRaisesRegex(UserError, "billed already"):
            self.bill(self.move)

    def test_rule_39_a_copy_bears_no_interest_and_bills_nothing_twice(self):
        bill = self.posted(self.bill(self.move, MAY), MAY)
        copy = bill.copy({"invoice_date": MAY})
        self.assertTrue(copy.upominky_is_interest)
        with self.assertRaisesRegex(UserError, bill.name):
            copy.action_post()
        self.assertEqual(copy.state, "draft")

    def test_rule_39_reversed_and_made_anew_it_bills_the_same_once(self):
        bill = self.posted(self.bill(self.move, MAY), MAY)
        days = self.days_of(bill)
        copy = self.copied(bill)
        copy.write({"invoice_date": DUE, "invoice_date_due": DUE})
        copy.action_post()
        self.assertTrue(copy.upominky_is_interest)
        self.assertEqual((self.days_of(copy), self.days_of(bill)), (days, []))
        with self.assertRaisesRegex(UserError, "billed already"):
            self.bill(self.move, MAY)
        with self.assertRaisesRegex(UserError, "Nothing is to be billed"):
            self.bill(copy)

    def test_rule_39_reset_to_draft_after_its_days_were_billed_anew_it_is_not_posted(self):
        bill = self.posted(self.bill(self.move, MAY), MAY)
        bill.button_draft()
        bill.button_cancel()
        again = self.bill(self.move, MAY)
        bill.button_draft()
        with self.assertRaisesRegex(UserError, "is billed by"):
            bill.action_post()
        again.unlink()
        bill.action_post()
        self.assertEqual(self.days_of(bill), [(date(2026, 4, 1), MAY)])

    def test_rule_39_reset_to_draft_and_posted_it_bills_what_it_did(self):
        bill = self.posted(self.bill(self.move, MAY), MAY)
        days = self.days_of(bill)
        bill.button_draft()
        bill.action_post()
        self.assertEqual(self.days_of(bill), days)

    def test_rule_39_paid_and_then_credited_it_may_be_billed_anew(self):
        bill = self.posted(self.bill(self.move, MAY), MAY)
        self.pay(bill, day=MAY)
        note = self.credit_note(self.customer, bill.amount_total, JUNE, reversed_entry_id=bill.id)
        self.assertEqual((bill.payment_state, note.state), ("paid", "posted"))
        self.assertEqual(self.days_of(self.bill(self.move, MAY)), [(date(2026, 4, 1), MAY)])

    def test_rule_39_a_part_that_was_credited_stays_billed(self):
        bill = self.posted(self.bill(self.move, MAY), MAY)
        self.credit_note(self.customer, 1, JUNE, reversed_entry_id=bill.id)
        with self.assertRaisesRegex(UserError, "billed already"):
            self.bill(self.move, MAY)

    def test_rule_39_what_lies_in_a_draft_reminders_go_on_claiming(self):
        self.bill(self.move, MAY)
        reminder = self.generate(MAY)
        wanted = day_by_day(10_000, DUE, [], MAY, 12)
        self.assertEqual(self.interest_of(reminder), wanted)

    def test_rule_39_a_part_of_the_delay_that_nobody_billed_stays_in_the_list(self):
        self.bill(self.move, MAY)
        self.pay(self.move, day=JUNE)
        with self.on(AFTER):
            self.assertEqual(self.paid_late() & self.move, self.move)
            self.assertTrue(self.move.upominky_paid_late)
        last = self.bill(self.move, AFTER)
        self.assertEqual(self.days_of(last), [(date(2026, 6, 1), JUNE)])
        with self.on(AFTER):
            self.assertFalse(self.paid_late() & self.move)
