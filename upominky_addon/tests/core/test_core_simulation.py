"""Weeks in the life of one customer, day by day: rules 5–7, 14 and 17 at work together.

A book of issued lines stands in for the database; what happens on each day is drawn.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...core.plan import plan
from ...core.recheck import recheck
from ...core.schedule import Hold, Level, Past
from .test_core_common import TODAY, company, credit
from .test_core_strategies import customers, repeatable, rules


@dataclass
class Entry:
    """One line of an issued reminder."""

    debt_id: int
    level: Level
    rule_id: int
    on: date
    pending: bool
    counted: bool = True
    mailed: bool = False


class Book:
    """A customer, and all that was issued to them."""

    def __init__(self, customer):
        self.customer = replace(customer, past={})
        self.reminders = []

    def entries(self, debt_id):
        """Return the counted entries of a receivable, oldest first."""
        everything = (entry for entries in self.reminders for entry in entries)
        return [entry for entry in everything if entry.debt_id == debt_id and entry.counted]

    def as_read(self):
        past = {}
        for debt in self.customer.receivables:
            if entries := self.entries(debt.id):
                last = max(entries, key=lambda entry: entry.level.order)
                values = (last.level.order, last.level.days, last.on, last.rule_id, last.pending)
                past[debt.id] = Past(*values)
        return replace(self.customer, past=past)

    def run(self, today):
        """Do what job 1 does; return the entries made."""
        found = plan(self.as_read(), company(today)).reminders
        made = [
            [
                Entry(
                    line.receivable.id,
                    line.level,
                    self.customer.rule.id,
                    today,
                    reminder.level.send,
                )
                for line in reminder.lines
            ]
            for reminder in found
        ]
        self.reminders += made
        return [entry for entries in made for entry in entries]

    def mail(self, today):
        """Do what job 2 does with everything that waits; return the ids of receivables mailed."""
        mailed = []
        for entries in self.reminders:
            waiting = [entry for entry in entries if entry.pending and entry.counted]
            open_ids = {debt.id for debt in self.customer.receivables}
            ids = {entry.debt_id for entry in waiting}
            found = recheck(ids, ids - open_ids, self.as_read(), company(today))
            for entry in waiting:
                entry.counted = not found.reason and entry.debt_id not in found.gone
                if entry.counted:
                    entry.pending, entry.mailed, entry.on = False, True, today
                    mailed.append(entry.debt_id)
        return mailed

    def pay(self, debt_id):
        left = tuple(debt for debt in self.customer.receivables if debt.id != debt_id)
        self.customer = replace(self.customer, receivables=left)

    def hold(self, debt_id, until):
        changed = (
            replace(debt, holds=(Hold(until),)) if debt.id == debt_id else debt
            for debt in self.customer.receivables
        )
        self.customer = replace(self.customer, receivables=tuple(changed))

    def add_credit(self, amount):
        credits = self.customer.credits
        self.customer = replace(self.customer, credits=(*credits, credit(len(credits) + 1, amount)))


numbers = st.integers(1, 5)
#: What happens on one day, besides the run of job 1.
events = st.one_of(
    *[st.just(("mail",))] * 2,
    st.tuples(st.just("nothing")),
    st.tuples(st.just("pay"), numbers),
    st.tuples(st.just("hold"), numbers, st.integers(0, 6)),
    st.tuples(st.just("credit"), st.sampled_from((10, 100))),
    st.tuples(st.just("rule"), rules()),
)
#: A job that does not run every day: days until the next one.
steps = st.lists(st.tuples(st.sampled_from((0, 1, 1, 2, 7, 20)), events), min_size=3, max_size=14)


class TestSimulation(TestCase):
    def happen(self, book, today, what, *values):
        if what == "mail":
            held = {d.id for d in book.customer.receivables if any(h.end(today) for h in d.holds)}
            open_ids = {debt.id for debt in book.customer.receivables}
            mailed = book.mail(today)
            self.assertLessEqual(set(mailed), open_ids - held, "paid or held, and yet mailed")
        elif what == "pay":
            book.pay(*values)
        elif what == "hold":
            book.hold(values[0], today + timedelta(values[1]))
        elif what == "credit":
            book.add_credit(Decimal(values[0]))
        elif what == "rule":
            book.customer = replace(book.customer, rule=values[0])

    def check_entry(self, entry, before, debt):
        """Rules 5–7 for one entry made today; ``before`` is what counted until then."""
        self.assertTrue(entry.level.auto)
        self.assertGreaterEqual(entry.on, debt.due + timedelta(entry.level.days))
        if not before:
            return
        last = before[-1]
        self.assertFalse(last.pending, "escalated past a reminder that was not sent")
        self.assertGreater(entry.level.order, last.level.order)
        pause = max(1, entry.level.days - last.level.days)
        if last.rule_id != entry.rule_id:
            pause = max(pause, 7)
        self.assertGreaterEqual(entry.on, last.on + timedelta(pause))

    @repeatable
    @given(customers(), steps)
    def test_rule_05_to_07_every_line_may_be_issued_on_its_day(self, customer, steps):
        book, today = Book(customer), TODAY
        for days, event in steps:
            today += timedelta(days)
            self.happen(book, today, *event)
            debts = {debt.id: debt for debt in book.customer.receivables}
            before = {id: book.entries(id) for id in debts}
            for entry in book.run(today):
                self.check_entry(entry, before[entry.debt_id], debts[entry.debt_id])

    @repeatable
    @given(customers(), steps)
    def test_rule_14_never_a_level_twice_and_never_two_levels_in_a_run(self, customer, steps):
        book, today = Book(customer), TODAY
        for days, event in steps:
            today += timedelta(days)
            self.happen(book, today, *event)
            made = [entry.debt_id for entry in book.run(today)]
            self.assertEqual(len(made), len(set(made)))
            for debt in customer.receivables:
                orders = [entry.level.order for entry in book.entries(debt.id)]
                self.assertEqual(orders, sorted(set(orders)))

    @repeatable
    @given(customers(), steps)
    def test_rule_14_the_job_may_run_twice(self, customer, steps):
        book, today = Book(customer), TODAY
        for days, event in steps:
            today += timedelta(days)
            self.happen(book, today, *event)
            book.run(today)
            self.assertEqual(book.run(today), [])
