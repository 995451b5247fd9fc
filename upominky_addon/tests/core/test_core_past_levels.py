"""SPEC rule 1: a file of levels reached in another system, read and checked row by row."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from time import process_time
from unittest import TestCase

from ...core.past_levels import (
    MOST_ROWS,
    Known,
    Owed,
    PastLevelError,
    check,
    decoded,
    rows,
    together,
    written,
)
from ...core.schedule import Level, Past, Rule, Terms, decide
from ...core.schedule import Receivable as Item

TODAY = date(2026, 5, 29)
RULE = Rule(1, (Level(11, 1, 7), Level(12, 2, 21), Level(14, 4, 60)))
HEAD = "number;level;day;sent;customer"


def owed(id=1, move_id=1, customer=7, days=40, **values):
    """Return an item that was due so many days ago."""
    names = values.pop("names", frozenset({"odberatel s.r.o.", "cz12345678"}))
    due = TODAY - timedelta(days=days)
    return Owed(
        id=id,
        move_id=move_id,
        customer=customer,
        customer_name="Odběratel s.r.o.",
        names=names,
        company="Dopravce",
        due=due,
        currency=1,
        residual=Decimal(100),
        **values,
    )


def known(past=None, rule=RULE, **items):
    """Return what the books say: items by number, „_“ before one that begins with a digit."""
    return Known(
        owed={number.removeprefix("_"): list(some) for number, some in items.items()},
        rules=dict.fromkeys((7, 8), rule),
        past=past or {},
    )


def table(*lines, head=HEAD):
    return rows("\r\n".join([head, *lines]).encode())


def told(books, *lines):
    """Return what is wrong with some rows, by line."""
    checked = check(table(*lines), books, TODAY)
    return [(problem.line, problem.code) for problem in checked.problems]


#: The highest reminder that an item has here already.
LATER = Past(2, 21, date(2026, 5, 10), 1)
#: Rows, what is wrong with each, and what the books say beside one open invoice “FA”.
WRONG_ROWS = (
    (";1;4.5.2026", "number_missing", {}),
    ("X;1;4.5.2026", "unknown_number", {}),
    (f"{'9' * 300};1;4.5.2026", "unknown_number", {}),
    ("FA;0;4.5.2026", "no_level", {}),
    ("FA;-1;4.5.2026", "no_level", {}),
    ("FA;one;4.5.2026", "no_level", {}),
    ("FA;²;4.5.2026", "no_level", {}),
    ("FA;99999;4.5.2026", "no_level", {}),
    ("FA;;4.5.2026", "no_level", {}),
    ("FA;3;4.5.2026", "level_unknown", {}),
    ("FA;1;", "no_day", {}),
    ("FA;1;yesterday", "no_day", {}),
    ("FA;1;31.2.2026", "no_day", {}),
    ("FA;1;04/05/2026", "no_day", {}),
    ("FA;1;46146", "no_day", {}),
    ("FA;1;1.99999999999999999999.2026", "no_day", {}),
    ("FA;1;4-5-2026", "no_day", {}),
    ("FA;1;4.5.26", "short_year", {}),
    ("FA;1;4.5.0026", "other_century", {}),
    ("FA;1;4.5.1926", "other_century", {}),
    ("FA;1;30.5.2026", "in_future", {}),
    ("FA;1;4.5.2126", "in_future", {}),
    ("FA;1;4.5.2026;3.5.2026", "sent_before", {}),
    ("FA;1;4.5.2026;30.5.2026", "in_future", {}),
    ("FA;1;4.5.2026;x", "no_day", {}),
    ("FA;1;1.4.2026", "before_due", {}),
    ("FA;1;19.4.2026", "before_due", {}),  # the due date itself
    ("FA;1;4.5.2026;;Jiný", "other_customer", {}),
    ("FA;1;4.5.2026;;;FA", "too_many_cells", {}),
    ("FA;1;4.5.2026", "no_rule", {"rule": None}),
    ("FA;1;4.5.2026", "nothing_open", {"FA": [owed(is_open=False)]}),
    ("FA;1;4.5.2026", "other_company", {"FA": [owed(is_own=False)]}),
    ("FA;1;4.5.2026", "several_customers", {"FA": [owed(), owed(2, 2, 8)]}),
    ("FA;1;4.5.2026", "several_customers",
     {"FA": [owed(is_invoice=False), owed(2, 1, 8, is_invoice=False)]}),
    ("FA;1;4.5.2026", "several_documents", {"FA": [owed(), owed(2, 2)]}),
    ("FA;1;4.5.2026", "several_items",
     {"FA": [owed(is_invoice=False), owed(2, is_invoice=False)]}),
    ("FA;2;4.5.2026", "is_there", {"past": {1: LATER}}),
    ("FA;1;4.5.2026", "level_lower", {"past": {1: LATER}}),
    ("FA;4;4.5.2026", "before_reached", {"past": {1: LATER}}),
    ("FA;4;20.5.2026", "waits_here",
     {"past": {1: Past(2, 21, date(2026, 5, 10), 1, pending=True)}}),
)  # fmt: skip


class TestReading(TestCase):
    def wrong(self, content):
        with self.assertRaises(PastLevelError) as caught:
            rows(content)
        return caught.exception.code

    def test_rule_01_encodings_and_separators_of_spreadsheets(self):
        head = "Číslo faktury{0}Odběratel{0}Úroveň{0}Den{0}Odesláno\r\n"
        text = head + "FA 1{0}Žďár{0}2{0}4.5.2026{0}\r\n"
        for separator in ";,\t":
            for encoding in ("utf-8", "utf-8-sig", "cp1250", "utf-16"):
                with self.subTest(separator=separator, encoding=encoding):
                    (row,) = rows(text.format(separator).encode(encoding))
                    self.assertEqual(
                        (row.line, row.number, row.customer, row.level, row.day, row.sent),
                        (2, "FA 1", "Žďár", "2", "4.5.2026", ""),
                    )

    def test_rule_01_lines_are_those_of_the_file(self):
        found = table(
            '"FA\r\n1";1;4.5.2026', "", ";;;", "FA 2;1;4.5.2026", "FA 3;;;", "FA 4;1;5.5.2026"
        )
        self.assertEqual(
            [(r.line, r.number) for r in found], [(2, "FA\r\n1"), (6, "FA 2"), (8, "FA 4")]
        )

    def test_rule_01_a_line_that_tells_spreadsheets_the_separator_is_no_row(self):
        for separator in ";,\t":
            head = f"sep={separator}\r\nnumber{separator}level{separator}day\r\n"
            found = rows(f"{head}FA 1{separator}1{separator}4.5.2026".encode())
            with self.subTest(separator=separator):
                self.assertEqual([(row.line, row.number) for row in found], [(3, "FA 1")])

    def test_rule_01_what_is_fetched_is_no_formula_wherever_cells_are_parted(self):
        texts = ("=HYPERLINK(A1)", "a,=cmd|'/C calc'!A1,b", "a\t+1", 'x;"=1', "a\n@b", "Kč, -s")
        content = written(
            [("number", "level", "day", "customer"), *(("1", "1", "x", t) for t in texts)]
        )
        text = content.decode("utf-8-sig")
        for separator in ";,\t":
            for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
                for cell in cells:
                    with self.subTest(cell=cell):
                        self.assertNotRegex(cell, r'^[ "]*[=+\-@]')
        self.assertEqual([row.customer for row in rows(content)], list(texts))

    def test_rule_01_a_file_that_is_none_gets_a_sentence(self):
        for content, code in (
            (b"", "columns_missing"),
            (b"\xef\xbb\xbf", "columns_missing"),
            (b"PK\x03\x04\x00\x00spreadsheet", "no_text"),
            (b"number;level;day\n\x81\x83\x00", "no_text"),
            (b"number;level\n1;1", "columns_missing"),
            (b"1;1;4.5.2026", "columns_missing"),
            (b"number;level;day;Number\n1;1;4.5.2026;1", "column_twice"),
            (b"number;level;day", "no_rows"),
            (b"number;level;day\n1;;\n", "no_rows"),
            (b'number;level;day\n"1;1;4.5.2026\n2;1;4.5.2026', "line_unreadable"),
            (b"number;level;day\n" + b"x" * 140_000 + b";1;4.5.2026", "line_unreadable"),
            (b"number;level;day\n" + b"1;1;4.5.2026\n" * (MOST_ROWS + 1), "too_many_rows"),
            (b"x" * 20_000_001, "file_too_large"),
        ):
            with self.subTest(content=content[:40]):
                self.assertEqual(self.wrong(content), code)

    def test_rule_01_a_large_file_is_read_and_checked_in_seconds(self):
        items = {str(n): [owed(n, n)] for n in range(MOST_ROWS)}
        lines = [f"{n};1;2026-05-04" for n in range(MOST_ROWS)]
        start = process_time()
        checked = check(table(*lines), Known(items, {7: RULE}, {}), TODAY)
        self.assertLess(process_time() - start, 20)
        self.assertEqual((checked.rows, len(checked.claims)), (MOST_ROWS, MOST_ROWS))
        self.assertFalse(checked.problems)

    def test_rule_01_cells_of_sixty_thousand_letters_are_told_not_tripped_over(self):
        cell = "<html>" + "x" * 60_000
        for row in (
            f"{cell};1;4.5.2026",
            f"FA;{cell};4.5.2026",
            f"FA;1;{cell}",
            f"FA;1;4.5.2026;;{cell}",
        ):
            with self.subTest(row=row[:10]):
                self.assertEqual(len(told(known(FA=[owed()]), row)), 1)

    def test_what_is_decoded_is_no_guess(self):
        self.assertEqual(decoded("Žluťoučký".encode("cp1250")), "Žluťoučký")
        self.assertEqual(decoded("Žluťoučký".encode()), "Žluťoučký")


class TestChecking(TestCase):
    def test_rule_01_what_is_right_is_taken_as_it_is_said(self):
        books = known(FA1=[owed()])
        checked = check(table("FA1;1;4. 5. 2026;5.5.2026;odberatel  S.R.O."), books, TODAY)
        (claim,) = checked.claims
        self.assertEqual(
            (claim.line, claim.level, claim.day, claim.sent, [i.id for i in claim.items]),
            (2, 1, date(2026, 5, 4), date(2026, 5, 5), [1]),
        )
        self.assertFalse(checked.problems)

    def test_rule_01_each_kind_of_a_wrong_row_is_told(self):
        for row, code, more in WRONG_ROWS:
            with self.subTest(row=row[:40], code=code):
                books = known(**{"FA": [owed()], **more})
                self.assertEqual(told(books, row), [(2, code)])
                self.assertFalse(check(table(row), books, TODAY).claims)

    def test_rule_01_all_that_is_wrong_with_a_row_is_told_at_once(self):
        self.assertEqual(
            told(known(), "X;no;4.5.26;z"),
            [(2, "no_level"), (2, "short_year"), (2, "no_day"), (2, "unknown_number")],
        )

    def test_rule_01_the_customer_says_which_of_two_is_meant(self):
        mine, other = owed(), owed(2, 2, 8, names=frozenset({"jiny"}))
        books = known(FA=[mine, other])
        checked = check(table("FA;1;4.5.2026;;JINÝ"), books, TODAY)
        self.assertEqual([claim.items for claim in checked.claims], [(other,)])
        paid = known(FA=[owed(is_open=False), owed(2, 2, 8)])
        self.assertEqual(told(paid, "FA;1;4.5.2026"), [])  # only one of them is open

    def test_rule_01_instalments_that_were_overdue_by_then_are_meant(self):
        parts = [owed(1, days=60), owed(2, days=40), owed(3, days=10)]
        (claim,) = check(table("FA;1;4.5.2026"), known(FA=parts), TODAY).claims
        self.assertEqual([item.id for item in claim.items], [1, 2])

    def test_rule_01_rows_that_contradict_each_other_are_told(self):
        books = known(FA=[owed()], FB=[owed(2, 2)])
        for lines, wanted in (
            (("FA;1;4.5.2026", "FA;1;4.5.2026"), [(3, "twice")]),
            (("FA;1;4.5.2026", "FA;1;5.5.2026", "FA;1;6.5.2026"), [(3, "twice"), (4, "twice")]),
            (("FA;2;10.5.2026", "FA;1;12.5.2026"), [(2, "crossed")]),
            (("FA;1;4.5.2026;12.5.2026", "FA;2;10.5.2026"), [(3, "crossed")]),
            (("FA;2;10.5.2026", "FA;1;4.5.2026", "FB;1;4.5.2026"), []),
            (("FA;1;4.5.2026", "FA;2;4.5.2026"), []),
        ):
            with self.subTest(lines=lines):
                self.assertEqual(told(books, *lines), wanted)

    def test_rule_01_a_number_and_the_name_of_an_item_may_be_the_same_debt(self):
        item = owed(is_invoice=False)
        books = known(ENTRY=[item], VS=[item])
        self.assertEqual(told(books, "ENTRY;1;4.5.2026", "VS;1;4.5.2026"), [(3, "twice")])

    def test_rule_01_what_has_one_day_and_one_level_was_one_reminder(self):
        books = known(FA=[owed()], FB=[owed(2, 2)], FC=[owed(3, 3, 8)])
        lines = ("FA;1;4.5.2026", "FB;1;4.5.2026", "FC;1;4.5.2026", "FB;2;20.5.2026")
        found = together(check(table(*lines), books, TODAY).claims)
        self.assertEqual(
            [(claim.customer, claim.level, [item.id for item in items]) for claim, items in found],
            [(7, 1, [1, 2]), (8, 1, [3]), (7, 2, [2])],
        )

    def test_rule_06_the_next_level_counts_from_the_day_it_was_sent(self):
        (claim,) = check(table("FA;1;4.5.2026;6.5.2026"), known(FA=[owed()]), TODAY).claims
        past = Past(claim.level, 7, claim.sent, RULE.id)
        item = Item(1, 1, 1, claim.items[0].due, Decimal(100))
        found = decide(item, RULE, past, Terms(date(2026, 5, 19)))
        self.assertEqual((found.level.order, found.next_date), (2, date(2026, 5, 20)))
