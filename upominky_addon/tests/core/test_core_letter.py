"""The letter as a value: rule 10."""

from decimal import Decimal
from unittest import TestCase

from ...core.letter import Block, Column, Deduction, Kind, Letter, read_row

NUMBER = Column("number", "Invoice", lambda line: line["number"], strong=True)
PAID = Column("paid", "Paid", lambda line: line["paid"], Kind.MONEY, under="left")
LEFT = Column("left", "Left to pay", lambda line: line["left"], Kind.MONEY)
DAYS = Column("days", "Days", lambda line: line["days"], Kind.NUMBER, under="left", always=True)
LINE = {"number": "FV 1", "paid": Decimal("0.00"), "left": Decimal("12.10"), "days": 0}


class TestLetter(TestCase):
    def letter(self, *columns, blocks=()):
        return Letter(columns, tuple(blocks))

    def test_a_row_has_a_value_for_each_column(self):
        row = read_row((NUMBER, PAID, LEFT), LINE)
        self.assertEqual(dict(row.values), {k: LINE[k] for k in ("number", "paid", "left")})

    def test_small_letters_stand_in_their_column_else_for_themselves(self):
        for columns, expected in (
            ((NUMBER, PAID, LEFT, DAYS), [("number", []), ("left", ["paid", "days"])]),
            ((NUMBER, PAID), [("number", []), ("paid", [])]),
            ((), []),
        ):
            with self.subTest(columns=[column.key for column in columns]):
                found = [
                    (top.key, [c.key for c in small])
                    for top, small in self.letter(*columns).cells()
                ]
                self.assertEqual(found, expected)

    def test_what_is_empty_is_not_worth_a_line_unless_it_always_is(self):
        for column, value, shown in (
            (PAID, Decimal("0.00"), False),
            (PAID, Decimal("0.01"), True),
            (NUMBER, "", False),
            (DAYS, 0, True),
        ):
            with self.subTest(column=column.key, value=value):
                self.assertEqual(column.is_shown(value), shown)

    def test_rule_10_a_block_that_is_covered_asks_for_nothing(self):
        for total, asks in ((Decimal("0.00"), False), (Decimal("0.01"), True)):
            block = Block("CZK", (), (Deduction("D 1", Decimal(5)),), total)
            with self.subTest(total=total):
                self.assertEqual(block.asks, asks)
