"""SPEC rule 39: an invoice that is corrected to fewer instalments is billed nothing twice."""

from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import UserError

from ..interest_case import BillingCase

ISSUED, FIRST = date(2026, 3, 1), date(2026, 3, 31)
MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)
COST = 1200


class TestBillsCorrected(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charge(interest="contractual", interest_percent=12, flat_cost=COST)
        cls.half, cls.once = cls.env["account.payment.term"].create(
            [
                {"name": "Half", "line_ids": [cls.part(50, 30), cls.part(50, 60)]},
                {"name": "Once", "line_ids": [cls.part(100, 45)]},
            ]
        )
        cls.move = cls.invoice(
            amount=10_000, due=FIRST, invoice_date=ISSUED, invoice_payment_term_id=cls.half.id
        )

    @classmethod
    def part(cls, percent, days):
        values = {"value": "percent", "value_amount": percent, "nb_days": days}
        return Command.create(values)

    def corrected(self, term):
        """Reset the invoice to draft, give it another term, and post it."""
        self.move.button_draft()
        self.move.invoice_payment_term_id = term
        self.move.action_post()
        return self.items()

    def items(self):
        return self.move.line_ids.filtered(lambda i: i.account_type == "asset_receivable")

    def rows(self, kind):
        found = self.env["upominky.billed"].search([("move_id", "=", self.move.id)])
        return found.filtered(lambda row: row.kind == kind)

    def test_rule_39_neither_days_nor_costs_are_billed_again(self):
        self.assertEqual(len(self.items()), 2)
        self.reminded(MAY)
        bill = self.posted(self.bill(self.move, MAY), MAY)
        before = self.rows("interest"), self.rows("cost")
        self.assertEqual([len(rows) for rows in before], [2, 2])
        (item,) = self.corrected(self.once)
        self.assertEqual((self.rows("interest"), self.rows("cost")), before)
        self.assertEqual(before[0].move_line_id | before[1].move_line_id, item)
        self.assertEqual(bill.amount_residual, bill.amount_total)
        with self.assertRaisesRegex(UserError, "billed already"):
            self.bill(self.move, MAY)
        later = self.bill(self.move, JUNE)
        (line,) = later.invoice_line_ids  # of costs nothing
        self.assertAlmostEqual(line.price_unit, 10_000 * 0.12 * 30 / 365, 2)
        first = min(self.rows("interest").filtered(
            lambda row: row.billed_move_id == later).mapped("date_from"))  # fmt: skip
        self.assertEqual(first, MAY + timedelta(days=1))

    def test_rule_39_a_living_bill_that_is_true_no_more_is_not_posted_again(self):
        self.reminded(MAY)
        bill = self.posted(self.bill(self.move, MAY), MAY)
        (item,) = self.corrected(self.once)
        bill.button_draft()
        with self.assertRaisesRegex(UserError, "Delete the draft, and bill interest again"):
            bill.action_post()
        self.assertEqual(self.rows("interest").move_line_id, item, "its days stay billed")

    def test_rule_39_a_copy_of_a_living_bill_bills_nothing(self):
        self.reminded(MAY)
        bill = self.posted(self.bill(self.move, MAY), MAY)
        self.corrected(self.once)
        copy = bill.copy({"invoice_date": MAY})
        with self.assertRaisesRegex(UserError, bill.name):
            copy.action_post()

    def test_rule_39_a_dead_bill_leaves_its_days_to_be_billed_anew(self):
        self.reminded(MAY)
        bill = self.bill(self.move, MAY)
        self.corrected(self.once)
        bill.button_cancel()
        again = self.bill(self.move, MAY)
        self.assertEqual(len(again.invoice_line_ids.filtered(lambda li: li.price_unit == COST)), 1)

    def test_rule_39_a_copy_of_a_dead_bill_is_true_no_more_of_what_took_the_place(self):
        self.reminded(MAY)
        bill = self.posted(self.bill(self.move, MAY), MAY)
        copy = bill.copy({"invoice_date": MAY})
        self.corrected(self.once)
        bill._reverse_moves([{"invoice_date": MAY, "date": MAY}], cancel=True)
        with self.assertRaisesRegex(UserError, "Delete the draft, and bill interest again"):
            copy.action_post()
        self.assertFalse(self.env["upominky.billed"].search([("billed_move_id", "=", copy.id)]))

    def test_rule_39_the_same_term_changes_nothing(self):
        self.reminded(MAY)
        self.bill(self.move, MAY)
        items = self.items()
        self.move.button_draft()
        self.move.action_post()
        self.assertEqual(self.items(), items)
        self.assertFalse(self.rows("cost").filtered("is_carried"))
