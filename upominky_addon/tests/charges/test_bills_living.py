"""SPEC rule 39: whose credit note is taken back bills again, and nothing is billed twice."""

from datetime import date

from odoo.exceptions import UserError

from ..common import TODAY
from ..interest_case import BillingCase, day_by_day

DUE = date(2026, 3, 31)
MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)


class TestBillsLiving(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charge(interest="contractual", interest_percent=12, flat_cost=1200)
        cls.move = cls.invoice(amount=10_000, due=DUE)

    def days_of(self, bill):
        rows = self.env["upominky.billed"].sudo().search([("billed_move_id", "=", bill.id)])
        return [(row.date_from, row.date_to) for row in rows if row.kind == "interest"]

    def credited(self):
        """Return a bill of what is owed until the end of May, and what credited it in full."""
        bill = self.posted(self.bill(self.move, MAY), MAY)
        return bill, bill._reverse_moves([{"invoice_date": MAY, "date": MAY}], cancel=True)

    def take_back(self, note):
        note.button_draft()
        note.button_cancel()

    def test_rule_39_a_credit_note_is_not_taken_back_once_another_bills_the_same(self):
        for is_posted in (False, True):
            with self.subTest(is_posted=is_posted), self.env.cr.savepoint() as savepoint:
                bill, note = self.credited()
                again = self.bill(self.move, MAY)
                if is_posted:
                    self.posted(again, MAY)
                words = f"{bill.name} would bill interest of {self.move.name} again"
                with self.assertRaisesRegex(UserError, words):
                    self.take_back(note)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_39_taken_back_in_time_the_first_bills_again(self):
        bill, note = self.credited()
        again = self.bill(self.move, MAY)
        again.unlink()
        self.assertFalse(self.days_of(bill))
        self.take_back(note)
        self.assertEqual(self.days_of(bill), [(date(2026, 4, 1), MAY)])
        later = self.bill(self.move, JUNE)
        self.assertEqual(self.days_of(later), [(date(2026, 6, 1), JUNE)])
        whole = day_by_day(10_000, DUE, [], JUNE, "11.5")
        self.assertAlmostEqual(bill.amount_total + later.amount_total, float(whole), delta=0.011)

    def test_rule_39_after_a_dead_one_it_may_be_taken_back(self):
        bill, note = self.credited()
        again = self.bill(self.move, MAY)
        again.button_cancel()
        self.take_back(note)
        self.assertEqual(self.days_of(bill), [(date(2026, 4, 1), MAY)])
        again.button_draft()
        with self.assertRaisesRegex(UserError, f"is billed by {bill.name}"):
            self.posted(again, MAY)

    def test_rule_39_a_noted_draft_is_not_posted_beside_what_lives_again(self):
        bill, note = self.credited()
        again = self.bill(self.move, MAY)
        # As a program may that asks nobody.
        self.env.cr.execute("UPDATE account_move SET state = 'cancel' WHERE id = %s", note.ids)
        self.env.cr.execute(
            "UPDATE account_move SET payment_state = 'not_paid' WHERE id = %s", bill.ids
        )
        self.env.cr.execute(
            "DELETE FROM account_partial_reconcile WHERE credit_move_id IN %s",
            [tuple(note.line_ids.ids)],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, f"is billed by {bill.name}"):
            self.posted(again, MAY)

    def test_rule_39_matched_no_more_a_credit_note_credits_no_more(self):
        bill = self.posted(self.bill(self.move, MAY), MAY)
        note = self.credit_note(self.customer, bill.amount_total, MAY)
        items = (bill + note).line_ids.filtered(lambda i: i.account_type == "asset_receivable")
        items.reconcile()
        again = self.bill(self.move, MAY)
        words = f"{bill.name} would bill interest"
        with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
            items.remove_move_reconcile()
        self.env.invalidate_all()
        again.unlink()
        items.remove_move_reconcile()
        self.assertEqual(self.days_of(bill), [(date(2026, 4, 1), MAY)])

    def test_rule_39_credit_notes_of_other_invoices_are_taken_back_as_ever(self):
        other = self.invoice(amount=100, due=DUE)
        note = other._reverse_moves([{"invoice_date": TODAY, "date": TODAY}], cancel=True)
        self.take_back(note)
        self.assertEqual((note.state, other.amount_residual), ("cancel", 100))
