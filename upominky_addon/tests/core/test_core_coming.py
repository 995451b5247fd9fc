"""The calendar tells what job 1 will do: on its next day exactly, of each receivable once."""

from dataclasses import replace
from datetime import date, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...core.coming import coming
from ...core.plan import plan
from ...core.schedule import Hold, decide
from .test_core_common import (
    COMPANY,
    LEVELS,
    TODAY,
    customer,
    reached,
    receivable,
    rule,
)
from .test_core_strategies import companies, customers, repeatable

A_YEAR = timedelta(days=365)


def told(customer, first=TODAY, company=COMPANY):
    """Return what comes as a day, the order of a level and ids of receivables."""
    return [
        (each.on, each.reminder.level.order, [line.receivable.id for line in each.reminder.lines])
        for each in coming(customer, company, first, TODAY + A_YEAR)
    ]


class TestComing(TestCase):
    @repeatable
    @given(customers(), companies, st.integers(0, 3))
    def test_on_the_day_of_the_next_run_it_is_the_plan_of_job_1(self, customer, company, wait):
        first = company.today + timedelta(days=wait)
        expected = plan(customer, replace(company, today=first)).reminders
        found = coming(customer, company, first, first + A_YEAR)
        self.assertEqual([each.reminder for each in found if each.on == first], list(expected))

    @repeatable
    @given(customers(), companies)
    def test_rule_26_each_receivable_once_and_never_before_its_next_date(self, customer, company):
        first, seen = company.today, []
        for each in coming(customer, company, first, first + A_YEAR):
            self.assertGreaterEqual(each.on, first)
            for line in each.reminder.lines:
                item = line.receivable
                past = customer.past.get(item.id)
                day = decide(item, customer.rule, past, company.terms(by_hand=False)).next_date
                self.assertGreaterEqual(each.on, day)
                seen.append(item.id)
        self.assertEqual(len(seen), len(set(seen)))

    def test_rule_06_first_reminders_and_next_ones_on_their_days(self):
        soon = receivable(1, due=TODAY + timedelta(days=5))
        late = receivable(2, due=date(2026, 5, 1))
        waits = receivable(3, due=date(2026, 5, 1))
        past = {3: reached(on=date(2026, 5, 25))}
        self.assertEqual(
            told(customer(soon, late, waits, past=past)),
            [
                (TODAY, 1, [2]),
                (date(2026, 6, 8), 2, [3]),
                (date(2026, 6, 13), 1, [1]),
            ],
        )

    def test_what_is_never_issued_by_itself_is_not_there(self):
        item = receivable(due=date(2026, 5, 1))
        by_hand = replace(LEVELS[0], auto=False)
        for what, debtor in (
            ("no rule", customer(item, rule=None)),
            ("excluded", customer(replace(item, excluded=True))),
            ("on hold without an end", customer(replace(item, holds=(Hold(None, "dispute"),)))),
            ("not sent yet", customer(item, past={1: reached(pending=True)})),
            ("by hand", customer(item, rule=rule(by_hand, *LEVELS[1:]))),
            ("after the last level", customer(item, past={1: reached(3, 35)})),
            ("below the minimum", customer(item, rule=rule(minimum=500))),
        ):
            with self.subTest(what=what):
                self.assertEqual(told(debtor), [])

    def test_rule_12_a_hold_that_ends_and_a_sum_that_reaches_the_minimum(self):
        held = receivable(holds=(Hold(date(2026, 6, 20), "promise"),))
        self.assertEqual(told(customer(held)), [(date(2026, 6, 21), 1, [1])])
        small = receivable(1), receivable(2, due=date(2026, 6, 2))
        found = told(customer(*small, rule=rule(minimum=150)))
        self.assertEqual(found, [(date(2026, 6, 9), 1, [1, 2])])

    def test_rule_06_a_level_on_the_due_date_comes_when_it_has_passed(self):
        at_once = rule(replace(LEVELS[0], days=0))
        soon = receivable(due=TODAY)
        self.assertEqual(told(customer(soon, rule=at_once)), [(TODAY + timedelta(days=1), 1, [1])])
