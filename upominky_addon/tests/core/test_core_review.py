"""Cases that a review of the core brought up, each of which was wrong once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from unittest import TestCase

from ...core import lifecycle
from ...core.plan import plan
from ...core.recheck import recheck
from ...core.recipient import EMAIL, Recipient
from ...core.schedule import Terms, decide
from .test_core_common import (
    COMPANY,
    CZK,
    LEVELS,
    RULE,
    TODAY,
    codes,
    credit,
    customer,
    issued,
    reached,
    receivable,
    rule,
)
from .test_core_properties import after

NORTH, SOUTH = (Recipient(EMAIL, "north@x.cz"),), (Recipient(EMAIL, "south@x.cz"),)


class TestCoreReview(TestCase):
    def test_rule_13_recheck_after_covered(self):
        debtor = customer(
            receivable(1, invoice_to=NORTH),
            receivable(2, due=date(2026, 5, 2), invoice_to=SOUTH),
            credits=[credit(1, 100)],
        )
        found = plan(debtor, COMPANY)
        self.assertEqual(issued(debtor), [(1, [2], {CZK: 100})])
        again = recheck([2], (), after(debtor, found), COMPANY)
        self.assertEqual((again.gone, again.reason), ({}, None))

    def test_rule_13_recheck_after_below_minimum(self):
        debtor = customer(
            receivable(1, 60, invoice_to=NORTH),
            receivable(2, due=date(2026, 5, 2), invoice_to=SOUTH),
            credits=[credit(1, 20)],
            rule=rule(minimum=Decimal(90)),
        )
        found = plan(debtor, COMPANY)
        self.assertEqual(issued(debtor), [(1, [2], {CZK: 100})])
        again = recheck([2], (), after(debtor, found), COMPANY)
        self.assertEqual((again.gone, again.reason), ({}, None))

    def test_rule_14_highest_level_second_run(self):
        highest = rule(
            LEVELS[0],
            replace(LEVELS[1], contact="order"),
            grouping="highest_level",
            minimum=Decimal(100),
        )
        orders = [(Recipient(EMAIL, f"o{i}@x.cz"),) for i in range(3)]
        debtor = customer(
            receivable(1, 500, order_to=orders[0]),
            receivable(2, 60, order_to=orders[1]),
            receivable(3, 60, order_to=orders[2]),
            rule=highest,
            past={1: reached()},
        )
        found = plan(debtor, COMPANY)
        self.assertEqual(issued(debtor), [(2, [1], {CZK: 500}), (1, [2, 3], {CZK: 120})])
        self.assertEqual(issued(after(debtor, found)), [])

    def test_rule_23_dsn_for_dead_worker(self):
        self.assertTrue(lifecycle.allowed("sending", "delivered"))

    def test_rule_06_the_last_day_of_the_calendar(self):
        decide(receivable(1, due=date(9999, 12, 31)), RULE, None, Terms(TODAY))

    def test_rule_28_reasons_of_by_hand(self):
        debtor = customer(receivable(1), receivable(2), receivable(3, due=TODAY))
        self.assertEqual(codes(debtor, by_hand=[1, 3]), {1: "due", 3: "not_due_yet"})

    def test_order_of_input_recipients(self):
        a, b = (
            receivable(1, invoice_to=(Recipient(EMAIL, "A@x.cz"),)),
            receivable(2, invoice_to=(Recipient(EMAIL, "a@x.cz"),)),
        )
        one, two = (plan(customer(*x), COMPANY).reminders[0] for x in ((a, b), (b, a)))
        self.assertEqual(one.recipients, two.recipients)
        self.assertEqual(one.lines, two.lines)

    def test_recheck_no_lines(self):
        self.assertEqual(recheck((), (), customer(), COMPANY).reason, "nothing_left")
