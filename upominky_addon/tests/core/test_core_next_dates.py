"""What a query is told of levels and stops says the same as the core's own decisions."""

from dataclasses import replace
from datetime import date, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...core.next_dates import FURTHEST, free_again, ladder
from ...core.reasons import Code
from ...core.schedule import ONE_DAY, Level, Past, Rule, Stop, decide, later, next_level
from .test_core_common import TODAY
from .test_core_strategies import companies, customers, repeatable, rules


class TestLadder(TestCase):
    @repeatable
    @given(rules(), st.integers(-2, 12))
    def test_rule_05_the_level_after_an_order_is_the_one_that_follows(self, rule, reached):
        level = next_level(rule, Past(reached, 0, TODAY, rule.id))
        self.assertEqual(
            ladder(rule).days_after(reached), level.days if level and level.auto else None
        )

    def test_of_two_levels_of_one_order_the_first_counts(self):
        rule = Rule(1, (Level(1, 1, 7), Level(2, 1, 9)))
        self.assertEqual(ladder(rule).days_after(0), next_level(rule, None).days)

    def test_no_level_is_beyond_the_end_of_all_dates(self):
        rule = Rule(1, (Level(1, 1, 2_000_000_000),))
        self.assertEqual(ladder(rule).days_after(0), FURTHEST)


class TestStops(TestCase):
    def test_rule_12_a_stop_leaves_free_the_day_after(self):
        far = TODAY + timedelta(days=9)
        for stops, free in (
            ((), date.min),
            ((Stop(Code.ON_HOLD, TODAY),), later(TODAY, ONE_DAY)),
            ((Stop(Code.ON_HOLD, far), Stop(Code.ON_HOLD, TODAY)), later(far, ONE_DAY)),
            ((Stop(Code.ON_HOLD),), None),
            ((Stop(Code.ON_HOLD, date.max),), None),
            ((Stop(Code.BLOCKED, far),), None),
            ((Stop(Code.BLOCKED, TODAY - ONE_DAY),), date.min),
        ):
            with self.subTest(stops=stops):
                self.assertEqual(free_again(stops, TODAY), free)

    @repeatable
    @given(customers(), companies, st.lists(st.integers(-3, 30), max_size=2), st.booleans())
    def test_rule_26_the_date_of_what_is_stopped_is_not_before_that(
        self, customer, company, days, passing
    ):
        code = Code.ON_HOLD if passing else Code.BLOCKED
        stops = tuple(Stop(code, company.today + timedelta(days=n)) for n in days)
        terms = company.terms(by_hand=False)
        free = free_again(stops, company.today)
        for item in customer.receivables:
            past = customer.past.get(item.id)
            alone = decide(replace(item, stops=()), customer.rule, past, terms).next_date
            both = decide(replace(item, stops=stops), customer.rule, past, terms).next_date
            self.assertEqual(both, max(alone, free) if alone and free else None)
