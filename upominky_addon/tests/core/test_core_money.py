"""Credits shared over receivables, totals per currency: rules 10 and 13."""

from datetime import date
from decimal import Decimal
from unittest import TestCase

from ...core import money
from .test_core_common import CZK, EUR, credit, receivable

MAY_1, MAY_2 = date(2026, 5, 1), date(2026, 5, 2)


def shared(receivables, credits, orders=None):
    """Return (receivable, credit, amount) of each share."""
    shares = money.share_credits(receivables, orders or {}, credits)
    return sorted(
        (receivable_id, share.credit_id, int(share.amount))
        for receivable_id, parts in shares.items()
        for share in parts
    )


class TestShareCredits(TestCase):
    def test_rule_13_by_highest_order_then_due_date_then_id(self):
        older, newer, same_day = receivable(3), receivable(2, due=MAY_2), receivable(4, due=MAY_1)
        everything = [same_day, newer, older]
        cases = (
            ("order first", {2: 1}, [(2, 1, 100), (3, 1, 50)]),
            ("highest order", {2: 1, 4: 2}, [(2, 1, 50), (4, 1, 100)]),
            ("then due date, then id", {}, [(3, 1, 100), (4, 1, 50)]),
            ("equal orders", {2: 5, 3: 5, 4: 5}, [(3, 1, 100), (4, 1, 50)]),
        )
        for name, orders, expected in cases:
            for receivables in (everything, everything[::-1]):
                with self.subTest(name, receivables=receivables):
                    self.assertEqual(shared(receivables, [credit(1, 150)], orders), expected)

    def test_rule_13_first_the_invoice_that_a_credit_note_reverses(self):
        first, second = receivable(1), receivable(2, due=MAY_2)
        note = credit(8, 60, reverses=20)
        payment = credit(5, 70)
        self.assertEqual(shared([first, second], [note]), [(2, 8, 60)])
        # Its own invoice goes before the general order, even for a credit with a higher id.
        self.assertEqual(shared([first, second], [payment, note]), [(1, 5, 70), (2, 8, 60)])
        self.assertEqual(
            shared([first, second], [credit(5, 170), note]), [(1, 5, 100), (2, 5, 40), (2, 8, 60)]
        )

    def test_rule_13_what_a_reversed_invoice_leaves_goes_to_the_others(self):
        first, second = receivable(1, 100), receivable(2, 40, due=MAY_2)
        self.assertEqual(
            shared([first, second], [credit(8, 60, reverses=20)]), [(1, 8, 20), (2, 8, 40)]
        )
        self.assertEqual(shared([first], [credit(8, 60, reverses=99)]), [(1, 8, 60)])

    def test_rule_13_instalments_of_a_reversed_invoice_in_order(self):
        instalments = [receivable(1, 100, move_id=50), receivable(2, 100, due=MAY_2, move_id=50)]
        other = receivable(3, 100, due=date(2026, 4, 1))
        self.assertEqual(
            shared([other, *instalments], [credit(8, 130, reverses=50)]), [(1, 8, 100), (2, 8, 30)]
        )

    def test_rule_13_by_amount_never_more_than_is_owed_or_left(self):
        both = [receivable(1, 100), receivable(2, 100, due=MAY_2)]
        cases = (
            ([credit(1, 500)], [(1, 1, 100), (2, 1, 100)]),
            ([credit(1, 30), credit(2, 90)], [(1, 1, 30), (1, 2, 70), (2, 2, 20)]),
            ([credit(1, 0)], []),
            ([], []),
        )
        for credits, expected in cases:
            with self.subTest(credits=credits):
                self.assertEqual(shared(both, credits), expected)
                self.assertEqual(shared(both, credits[::-1]), expected)

    def test_rule_13_a_credit_counts_in_its_own_currency_only(self):
        both = [receivable(1), receivable(2, currency=EUR)]
        self.assertEqual(shared(both, [credit(1, 150, EUR)]), [(2, 1, 100)])
        self.assertEqual(shared(both, [credit(1, 150, EUR, reverses=10)]), [(2, 1, 100)])

    def test_parts_of_one_credit_are_one_row_of_a_reminder(self):
        parts = [
            money.Share(5, 1, CZK, Decimal("0.10")),
            money.Share(6, 1, CZK, Decimal(7)),
            money.Share(5, 2, CZK, Decimal("0.20")),
        ]
        self.assertEqual(
            money.merge_shares(parts),
            (money.Share(5, 1, CZK, Decimal("0.30")), money.Share(6, 1, CZK, Decimal(7))),
        )


class TestTotals(TestCase):
    def test_rule_10_totals_per_currency(self):
        receivables = [receivable(1, "0.1"), receivable(2, "0.2"), receivable(3, 480, currency=EUR)]
        self.assertEqual(money.totals(receivables, {}), {CZK: Decimal("0.3"), EUR: Decimal(480)})

    def test_rule_13_totals_are_lines_less_credits(self):
        receivables = [receivable(1, 100), receivable(2, 50), receivable(3, 30, currency=EUR)]
        shares = money.share_credits(receivables, {}, [credit(1, 120), credit(2, 30, EUR)])
        self.assertEqual(money.totals(receivables, shares), {CZK: 30, EUR: 0})
        self.assertEqual(money.payable(receivables, shares), {CZK: 30})
        self.assertEqual(money.totals(receivables[:1], shares), {CZK: 0})
