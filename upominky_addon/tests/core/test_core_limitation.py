"""SPEC rule 40: when a claim becomes statute-barred, to the day."""

from datetime import date, timedelta
from unittest import TestCase

from ...core.limitation import first_acknowledged, first_due, limited_on

ONE_DAY = timedelta(days=1)


class TestLimitation(TestCase):
    def test_rule_40_three_years_from_the_day_after_the_due_date(self):
        for due, acknowledged, expected in (
            (date(2023, 5, 31), None, date(2026, 6, 1)),
            (date(2023, 12, 31), None, date(2027, 1, 1)),
            (date(2024, 2, 28), None, date(2027, 2, 28)),  # the day after is the 29th
            (date(2024, 2, 29), None, date(2027, 3, 1)),
            (date(2023, 5, 31), date(2026, 1, 1), date(2036, 1, 1)),
            (date(2023, 5, 31), date(2024, 2, 29), date(2034, 2, 28)),
            # Acknowledged before it was due: never barred before three years are over.
            (date(2031, 5, 1), date(2020, 1, 10), date(2034, 5, 2)),
        ):
            with self.subTest(due=due, acknowledged=acknowledged):
                self.assertEqual(limited_on(due, acknowledged), expected)

    def test_rule_40_what_the_database_asks_for_is_the_same_to_the_day(self):
        """Each day of five years, turns of years and leap days among them."""
        day = date(2023, 1, 1)
        while day < date(2028, 3, 2):
            first = first_due(day)
            self.assertGreaterEqual(limited_on(first), day)
            self.assertLess(limited_on(first - ONE_DAY), day)
            first = first_acknowledged(day)
            long_ago = date(1990, 1, 1)
            self.assertGreaterEqual(limited_on(long_ago, first), day)
            self.assertLess(limited_on(long_ago, first - ONE_DAY), day)
            day += ONE_DAY

    def test_rule_40_the_end_of_the_calendar_is_no_error(self):
        self.assertGreater(limited_on(date.max), date(9980, 1, 1))
        self.assertGreater(limited_on(date.max, date.max), date(9980, 1, 1))
