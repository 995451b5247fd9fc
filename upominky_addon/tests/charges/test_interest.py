"""SPEC rule 38: interest of Odoo's own invoices and payments, to the haléř, two ways."""

from datetime import date, timedelta
from decimal import Decimal

from ..common import TODAY
from ..interest_case import InterestCase, by_law, day_by_day

ONE_DAY = timedelta(days=1)
#: Amount, due date, payments with their days (None: a credit note), and the day of the reminder.
WORLDS = {
    "nothing paid": (12_100, date(2026, 4, 10), [], TODAY),
    "paid on the due date": (9_999.99, date(2026, 4, 10), [(date(2026, 4, 10), 1)], TODAY),
    "paid before it was due": (5_000, date(2026, 4, 10), [(date(2026, 3, 1), 1_200.5)], TODAY),
    "paid before it was issued": (5_000, date(2026, 4, 10), [(date(2025, 1, 1), 700)], TODAY),
    "many payments": (
        33_333.33,
        date(2025, 11, 30),
        [(date(2025, 12, 31), 0.01), (date(2026, 1, 1), 11_111.11), (date(2026, 5, 28), 99.9)],
        TODAY,
    ),
    "two payments on a day": (
        1_000,
        date(2026, 4, 1),
        [(date(2026, 4, 30), 100), (date(2026, 4, 30), 200)],
        TODAY,
    ),
    "paid on the day itself": (1_000, date(2026, 4, 1), [(TODAY, 400)], TODAY),
    "a credit note": (8_000, date(2026, 3, 2), [(None, 2_500)], TODAY),
    "a credit note and a payment": (
        8_000,
        date(2026, 3, 2),
        [(date(2026, 4, 2), 1_000.05), (None, 2_500)],
        TODAY,
    ),
    "over two turns of the year": (777.77, date(2023, 9, 15), [(date(2024, 2, 29), 77.7)], TODAY),
    "the first day": (100_000, date(2026, 5, 22), [], TODAY),
    "too small for a haléř": (0.05, date(2026, 5, 20), [], TODAY),
}


class TestWorkedSums(InterestCase):
    def test_rule_38_the_worked_sums_through_real_invoices(self):
        for amount, due, until, basis, wanted in (
            (10_000, date(2023, 12, 31), date(2024, 12, 31), "actual", "1475.00"),
            (10_000, date(2023, 12, 31), date(2024, 12, 31), "365", "1479.04"),
            (12_100, date(2026, 6, 30), date(2026, 7, 31), "actual", "120.75"),
            (100_000, date(2026, 5, 14), date(2026, 11, 24), "actual", "6112.33"),
        ):
            with self.subTest(amount=amount, due=due, basis=basis):
                self.company.upominky_day_basis = basis
                customer = self.new_customer("Dlužník a.s.", "d@d.example")
                self.invoice(customer, amount, due)
                reminder = self.issued_to(customer, until)
                self.assertEqual(self.interest_of(reminder), Decimal(wanted))

    def test_rule_38_a_part_payment_that_others_get_wrong(self):
        self.charge(interest="contractual", interest_percent=12)
        move = self.invoice(amount=10_000, due=date(2026, 3, 31))
        self.pay(move, 4_000, date(2026, 4, 30))
        reminder = self.generate(date(2026, 5, 31))
        self.assertEqual(str(self.interest_of(reminder)), "159.78")
        rows = [
            (str(r.date_from), str(r.date_to), r.days, r.base, r.percent, r.amount)
            for r in reminder.interest_ids
        ]
        self.assertEqual(
            rows,
            [
                ("2026-04-01", "2026-04-30", 30, 10_000, 12, 98.63),
                ("2026-05-01", "2026-05-31", 31, 6_000, 12, 61.15),
            ],
        )
        self.assertEqual(reminder.currency_totals, {"CZK": 6_000})
        total = {"principal": 6_000, "interest": 159.78, "costs": 0, "total": 6_159.78}
        self.assertEqual(reminder.claim_totals, {"CZK": total})

    def test_rule_38_worlds_come_out_as_each_day_added_up_by_itself(self):
        for name, (amount, due, paid, until) in WORLDS.items():
            with self.subTest(name):
                customer = self.new_customer(name, "w@w.example")
                move = self.invoice(customer, amount, due)
                for day, part in paid:
                    if day:
                        self.pay(move, part, day)
                    else:
                        self.note(move, part)
                reminder = self.issued_to(customer, until)
                exact = [(day, str(part)) for day, part in paid]
                wanted = day_by_day(str(amount), due, exact, until, by_law(due))
                self.assertEqual(self.interest_of(reminder), wanted)
                self.no_day_twice(reminder)

    def no_day_twice(self, reminder):
        """See that the rows of each debt follow one another."""
        for mine in reminder.interest_ids.grouped("line_id").values():
            rows = mine.sorted("date_from")
            self.assertEqual(rows.mapped("date_from")[1:], [
                day + ONE_DAY for day in rows.mapped("date_to")[:-1]
            ])  # fmt: skip
            self.assertTrue(all(row.amount >= 0 and row.base > 0 for row in rows))


class TestReductions(InterestCase):
    def test_rule_38_a_returned_payment_is_as_if_nobody_had_paid(self):
        move = self.invoice(amount=10_000, due=date(2026, 4, 10))
        self.pay(move, 4_000, date(2026, 4, 20))
        items = move.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
        items.remove_move_reconcile()
        self.rule.credit_policy = "ignore"  # the payment is there, and belongs to nothing
        wanted = day_by_day(10_000, date(2026, 4, 10), [], TODAY, by_law(date(2026, 4, 10)))
        self.assertEqual(self.interest_of(self.generate()), wanted)

    def test_rule_38_an_open_payment_that_is_deducted_lowers_it_from_its_day(self):
        due, paid = date(2026, 4, 10), date(2026, 4, 30)
        self.invoice(amount=10_000, due=due)
        self.payment(4_000, day=paid)
        reminder = self.generate()
        self.assertEqual(reminder.currency_totals, {"CZK": 6_000})
        wanted = day_by_day(10_000, due, [(paid, 4_000)], TODAY, by_law(due))
        self.assertEqual(self.interest_of(reminder), wanted)

    def test_rule_38_a_credit_note_lowers_its_own_invoice_from_the_start_others_from_its_day(self):
        due, booked = date(2026, 4, 10), date(2026, 5, 10)
        for is_own, is_matched in ((True, True), (True, False), (False, True), (False, False)):
            with self.subTest(is_own=is_own, is_matched=is_matched):
                customer = self.new_customer(f"{is_own} {is_matched}", "c@c.example")
                move = self.invoice(customer, 10_000, due)
                days = {"invoice_date": booked, "taxable_supply_date": booked}
                own = {"reversed_entry_id": is_own and move.id}
                note = self.credit_note(customer, 1_500, **days, **own)
                items = (move + note).line_ids.filtered("upominky_of_customer")
                items.remove_move_reconcile()
                if is_matched:
                    items.reconcile()
                lowered = [(None if is_own else booked, 1_500)]
                wanted = day_by_day(10_000, due, lowered, TODAY, by_law(due))
                self.assertEqual(self.interest_of(self.issued_to(customer)), wanted)
                self.assertEqual(move.amount_residual, 8_500 if is_matched else 10_000)

    def test_rule_38_a_rounding_of_rates_lowers_it_on_the_day_of_its_payment(self):
        """A debt in the company's currency, paid in another one and matched much later."""
        due, paid = date(2026, 4, 10), date(2026, 4, 30)
        customer = self.new_customer("Kurz", "k@k.example")
        move = self.invoice(customer, 1_000.30, due)
        payment = self.payment(40.01, customer, self.eur, paid)
        other = self.invoice(customer, 500, due)
        items = (move + payment.move_id).line_ids.filtered("upominky_of_customer")
        items.reconcile()
        parts = move.line_ids.matched_credit_ids
        self.assertEqual(sorted(parts.mapped("debit_amount_currency")), [0.05, 1_000.25])
        item = items.filtered(lambda item: item.move_id == move)
        debts = self.env["upominky.reader"]._debts(item.ids)
        self.assertEqual({r.on for r in debts[item.id].reductions}, {paid})
        self.assertEqual(self.issued_to(customer).line_ids.move_id, other)

    def test_rule_38_an_exchange_difference_changes_nothing_in_the_debts_currency(self):
        due, paid = date(2026, 4, 10), date(2026, 4, 30)
        for day, rate in (("2026-01-01", 0.04), ("2026-04-15", 0.05)):
            values = {"currency_id": self.eur.id, "company_id": self.company.id}
            self.eur.rate_ids.create({**values, "name": day, "rate": rate})
        of_supply = {"taxable_supply_date": due - timedelta(days=14)}  # the day of Czech rates
        move = self.invoice(amount=1_000, due=due, currency=self.eur, **of_supply)
        self.pay(move, 400, paid)
        other = self.invoice(amount=500, due=due, currency=self.eur, **of_supply)
        self.pay(other, 200, paid)
        self.pay(other, 300, paid)  # in full: Odoo books the difference
        zero = other.line_ids.matched_credit_ids.filtered(lambda p: not p.debit_amount_currency)
        self.assertTrue(zero, "Odoo books the difference")
        reminder = self.generate()
        self.assertEqual(reminder.line_ids.move_id, move)
        wanted = day_by_day(1_000, due, [(paid, 400)], TODAY, by_law(due))
        self.assertEqual(self.interest_of(reminder, "EUR"), wanted)
        self.assertEqual(reminder.interest_ids.currency_id, self.eur)

    def test_rule_38_currencies_are_never_added(self):
        self.invoice(amount=1_000, due=40)
        self.invoice(amount=1_000, due=40, currency=self.eur)
        reminder = self.generate()
        wanted = day_by_day(1_000, TODAY - timedelta(days=40), [], TODAY, Decimal("11.5"))
        for currency in ("CZK", "EUR"):
            self.assertEqual(self.interest_of(reminder, currency), wanted)

    def test_rule_38_instalments_each_from_their_own_day(self):
        move = self.invoice(amount=1_000, due=40)
        copy = self.invoice(amount=1_000, due=60)
        reminder = self.generate()
        lines = reminder.interest_ids.grouped("line_id")
        self.assertEqual({line.move_id for line in lines}, {move, copy})
        self.assertEqual({sum(rows.mapped("days")) for rows in lines.values()}, {40, 60})

    def test_rule_38_the_principal_is_the_same_with_it_and_without(self):
        move = self.invoice(amount=5_000, due=40)
        self.pay(move, 100, TODAY)
        self.credit_note(amount=50)
        with_it = self.generate()
        self.assertEqual(with_it.currency_totals, {"CZK": 4_850})
        with self.on(TODAY):
            with_it.action_cancel("Omyl", "again")
        self.charge(interest="none")
        without = self.generate()
        self.assertEqual(without.currency_totals, {"CZK": 4_850})
        self.assertFalse(without.claim_totals or without.interest_ids or without.claim_text)
