"""SPEC rule 39: what is billed lives as long as its bill, and is true when that is posted."""

from datetime import date

from odoo.exceptions import UserError

from ..common import TODAY
from ..interest_case import BillingCase, day_by_day

DUE = date(2026, 3, 31)
APRIL, MAY, JUNE = date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)


class TestBillsTrue(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charge(interest="contractual", interest_percent=12)

    def matched(self, *moves):
        items = self.env["account.move"].union(*moves).line_ids.filtered("upominky_of_customer")
        items.filtered(lambda item: not item.reconciled).reconcile()

    # ------------------------------------------------------------------- lives

    def test_rule_39_offset_in_part_and_credited_for_the_rest_it_stays_billed(self):
        """Odoo calls it reversed: its counterparts are an entry and a credit note."""
        move = self.invoice(amount=10_000, due=DUE)
        for name in ("note of the bill", "another note"):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                bill = self.posted(self.bill(move, MAY), MAY)
                self.matched(bill, self.entry(-100))
                own = {"reversed_entry_id": bill.id} if name == "note of the bill" else {}
                rest = bill.amount_residual
                note = self.credit_note(self.customer, rest, JUNE, invoice_date=JUNE, **own)
                self.matched(bill, note)
                self.assertEqual(bill.payment_state, "reversed")
                with self.assertRaisesRegex(UserError, "billed already"):
                    self.bill(move, MAY)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_39_credited_in_full_by_several_notes_it_may_be_billed_anew(self):
        move = self.invoice(amount=10_000, due=DUE)
        bill = self.posted(self.bill(move, MAY), MAY)
        total = bill.amount_total
        for part, own in ((100, {"reversed_entry_id": bill.id}), (total - 100, {})):
            with self.assertRaisesRegex(UserError, "billed already"):
                self.bill(move, MAY)
            note = self.credit_note(self.customer, part, JUNE, invoice_date=JUNE, **own)
            self.matched(bill, note)
        self.assertEqual(self.bill(move, MAY).amount_total, total)

    # -------------------------------------------------------------------- true

    def test_rule_39_a_draft_that_a_payment_made_untrue_is_not_posted(self):
        for how in ("matched", "open"):
            with self.subTest(how):
                partner = self.new_customer(how, "h@h.example")
                move = self.invoice(partner, 10_000, DUE)
                draft = self.bill(move, TODAY)
                said = draft.amount_total
                if how == "matched":
                    self.pay(move, 4_000, APRIL)
                else:
                    self.payment(4_000, partner, day=APRIL)
                wanted = day_by_day(10_000, DUE, [(APRIL, 4_000)], TODAY, "11.5")
                with self.assertRaisesRegex(UserError, move.name) as caught:
                    self.posted(draft)
                words = str(caught.exception).replace("\xa0", " ")
                for amount in (float(wanted), said):
                    self.assertIn(f"{amount:.2f}", words)
                self.assertIn("bill interest again", words)
                draft.unlink()
                self.assertEqual(self.posted(self.bill(move)).amount_total, float(wanted))

    def test_rule_39_a_draft_is_posted_though_other_days_changed_since(self):
        move = self.invoice(amount=10_000, due=DUE)
        draft = self.bill(move, MAY)
        self.pay(move, 4_000, JUNE)
        self.charge(interest_percent=50)
        draft.invoice_line_ids.price_unit -= 1  # a price is a person's
        self.assertEqual(self.posted(draft, JUNE).state, "posted")

    def test_rule_39_a_cost_that_was_taken_back_is_not_posted(self):
        self.charge(flat_cost=1200)
        move = self.invoice(amount=10_000, due=DUE)
        reminder = self.reminded()
        draft = self.bill(move, MAY)
        self.assertEqual(len(draft.invoice_line_ids), 2)
        with self.env.cr.savepoint() as savepoint:
            self.assertEqual(self.posted(draft).state, "posted")
            savepoint.rollback()
        self.env.invalidate_all()
        reminder.action_cancel("Omyl")
        with self.assertRaisesRegex(UserError, "bill interest again"):
            self.posted(draft)

    def test_rule_39_of_an_invoice_that_is_a_draft_again_nothing_is_posted(self):
        move = self.invoice(amount=10_000, due=DUE)
        draft = self.bill(move, MAY)
        move.button_draft()
        with self.assertRaisesRegex(UserError, rf"{move.name}, due on .*\. Delete it"):
            self.posted(draft)
        move.action_post()
        self.assertEqual(self.posted(draft).state, "posted")

    def test_rule_39_a_gap_between_billed_days_comes_out_the_same(self):
        move = self.invoice(amount=10_000, due=DUE)
        first = self.posted(self.bill(move, APRIL), APRIL)
        self.posted(self.bill(move, MAY), MAY)
        first._reverse_moves([{"invoice_date": MAY, "date": MAY}], cancel=True)
        third = self.bill(move, JUNE)
        rows = self.env["upominky.billed"].search([("billed_move_id", "=", third.id)])
        self.assertEqual(len(rows), 2)
        self.assertEqual(self.posted(third, JUNE).state, "posted")

    # ---------------------------------------------------------------- who asked

    def test_rule_39_a_later_level_of_a_cost_alone_leaves_the_interest_that_was_asked(self):
        later = self.rule.level_ids[1].sudo()
        self.charge(later, interest="none", flat_cost=1200)
        move = self.invoice(amount=10_000, due=DUE)
        self.reminded()
        second = self.reminded(JUNE)
        self.assertEqual((second.level_order, second.claim_terms["interest"]), (2, "none"))
        bill = self.bill(move, JUNE)
        wanted = day_by_day(10_000, DUE, [], JUNE, 12)
        self.assertEqual(
            sorted(bill.invoice_line_ids.mapped("price_unit")), sorted([float(wanted), 1200])
        )

    # --------------------------------------------------------------- paid late

    def test_rule_39_paid_in_time_in_another_currency_it_is_not_paid_late(self):
        """Odoo books what the rates round when it is matched, as a payment of that day."""
        move = self.invoice(amount=1_000.30, due=DUE)
        payment = self.payment(40.01, currency=self.eur, day=DUE)
        with self.on(TODAY):
            self.matched(move, payment.move_id)
        self.assertTrue(move.line_ids.matched_credit_ids.exchange_move_id)
        with self.on(TODAY):
            self.assertFalse(self.paid_late() & move)
        with self.assertRaisesRegex(UserError, "Nothing is to be billed"):
            self.bill(move)

    def test_rule_39_offset_late_by_a_credit_note_for_other_goods_it_is_paid_late(self):
        move = self.invoice(amount=1_000, due=DUE)
        days = {"invoice_date": APRIL, "taxable_supply_date": APRIL}
        self.matched(move, self.credit_note(amount=1_000, day=MAY, **days))
        with self.on(TODAY):
            self.assertEqual(self.paid_late() & move, move)
        wanted = day_by_day(1_000, DUE, [(APRIL, 1_000)], TODAY, "11.5")
        self.assertEqual(self.bill(move).amount_total, float(wanted))
