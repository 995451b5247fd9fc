"""What a line of an invoice of interest says is read, and not believed (SPEC rules 29 and 39)."""

from datetime import date
from unittest import TestCase

from ...core.bills import MalformedError, Said, any_meets, read

COST = {"move_line_id": 7, "kind": "cost", "amount": 1200.0}
MAY = {
    "move_line_id": 7,
    "kind": "interest",
    "amount": 98.63,
    "date_from": "2026-05-01",
    "date_to": "2026-05-31",
}
DAYS = date(2026, 5, 1), date(2026, 5, 31)


class TestCoreBills(TestCase):
    def test_rule_39_what_the_program_writes_is_read(self):
        for given, expected in (
            ([], ()),
            ([COST], (Said(7, "cost"),)),
            ([{**COST, "amount": 1200}], (Said(7, "cost"),)),
            ([MAY, COST], (Said(7, "interest", *DAYS), Said(7, "cost"))),
            ([{**MAY, "move_id": 3, "due_date": "2026-04-30"}], (Said(7, "interest", *DAYS, 3),)),
        ):
            with self.subTest(given):
                self.assertEqual(read(given), expected)

    def test_rule_29_nothing_else_is(self):
        for given in (
            None,
            "7",
            7,
            {"move_line_id": 7},
            ["7"],
            [None],
            [{}],
            [{**COST, "create_uid": 1}],
            [{**COST, "kind": "gift"}],
            [{**COST, "kind": ["cost"]}],
            [{**COST, "amount": "1200"}],
            [{**COST, "amount": float("nan")}],
            [{**COST, "amount": True}],
            [{**COST, "move_line_id": "7"}],
            [{**COST, "move_line_id": True}],
            [{**COST, "move_line_id": 0}],
            [{**COST, "move_line_id": -7}],
            [{**COST, "move_line_id": 2**31}],
            [{**COST, "move_line_id": 7.0}],
            [{**COST, "move_line_id": [7]}],
            [{**COST, "move_id": "3"}],
            [{**COST, "due_date": 5}],
            [{**COST, "due_date": "x"}],
            [{**COST, "is_carried": True}],
            [{**COST, "kind": "interest"}],
            [{**MAY, "date_to": "2026-04-30"}],
            [{**MAY, "date_to": None}],
            [{**MAY, "date_to": 20260531}],
            [{**MAY, "date_to": "20260531"}],
            [{**MAY, "date_to": "2026-05-32"}],
            [MAY, {**MAY, "date_from": ""}],
        ):
            with self.subTest(given), self.assertRaises(MalformedError):
                read(given)

    def test_rule_39_the_same_day_or_cost_of_the_same_debt_meets(self):
        may, cost = Said(7, "interest", *DAYS), Said(7, "cost")
        june = Said(7, "interest", date(2026, 6, 1), date(2026, 6, 30))
        last = Said(7, "interest", DAYS[1], date(2026, 6, 30))
        for one, other, expected in (
            (may, may, True),
            (may, last, True),
            (last, may, True),
            (may, june, False),
            (cost, cost, True),
            (cost, may, False),
            (may, Said(8, "interest", *DAYS), False),
            (cost, Said(8, "cost"), False),
        ):
            with self.subTest(one=one, other=other):
                self.assertEqual(one.meets(other), expected)
        self.assertEqual(any_meets([june, may], [last, cost]), june)
        self.assertIsNone(any_meets([june], [may, cost]))
