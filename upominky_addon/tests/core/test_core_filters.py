"""SPEC rule 31: what a rule leaves out, and what it does when its filter cannot be evaluated."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from unittest import TestCase

from ...core.candidates import steps
from ...core.left_out import LeftOut, why_left_out
from ...core.next_dates import ladder
from ...core.plan import plan
from ...core.reasons import Code
from ...core.recheck import recheck
from ...core.resend import plan_resend
from ...core.schedule import Stop
from .test_core_common import COMPANY, RULE, codes, credit, customer, issued, receivable

BROKEN = replace(RULE, broken=True)
LEFT_OUT = (Stop(Code.EXCLUDED_BY_RULE),)


class TestFilters(TestCase):
    def test_rule_31_a_broken_rule_issues_nothing_by_the_job_and_by_hand(self):
        debtor = customer(receivable(1), receivable(2, blocked=True), rule=BROKEN)
        for by_hand in (None, [1, 2]):
            with self.subTest(by_hand=by_hand):
                self.assertEqual(
                    codes(debtor, by_hand=by_hand), dict.fromkeys((1, 2), "rule_broken")
                )
                self.assertFalse(issued(debtor, by_hand=by_hand))
        dates = {d.next_date for d in plan(debtor, COMPANY).decisions.values()}
        self.assertEqual(dates, {None})

    def test_rule_31_a_broken_rule_wakes_nobody_and_has_no_next_date(self):
        self.assertEqual(steps([BROKEN]), ())
        self.assertEqual(steps([BROKEN, RULE]), steps([RULE]))
        self.assertEqual(set(ladder(BROKEN).days), {None})

    def test_rule_31_a_broken_rule_sends_no_summary(self):
        debtor = customer(receivable(1), rule=BROKEN)
        told = plan_resend(debtor, COMPANY, {1}, date(2026, 1, 1), by_hand=True)
        self.assertEqual(told, (None, Code.RULE_BROKEN))

    def test_rule_31_what_is_left_out_of_everything_says_that_the_rule_is_broken(self):
        item = LeftOut(1, 1, 1, Decimal(100), no_followup=True)
        self.assertEqual(why_left_out(item, BROKEN).code, Code.RULE_BROKEN)
        self.assertEqual(why_left_out(item, RULE).code, Code.NO_FOLLOWUP)

    def test_rule_31_an_invoice_that_the_rule_leaves_out_takes_no_credit(self):
        debtor = customer(
            receivable(1, stops=LEFT_OUT), receivable(2, 300), credits=[credit(1, 100)]
        )
        self.assertEqual(codes(debtor), {1: "excluded_by_rule", 2: "due"})
        ((_order, items, totals),) = issued(debtor)
        self.assertEqual((items, [*totals.values()]), ([2], [200]))

    def test_rule_31_what_the_rule_leaves_out_since_drops_out_before_sending(self):
        for rule, stops, why in (
            (RULE, LEFT_OUT, "excluded_by_rule"),
            (BROKEN, (), "rule_broken"),
        ):
            with self.subTest(why=why):
                debtor = customer(receivable(1, stops=stops), rule=rule)
                left = recheck([1], (), debtor, COMPANY)
                self.assertEqual((left.kept, left.reason), ((), "nothing_left"))
                self.assertEqual(left.why, {1: why})
