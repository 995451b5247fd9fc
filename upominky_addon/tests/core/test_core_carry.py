"""The history of receivables that were made anew: tables of what belongs to what."""

from datetime import date
from unittest import TestCase

from ...core.carry import Reminded, carry

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


class TestCarry(TestCase):
    def test_rule_05_history_goes_to_the_receivable_due_nearest(self):
        both = [Reminded(1, 1, MAY), Reminded(2, 2, MAY)]
        for name, lost, items, taken, expected in (
            ("nothing lost", [], {7: MAY}, (), {}),
            ("nothing left", both, {}, (), {}),
            ("one for one", both, {7: JUNE}, (), {1: 7, 2: 7}),
            ("split in two: the other is new", both, {7: MAY, 8: JUNE}, (), {1: 7, 2: 7}),
            (
                "two for two",
                [Reminded(1, 1, MAY), Reminded(2, 1, JUNE)],
                {7: JUNE, 8: JULY},
                (),
                {1: 8, 2: 7},
            ),
            (
                "two become one: each level once, the earliest first",
                [Reminded(1, 1, MAY), Reminded(2, 1, JUNE), Reminded(3, 2, MAY)],
                {7: MAY},
                (),
                {1: 7, 3: 7},
            ),
            ("a level that it has", both, {7: MAY}, {(7, 1)}, {2: 7}),
            ("a level that another has", both, {7: MAY}, {(8, 1)}, {1: 7, 2: 7}),
        ):
            with self.subTest(name):
                self.assertEqual(carry(lost, items, taken), expected)
