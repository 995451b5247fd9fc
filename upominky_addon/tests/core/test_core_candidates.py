"""What the query of job 1 leaves out is never due; what it need not read it does leave out."""

from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...core.candidates import Step, steps
from ...core.reasons import Code
from ...core.schedule import Level, Past, Receivable, Rule, decide
from .test_core_common import TODAY
from .test_core_strategies import companies, customers, repeatable, rules

RULE = Rule(1, (Level(1, 2, 7), Level(2, 4, 21), Level(3, 6, 35, auto=False), Level(4, 8, 50)))


def passes(receivable, past, today, found):
    """Say what the query says of one receivable."""
    reached = past.order if past else 0
    return any(
        step.may_be_due(receivable, past, today)
        for step in found
        if step.reached <= reached and (step.above is None or reached < step.above)
    )


class TestCandidates(TestCase):
    @repeatable
    @given(customers(), companies, st.lists(rules(), max_size=2))
    def test_rule_06_whoever_is_due_passes(self, customer, company, others):
        found = steps([customer.rule, *others])
        terms = company.terms(by_hand=False)
        for item in customer.receivables:
            past = customer.past.get(item.id)
            if decide(item, customer.rule, past, terms).code is Code.DUE:
                self.assertTrue(passes(item, past, company.today, found), (item, past))

    def test_rule_06_whoever_waits_does_not_pass(self):
        def on(order, days, ago, pending=False):
            return Past(order, days, TODAY - timedelta(ago), 1, pending)

        for overdue, past, expected in (
            (6, None, False),
            (7, None, True),
            (200, on(2, 7, 13), False),
            (200, on(2, 7, 14), True),
            (20, on(2, 7, 14), False),
            (200, on(3, 7, 14), True),
            (200, on(2, 7, 14, pending=True), False),
            (200, on(4, 21, 100), False),  # the next level is by hand
            (200, on(6, 35, 14), False),
            (200, on(6, 35, 15), True),
            (200, on(8, 50, 100), False),  # nothing comes after the last
            (200, on(2, 60, 0), False),  # a day at least
            (200, on(2, 60, 1), True),
        ):
            with self.subTest(overdue=overdue, past=past):
                item = Receivable(1, 1, 1, TODAY - timedelta(overdue), Decimal(1))
                self.assertEqual(passes(item, past, TODAY, steps([RULE])), expected)

    def test_rule_34_whoever_still_has_time_to_pay_does_not_pass(self):
        item = Receivable(1, 1, 1, TODAY - timedelta(200), Decimal(1))
        for days, expected in ((-1, True), (0, False), (1, False), (None, True)):
            with self.subTest(days=days):
                deadline = None if days is None else TODAY + timedelta(days)
                past = Past(2, 7, TODAY - timedelta(100), 1, deadline=deadline)
                self.assertEqual(passes(item, past, TODAY, steps([RULE])), expected)

    def test_the_least_of_all_rules_counts(self):
        hasty = Rule(2, (Level(5, 1, 0),))
        self.assertEqual(
            steps([RULE, hasty]),
            (Step(0, 1, 0), Step(1, 2, 7), Step(2, 4, 21), Step(6, 8, 50)),
        )
        self.assertEqual(steps([]), ())
        self.assertEqual(steps([Rule(3, (Level(6, 1, 3, auto=False),))]), ())

    def test_days_beyond_the_calendar_are_never_due(self):
        rule = Rule(4, (Level(7, 1, 10**7),))
        item = Receivable(1, 1, 1, date(1999, 1, 1), Decimal(1))
        self.assertFalse(passes(item, None, TODAY, steps([rule])))
