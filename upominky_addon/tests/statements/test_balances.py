"""Issue 18, point 7: what was open on a day, whatever was paid, matched and booked since."""

from ..common import TODAY
from ..statement_case import ONE_DAY, StatementCommon


class TestBalances(StatementCommon):
    def test_section_18_7_parts_that_were_paid_count_from_their_days(self):
        move = self.dated(30, 10_000)
        self.pay(move, 4_000, TODAY - 20 * ONE_DAY)
        self.pay(move, 6_000, TODAY - 2 * ONE_DAY)
        for days, expected in (
            (45, []),
            (44, [("not_due", 10_000, "CZK")]),
            (30, [("not_due", 10_000, "CZK")]),  # its due date
            (29, [("overdue", 10_000, "CZK")]),
            (21, [("overdue", 10_000, "CZK")]),
            (20, [("overdue", 6_000, "CZK")]),
            (3, [("overdue", 6_000, "CZK")]),
            (2, []),
            (0, []),
        ):
            with self.subTest(days_ago=days):
                self.assertEqual(self.open_on(TODAY - days * ONE_DAY), expected)

    def test_section_18_7_a_payment_on_account_is_one_until_it_is_matched(self):
        self.payment(700, day=TODAY - 50 * ONE_DAY)
        self.assertEqual(self.open_on(), [("credit", -700, "CZK")])
        move = self.dated(10, 1_000)
        items = self.env["account.move.line"].search(
            [("partner_id", "=", self.customer.id), ("upominky_of_customer", "=", True)]
        )
        items.filtered(lambda item: not item.reconciled).reconcile()
        self.assertEqual(move.amount_residual, 300)
        self.assertEqual(self.open_on(), [("overdue", 300, "CZK")])
        # Both entries were there from the later of their days on.
        self.assertEqual(self.open_on(TODAY - 25 * ONE_DAY), [("credit", -700, "CZK")])
        self.assertEqual(self.open_on(TODAY - 24 * ONE_DAY), [("not_due", 300, "CZK")])

    def test_section_18_7_what_was_unmatched_is_open_again(self):
        move = self.dated(30, 1_000)
        self.pay(move, 1_000, TODAY - 10 * ONE_DAY)
        self.assertEqual(self.open_on(), [])
        move.line_ids.remove_move_reconcile()
        self.assertEqual(self.open_on(), [("overdue", 1_000, "CZK"), ("credit", -1_000, "CZK")])

    def test_section_18_7_what_each_item_is(self):
        self.dated(30, 100)
        self.dated(30, 50, upominky_is_interest=True)
        self.credit_note(amount=20, taxable_supply_date=TODAY)
        self.entry(300, date_maturity=TODAY + 5 * ONE_DAY)
        self.entry(-40)
        self.payment(-10)  # paid out: of no debt
        self.assertEqual(
            sorted(self.open_on()),
            [
                ("credit", -40, "CZK"),
                ("credit", -20, "CZK"),
                ("credit", 10, "CZK"),
                ("interest", 50, "CZK"),
                ("not_due", 300, "CZK"),
                ("overdue", 100, "CZK"),
            ],
        )
        (block,) = self.blocks()
        self.assertEqual(block.balance, 400)

    def test_section_18_7_drafts_and_what_was_cancelled_are_not_told(self):
        self.dated(30, 100).button_draft()
        cancelled = self.dated(30, 200)
        cancelled.button_draft()
        cancelled.button_cancel()
        self.assertEqual(self.open_on(), [])

    def test_section_18_7_balances_are_those_of_the_ledger(self):
        """Whatever was matched with what, on the whole it is what was booked by then."""
        first, second = self.dated(60, 1_000), self.dated(20, 2_000)
        self.pay(first, 300, TODAY - 40 * ONE_DAY)
        self.pay(second, 2_000, TODAY - 5 * ONE_DAY)
        self.payment(70, day=TODAY - 30 * ONE_DAY)
        items = self.env["account.move.line"].search(
            [("partner_id", "=", self.customer.id), ("upominky_of_customer", "=", True)]
        )
        for days in range(0, 80, 3):
            day = TODAY - days * ONE_DAY
            booked = items.filtered(lambda item, d=day: item.date <= d)
            with self.subTest(day=day):
                balance = sum(block.balance for block in self.blocks(day))
                self.assertEqual(float(balance), sum(booked.mapped("balance")))


class TestBalancesOfCurrencies(StatementCommon):
    def test_section_18_7_currencies_are_never_added(self):
        self.dated(30, 100)
        self.dated(30, 40, currency=self.eur)
        self.assertEqual(sorted(self.open_on()), [("overdue", 40, "EUR"), ("overdue", 100, "CZK")])

    def test_section_18_7_exchange_differences_are_no_items_and_lower_nothing_twice(self):
        for days, rate in ((100, 0.04), (10, 0.05)):
            values = {"currency_id": self.eur.id, "company_id": self.company.id, "rate": rate}
            self.eur.rate_ids.create({**values, "name": TODAY - days * ONE_DAY})
        move = self.dated(30, 500, currency=self.eur)
        for part in (200, 300):
            self.pay(move, part)
        parts = move.line_ids.matched_credit_ids
        self.assertTrue(parts.exchange_move_id)
        self.assertEqual(self.open_on(TODAY - ONE_DAY), [("overdue", 500, "EUR")])
        self.assertEqual(self.open_on(), [])


class TestBalancesOfOthers(StatementCommon):
    def test_section_18_7_a_contact_owes_for_its_customer_and_a_subsidiary_for_itself(self):
        person = self.env["res.partner"].create({"name": "Jana", "parent_id": self.customer.id})
        child = self.new_customer("Dcera s.r.o.", "d@d.example", parent_id=self.customer.id)
        self.payment(50, person)
        self.dated(30, 900, partner=child)
        self.assertEqual(self.open_on(), [("credit", -50, "CZK")])
        self.assertEqual(self.open_on(customer=child), [("overdue", 900, "CZK")])

    def test_rule_29_of_an_entry_of_two_customers_each_has_its_own(self):
        other = self.new_customer("Cizí a.s.", "cizi@cizi.example")
        self.entry_of_two(other)
        self.assertEqual([row[1] for row in self.open_on()], [100])
        self.assertEqual([row[1] for row in self.open_on(customer=other)], [200])

    def test_rule_29_nothing_of_other_companies(self):
        other = self.setup_other_company(name="Cizí firma a.s.")
        self.init_invoice(
            "out_invoice", self.customer, TODAY - 90 * ONE_DAY, amounts=[77.0],
            company=other["company"], post=True,
        )  # fmt: skip
        self.assertEqual(self.open_on(), [])
        reader = self.env["upominky.reader"]
        self.assertNotIn(self.customer.id, reader._customers_on(self.company, TODAY))

    def test_section_18_7_all_who_had_something_open_are_found(self):
        reader = self.env["upominky.reader"]
        paid, later = (self.new_customer(name, "x@x.example") for name in ("Dnes", "Zítra"))
        self.pay(self.dated(30, 100, partner=paid), 100, TODAY - 5 * ONE_DAY)
        self.invoice(later, 100, TODAY + 30 * ONE_DAY, taxable_supply_date=TODAY + ONE_DAY)
        for days, expected in ((6, paid), (5, paid.browse())):
            with self.subTest(days_ago=days):
                found = reader._customers_on(self.company, TODAY - days * ONE_DAY)
                self.assertEqual(set(found) & {paid.id, later.id}, set(expected.ids))

    def test_section_18_7_many_customers_are_read_at_once(self):
        customers = [self.new_customer(f"Odběratel {n}", "x@x.example") for n in range(6)]
        for customer in customers:
            self.dated(30, 100, partner=customer)
        ids = [customer.id for customer in customers]
        reader = self.env["upominky.reader"]
        self.env.flush_all()
        reader._accounts()
        with self.assertQueryCount(3):
            found = reader._items_on(self.company, ids, TODAY)
        self.assertEqual(set(found), set(ids))
