"""SPEC rule 39: what is billed is what is owed, and what the customer was asked for."""

from datetime import date

from odoo.exceptions import UserError

from ..common import TODAY
from ..interest_case import BillingCase, day_by_day

DUE = date(2026, 3, 31)
APRIL, MAY, JUNE = date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)


class TestBillsOwed(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charge(interest="contractual", interest_percent=12)
        cls.other = cls.new_customer("Jiný a.s.", "jiny@jiny.example")

    def test_rule_39_open_credits_are_deducted_as_the_reminder_deducts_them(self):
        received = date(2026, 4, 5)
        for rule, what in ((True, "payment"), (False, "payment"), (True, "note")):
            with self.subTest(rule=rule, what=what):
                partner = self.new_customer(f"Z {rule} {what}", "z@z.example")
                partner.upominky_excluded = False
                move = self.invoice(partner, 10_000, DUE)
                if what == "payment":
                    self.payment(9_000, partner, day=received)
                else:
                    days = {"invoice_date": received, "taxable_supply_date": received}
                    self.credit_note(partner, 9_000, **days)
                self.rule.active = rule
                wanted = day_by_day(10_000, DUE, [(received, 9_000)], JUNE, "11.5")
                self.assertEqual(self.bill(move, JUNE).amount_total, float(wanted))
                self.rule.active = True

    def test_rule_39_all_of_it_received_and_unmatched_only_the_days_before_are_billed(self):
        move = self.invoice(amount=10_000, due=DUE)
        self.payment(10_000, day=date(2026, 4, 5))
        wanted = day_by_day(10_000, DUE, [(date(2026, 4, 5), 10_000)], JUNE, "11.5")
        self.assertEqual(self.bill(move, JUNE).amount_total, float(wanted))  # 15.75

    def test_rule_39_it_asks_what_the_letter_asked_whatever_the_level_says_by_now(self):
        move = self.invoice(amount=10_000, due=DUE)
        self.reminded()
        self.charge(interest="contractual", interest_percent=50)
        wanted = day_by_day(10_000, DUE, [], MAY, 12)
        self.assertEqual(self.bill(move, MAY).amount_total, float(wanted))

    def test_rule_39_by_law_it_goes_on_by_the_law_of_the_letter(self):
        self.charge(interest="statutory")
        move = self.invoice(amount=10_000, due=DUE)
        self.reminded()
        self.company.upominky_regime = "de"
        wanted = day_by_day(10_000, DUE, [], MAY, "11.5")
        self.assertEqual(self.bill(move, MAY).amount_total, float(wanted))

    def test_rule_39_a_level_of_a_cost_alone_bills_that_cost_alone(self):
        self.charge(interest="none", flat_cost=1200)
        move = self.invoice(amount=10_000, due=DUE)
        self.reminded()
        self.charge(flat_cost=0)
        self.assertEqual(self.bill(move, MAY).amount_total, 1200)

    def test_rule_39_a_reminder_that_asked_nothing_leaves_what_an_earlier_one_asked(self):
        move = self.invoice(amount=10_000, due=DUE)
        self.reminded()
        second = self.reminded(JUNE)
        self.assertEqual((second.level_order, second.claim_terms), (2, False))
        wanted = day_by_day(10_000, DUE, [], JUNE, 12)
        self.assertEqual(self.bill(move, JUNE).amount_total, float(wanted))

    def test_rule_39_no_cost_from_consumers_and_none_that_was_taken_back(self):
        self.charge(flat_cost=1200)
        for what in ("consumer", "cancelled", "neither"):
            with self.subTest(what):
                partner = self.new_customer(what, "c@c.example", is_company=True)
                move = self.invoice(partner, 10_000, DUE)
                with self.on(MAY):
                    reminder = self.issued_to(partner, MAY)
                self.mailed(MAY)
                if what == "consumer":
                    partner.upominky_kind = "consumer"
                elif what == "cancelled":
                    reminder.action_cancel("Omyl")
                bill = self.bill(move, MAY)
                costs = bill.invoice_line_ids.filtered(lambda line: line.price_unit == 1200)
                self.assertEqual(len(costs), what == "neither")

    def test_rule_39_opening_entries_are_billed_too_each_customers_own(self):
        entry = self.entry(10_000, date_maturity=DUE, no_followup=False)
        wanted = float(day_by_day(10_000, DUE, [], MAY, "11.5"))
        bill = self.bill(entry, MAY)
        self.assertEqual((bill.partner_id, bill.amount_total), (self.customer, wanted))
        self.assertIn(entry.name, bill.invoice_line_ids.name)
        bill.unlink()
        self.assertEqual(self.bill(self.customer, MAY).amount_total, wanted)

    def test_rule_2_what_is_in_payment_counts_as_paid(self):
        move = self.invoice(amount=10_000, due=DUE)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET payment_state = 'in_payment' WHERE id = %s", [move.id]
        )
        move.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "Nothing is to be billed"):
            self.bill(move)

    def test_rule_39_what_is_not_known_of_one_keeps_no_other_from_being_billed(self):
        rates = self.env["upominky.rate"].sudo()
        rates.search([("regime", "=", "cz"), ("date_from", "=", "2025-07-01")]).unlink()
        good = self.invoice(amount=10_000, due=DUE)
        bad = self.invoice(self.other, 5_000, date(2025, 9, 30))
        with self.on(MAY):
            action = (good | bad).action_upominky_bill_interest()
        told = action["params"]
        self.assertIn("half-year from Jul 1, 2025", told["message"])
        self.assertIn(bad.name, told["message"])
        bills = self.env["account.move"].search(told["next"]["domain"])
        self.assertEqual(bills.partner_id, self.customer)
        with self.assertRaisesRegex(UserError, "Jul 1, 2025"):
            self.bill(bad)

    def test_rule_38_from_slovak_consumers_by_the_rate_of_the_very_day(self):
        self.company.upominky_regime = "sk"
        self.customer.upominky_kind = "consumer"
        move = self.invoice(amount=10_000, due=date(2025, 2, 9))  # the ECB lowered it on 5 February
        wanted = day_by_day(10_000, date(2025, 2, 9), [], date(2025, 12, 31), "7.9")
        self.assertEqual(self.bill(move, date(2025, 12, 31)).amount_total, float(wanted))
        late = self.invoice(amount=10_000, due=DUE)
        with self.assertRaisesRegex(UserError, r"began on Apr 1, 2026, and the rate of that day"):
            self.bill(late)
        values = {"regime": "sk_day", "date_from": "2026-04-01", "percent": 2.15}
        self.env["upominky.rate"].sudo().create(values)
        self.assertTrue(self.bill(late, TODAY))
