"""Why a receivable is in a reminder or in none, by the job and by hand: rules 15, 16, 28."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from unittest import TestCase

from ...core import reasons
from ...core.reasons import Code, Reason
from ...core.schedule import Hold, Level, Past, Stop, Terms, decide
from .test_core_common import (
    COMPANY,
    CZK,
    EUR,
    TODAY,
    codes,
    company,
    credit,
    customer,
    issued,
    reached,
    receivable,
    rule,
)


class TestReasons(TestCase):
    def test_rule_15_every_overdue_receivable_has_one_reason(self):
        debtor = customer(
            receivable(1),
            receivable(2, due=date(2026, 5, 31)),
            receivable(3, blocked=True),
            receivable(4, due=TODAY),
            receivable(5, 60, currency=EUR),
            credits=[credit(1, 60, EUR)],
        )
        self.assertEqual(
            codes(debtor), {1: "due", 2: "not_due_yet", 3: "blocked", 5: "covered_by_credits"}
        )

    def test_rule_15_reasons_of_a_reminder_in_their_order(self):
        strict = rule(minimum=Decimal(150))
        off, pilot = company(mode="off"), company(mode="pilot", pilots=frozenset({8}))
        nowhere = {"invoice_to": ()}
        cases = (
            ("no_rule", None, off, {}, []),
            ("credit_open", replace(strict, credit_policy="hold"), off, nowhere, [credit(1, 100)]),
            ("covered_by_credits", strict, off, nowhere, [credit(1, 100)]),
            ("below_minimum", strict, off, nowhere, []),
            ("mode_off", rule(), off, nowhere, []),
            ("pilot", rule(), pilot, nowhere, []),
            ("no_email", rule(), COMPANY, nowhere, []),
            ("due", rule(), COMPANY, {}, []),
        )
        for code, its_rule, its_company, values, credits in cases:
            with self.subTest(code=code):
                debtor = customer(receivable(1, **values), rule=its_rule, credits=credits)
                self.assertEqual(codes(debtor, its_company), {1: code})
                count = len(issued(debtor, its_company))
                self.assertEqual(count, 1 if code in ("no_email", "due") else 0)

    def test_rule_15_without_an_address_only_what_is_mailed_fails(self):
        posted = rule(Level(1, 1, 7, send=False))
        self.assertEqual(codes(customer(receivable(1, invoice_to=()), rule=posted)), {1: "due"})

    def test_rule_16_modes(self):
        pilots = frozenset({7})
        cases = (
            ("off", pilots, 0),
            ("pilot", frozenset(), 0),
            ("pilot", pilots, 1),
            ("live", frozenset(), 1),
        )
        for mode, pilots, count in cases:
            with self.subTest(mode=mode, pilots=pilots):
                found = company(mode=mode, pilots=pilots)
                self.assertEqual(len(issued(customer(receivable(1)), found)), count)
                self.assertEqual(len(issued(customer(receivable(1)), found, by_hand=[1])), count)


class TestByHand(TestCase):
    def test_rule_28_chosen_ones_only_and_overdue_ones_only(self):
        debtor = customer(receivable(1), receivable(2), receivable(3, due=TODAY))
        self.assertEqual(issued(debtor, by_hand=[2, 3]), [(1, [2], {CZK: 100})])
        self.assertEqual(issued(debtor, by_hand=[]), [])

    def test_rule_28_whatever_dates_boxes_start_and_minimum_say(self):
        strict = rule(Level(1, 1, 90, auto=False), minimum=Decimal(500))
        debtor = customer(receivable(1), rule=strict)
        found = company(start=date(2026, 5, 20))
        self.assertEqual(issued(debtor, found), [])
        self.assertEqual(issued(debtor, found, by_hand=[1]), [(1, [1], {CZK: 100})])

    def test_rule_28_credits_and_rule_07_bind(self):
        covered = customer(receivable(1), credits=[credit(1, 100)])
        self.assertEqual(codes(covered, by_hand=[1]), {1: "covered_by_credits"})
        pending = customer(receivable(1), past={1: reached(pending=True)})
        self.assertEqual(codes(pending, by_hand=[1]), {1: "previous_not_sent"})


class TestTable(TestCase):
    def test_rule_15_the_table_has_each_code_once_in_order(self):
        self.assertEqual([row.code for row in reasons.table()], list(Code))

    def test_the_page_lists_the_reasons_in_their_order(self):
        page = Path(__file__).parents[3] / "docs" / "how-it-decides.md"
        if not page.is_file():
            self.skipTest("installed without its documents")
        text = page.read_text(encoding="utf-8").partition("## The reasons, in their order")[2]
        listed = re.findall(r"^\d+\. (.*)$", text, re.M)
        self.assertEqual(len(listed), len(Code))
        for line, word in zip(listed, WORDS, strict=True):
            with self.subTest(line):
                self.assertIn(word, line)

    def test_a_further_row_takes_its_place_and_no_other_s(self):
        before = reasons.table()
        self.addCleanup(self.restore, before)
        row = Reason("court", "In court", untouchable=True, passes=True, dropped="In court")
        reasons.register(row, before=Code.BLOCKED)
        reasons.register(row, before=Code.BLOCKED)  # the module is loaded again
        codes = [row.code for row in reasons.table()]
        self.assertEqual(codes.index("court") + 1, codes.index(Code.BLOCKED))
        self.assertEqual([code for code in codes if code != "court"], list(Code))
        end = date(2026, 7, 1)
        for stop, held, code, next_date in (
            (Stop("court"), (), "court", None),
            (Stop("court", end), (), "court", date(2026, 7, 2)),
            (Stop("court", end), (Hold(date(2026, 8, 1)),), "court", date(2026, 8, 2)),
            (Stop("court", TODAY), (), "court", date(2026, 6, 2)),
            (Stop("court", date(2026, 5, 31)), (), "due", date(2026, 5, 8)),
        ):
            with self.subTest(stop=stop, held=held):
                item = receivable(1, due=date(2026, 5, 1), stops=(stop,), holds=held)
                found = decide(item, rule(), None, Terms(TODAY))
                self.assertEqual((found.code, found.next_date), (code, next_date))
        self.assertEqual(decide(item, None, Past(1, 7, TODAY, 1), Terms(TODAY)).code, "no_rule")

    def restore(self, rows):
        reasons._table[:] = rows
        reasons._read_table()


#: A word of each reason on the page, in the order of the table.
WORDS = [
    "rule",
    "evaluated",
    "excluded",
    "leaves",
    "followed",
    "due",
    "blocked",
    "hold",
    "start",
    "previous",
    "last",
    "hand",
    "overdue",
    "waits",
    "credit",
    "covered",
    "minimum",
    "off",
    "pilot",
    "address",
    "issued",
]
