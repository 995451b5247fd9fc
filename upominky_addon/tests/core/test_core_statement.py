"""What was open on a day, and how it is told: statements of account."""

from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...core.ages import AGES, age_of
from ...core.money import ZERO
from ...core.statement import Item, Kind, Match, Section, statement
from .test_core_common import CZK, EUR, TODAY
from .test_core_strategies import repeatable

days = st.integers(-400, 60).map(lambda number: TODAY + timedelta(days=number))
amounts = st.integers(-5_000_000, 5_000_000).map(lambda cents: Decimal(cents).scaleb(-3))


@st.composite
def books(draw):
    """Draw items of a customer, some of them matched with each other: what one gives, one takes."""
    size = draw(st.integers(0, 12))
    facts = [
        (
            draw(st.sampled_from(list(Kind))),
            draw(st.sampled_from((CZK, EUR))),
            draw(days),
            draw(st.none() | days),
            draw(amounts),
        )
        for _item in range(size)
    ]
    matches = {number: [] for number in range(size)}
    for debit in range(size):
        for credit in range(debit):
            if facts[debit][1] == facts[credit][1] and draw(st.booleans()):
                both = max(facts[debit][2], facts[credit][2])  # never before both are booked
                on, amount = max(both, draw(days)), abs(draw(amounts))
                matches[debit].append(Match(on, amount))
                matches[credit].append(Match(on, -amount))
    return [Item(n, *facts[n], tuple(matches[n])) for n in range(size)]


class TestStatement(TestCase):
    def rows(self, *items, day=TODAY):
        return [
            (row.item.id, str(row.section), str(row.balance), row.days)
            for block in statement(items, day)
            for row in block.rows
        ]

    def item(self, id=1, kind=Kind.INVOICE, *, due=0, amount=100, matches=()):
        """Return an item that was booked thirty days ago, and is due in so many days."""
        on = TODAY - timedelta(days=30)
        due_on = None if due is None else TODAY + timedelta(days=due)
        return Item(id, kind, CZK, on, due_on, Decimal(amount), matches)

    def test_section_18_7_nobody_owes_anything(self):
        self.assertEqual(statement([], TODAY), ())

    def test_section_18_7_where_each_item_stands(self):
        for kind, due, amount, expected in (
            (Kind.INVOICE, -1, 100, ("overdue", "100", 1)),
            (Kind.INVOICE, 0, 100, ("not_due", "100", 0)),
            (Kind.INVOICE, 5, 100, ("not_due", "100", 0)),
            (Kind.ENTRY, None, 100, ("not_due", "100", 0)),
            (Kind.ENTRY, -40, 100, ("overdue", "100", 40)),
            (Kind.ENTRY, -40, -100, ("credit", "-100", 0)),
            (Kind.INTEREST, -3, 100, ("interest", "100", 3)),
            (Kind.CREDIT_NOTE, -3, -100, ("credit", "-100", 0)),
            (Kind.PAYMENT, -3, -100, ("credit", "-100", 0)),
            (Kind.PAYMENT, -3, 100, ("credit", "100", 0)),  # returned: no debt by itself
        ):
            with self.subTest(kind=kind, due=due, amount=amount):
                rows = self.rows(self.item(kind=kind, due=due, amount=amount))
                self.assertEqual(rows, [(1, *expected)])

    def test_section_18_7_what_was_matched_later_was_open_then(self):
        paid = Match(TODAY - timedelta(days=3), Decimal(40))
        rest = Match(TODAY, Decimal(60))
        item = self.item(due=-20, matches=(paid, rest))
        for before, expected in ((31, []), (30, ["100"]), (4, ["100"]), (3, ["60"]), (0, [])):
            with self.subTest(days_before=before):
                rows = self.rows(item, day=TODAY - timedelta(days=before))
                self.assertEqual([balance for _id, _section, balance, _days in rows], expected)

    def test_section_18_7_the_order_is_by_section_and_day(self):
        items = [
            self.item(1, Kind.PAYMENT, amount=-5),
            self.item(2, due=9),
            self.item(3, due=-2),
            self.item(4, due=-9),
            self.item(5, Kind.INTEREST),
            self.item(6, Kind.ENTRY, due=None),
        ]
        self.assertEqual([row[0] for row in self.rows(*items)], [4, 3, 2, 6, 5, 1])

    def test_section_18_7_ages_meet_and_leave_nothing_out(self):
        ends = [end for _start, end in AGES]
        starts = [start for start, _end in AGES]
        self.assertEqual([end + 1 for end in ends[:-1]], starts[1:])
        self.assertEqual((starts[0], ends[-1]), (1, None))
        for number, (start, end) in enumerate(AGES):
            self.assertEqual((age_of(start), age_of(end or 9_999)), (number, number))


class TestStatementProperties(TestCase):
    @repeatable
    @given(books(), days)
    def test_section_18_7_balances_are_what_the_books_say(self, items, day):
        """Matches move money between items: on the whole they change nothing, on no day."""
        booked = dict.fromkeys((CZK, EUR), ZERO)
        for item in items:
            booked[item.currency] += item.amount if item.on <= day else ZERO
        found = {block.currency: block.balance for block in statement(items, day)}
        self.assertEqual({c: found.get(c, ZERO) for c in booked}, booked)

    @repeatable
    @given(books(), days)
    def test_section_18_7_sections_and_ages_add_up(self, items, day):
        for block in statement(items, day):
            totals = {section: block.total(section) for section in Section}
            self.assertEqual(sum(totals.values(), ZERO), block.balance)
            self.assertEqual(sum(block.ages, ZERO), block.balance - totals[Section.CREDIT])
            self.assertEqual(len(block.ages), len(AGES) + 1)
            self.assertTrue(all(amount >= ZERO for amount in block.ages))
            self.assertTrue(all(row.balance for row in block.rows))

    @repeatable
    @given(books(), days)
    def test_section_18_7_each_open_item_stands_once_in_its_currency(self, items, day):
        blocks = statement(items, day)
        shown = [(row.item.id, block.currency) for block in blocks for row in block.rows]
        wanted = [(item.id, item.currency) for item in items if item.open_on(day)]
        self.assertEqual(sorted(shown), sorted(wanted))
        self.assertEqual(len({block.currency for block in blocks}), len(blocks))

    @repeatable
    @given(books(), days)
    def test_section_18_7_what_comes_later_changes_no_day_before(self, items, day):
        before = [
            Item(
                *(item.id, item.kind, item.currency, item.on, item.due, item.amount),
                tuple(match for match in item.matches if match.on <= day),
            )
            for item in items
            if item.on <= day
        ]
        told = [
            [(block.currency, [(r.item.id, r.section, r.balance, r.days) for r in block.rows])
             for block in statement(some, day)]
            for some in (items, before)
        ]  # fmt: skip
        self.assertEqual(*told)

    @repeatable
    @given(books(), days)
    def test_section_18_7_overdue_is_what_is_due_before_the_day(self, items, day):
        for block in statement(items, day):
            for row in block.rows:
                is_late = row.item.due is not None and row.item.due < day
                if row.section == Section.OVERDUE:
                    self.assertTrue(is_late and row.days == (day - row.item.due).days)
                elif row.section == Section.NOT_DUE:
                    self.assertFalse(is_late or row.days)


class TestStatementDates(TestCase):
    def test_section_18_7_days_of_other_centuries(self):
        item = Item(1, Kind.INVOICE, CZK, date(1900, 1, 1), date(1900, 2, 1), Decimal(1))
        self.assertEqual(statement([item], date.min), ())
        ((row,),) = [block.rows for block in statement([item], date.max)]
        self.assertEqual(row.section, Section.OVERDUE)
