"""SPEC rule 38: costs once for each claim, and how many queries it all takes."""

from decimal import Decimal

from ..common import TODAY
from ..interest_case import InterestCase
from ..jobs.test_queries import QueriesCommon

COST = 1200


class TestCosts(InterestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.rule.level_ids[1].sudo()
        cls.charge(interest="none", flat_cost=COST)

    def costs(self, reminder):
        """Return the costs that are claimed, by currency."""
        claimed = (reminder.claim_totals or {}).items()
        return {currency: parts["costs"] for currency, parts in claimed if parts["costs"]}

    def test_rule_38_costs_are_asked_once_of_each_receivable(self):
        self.invoice(due=10)
        self.invoice(due=12)
        reminder = self.generate()
        self.assertEqual(self.costs(reminder), {"CZK": 2 * COST})
        self.assertEqual(reminder.line_ids.mapped("flat_cost"), [COST, COST])
        self.assertFalse(reminder.interest_ids)
        totals = reminder.claim_totals["CZK"]
        self.assertEqual(totals["total"], totals["principal"] + 2 * COST)

    def test_rule_38_a_later_level_shows_the_cost_and_does_not_double_it(self):
        for values in ({"flat_cost": COST}, {"flat_cost": 1500}, {"interest": "statutory"}):
            with self.subTest(values):
                customer = self.new_customer(f"Z {values}", "z@z.example")
                self.second.write({"flat_cost": 0, "interest": "none", **values})
                self.invoice(customer, due=10)
                self.issued_to(customer)
                self.mailed()
                later = self.issued_to(customer, TODAY.replace(month=7))
                self.assertEqual(later.level_order, 2)
                self.assertEqual(self.costs(later), {"CZK": COST})
                self.mailed(TODAY.replace(month=7))

    def test_rule_38_a_level_that_asks_nothing_shows_nothing(self):
        self.invoice(due=10)
        self.generate()
        self.mailed()
        later = self.generate(TODAY.replace(month=7))
        self.assertEqual((later.level_order, later.claim_totals), (2, False))

    def test_rule_38_consumers_are_asked_for_no_costs(self):
        self.customer.is_company = False
        self.invoice(due=10)
        self.assertFalse(self.costs(self.generate()))

    def test_rule_38_costs_are_in_the_companys_currency_alone(self):
        self.invoice(due=10, amount=100, currency=self.eur)
        reminder = self.generate()
        self.assertEqual(self.costs(reminder), {"CZK": COST})
        self.assertEqual(reminder.claim_totals["EUR"]["total"], 100)
        self.assertEqual(reminder.claim_totals["CZK"]["principal"], 0)
        self.assertEqual(reminder.currency_totals, {"EUR": 100})

    def test_rule_38_of_what_drops_out_nothing_is_asked(self):
        paid = self.invoice(due=10)
        self.invoice(due=12, amount=500)
        reminder = self.generate()
        self.pay(paid)
        self.mailed()
        self.assertEqual(self.costs(reminder), {"CZK": COST})
        self.assertEqual(Decimal(str(reminder.claim_totals["CZK"]["principal"])), 500)


class TestChargesQueries(QueriesCommon):
    def test_job_1_with_interest_asks_the_same_for_any_number_of_customers(self):
        self.rule.level_ids[0].write({"interest": "statutory", "flat_cost": COST})
        asked = []
        for customers in (1, 2, 40):
            self.fill(customers)
            asked += self.queries_of("upominky.generate", "_step", self.generate)
        # The first one reads what is read once.
        self.assertEqual(len(set(asked[1:])), 1, asked)
        self.assertLessEqual(asked[-1], 40)
