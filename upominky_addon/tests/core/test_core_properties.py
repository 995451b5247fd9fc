"""What holds for every customer, whatever they owe: rules 2, 5–7, 9–11, 13, 15–17, 26, 28."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...core.plan import ISSUED, plan
from ...core.reasons import Code
from ...core.recheck import recheck
from ...core.schedule import Past, Terms, decide
from .test_core_common import TODAY
from .test_core_strategies import companies, customers, repeatable

A_YEAR = 365
chosen_by_hand = st.none() | st.sets(st.integers(1, 6))


def lines_of(found):
    return [line for reminder in found.reminders for line in reminder.lines]


def used(shares):
    """Return how much of each credit is used."""
    amounts = defaultdict(Decimal)
    for share in shares:
        amounts[share.credit_id] += share.amount
    return dict(amounts)


def content(found):
    """Return what a plan says, whatever the order in which it says it."""
    reminders = {
        (
            reminder.level.id,
            tuple(sorted(recipient.address for recipient in reminder.recipients)),
            reminder.lang,
            frozenset((line.receivable.id, line.level.id) for line in reminder.lines),
            frozenset(used(reminder.credits).items()),
            frozenset(reminder.totals.items()),
        )
        for reminder in found.reminders
    }
    return reminders, dict(found.decisions)


def after(customer, found, today=TODAY):
    """Return the customer as read when the reminders of a plan were issued."""
    past = {
        line.receivable.id: Past(
            line.level.order, line.level.days, today, customer.rule.id, reminder.level.send
        )
        for reminder in found.reminders
        for line in reminder.lines
    }
    return replace(customer, past={**customer.past, **past})


def reasons(receivable, rule, past, terms):
    """Say rule 15 once more, as a table: each reason up to the dates, and whether it applies."""
    held = [
        h for h in receivable.holds if (h.until is None and h.reason) or (h.until or TODAY) > TODAY
    ]
    held += [h for h in receivable.holds if h.until == TODAY]
    yield Code.EXCLUDED, receivable.excluded
    yield Code.NO_FOLLOWUP, receivable.no_followup
    yield Code.BLOCKED, receivable.blocked
    yield Code.ON_HOLD, held
    yield Code.BEFORE_START, not terms.by_hand and terms.start and receivable.due < terms.start
    yield Code.PREVIOUS_NOT_SENT, past and past.pending
    above = sorted(level.order for level in rule.levels if not past or level.order > past.order)
    yield Code.LAST_LEVEL_REACHED, not above
    level = next(level for level in rule.levels if level.order == above[0]) if above else None
    if terms.by_hand or not level:
        return
    yield Code.MANUAL_LEVEL, not level.auto
    yield Code.NOT_DUE_YET, (TODAY - receivable.due).days < level.days
    if past:
        pause = max(1, level.days - past.level_days, 7 if past.rule_id != rule.id else 0)
        yield Code.WAITS_AFTER_PREVIOUS, (TODAY - past.on).days < pause


class TestEveryPlan(TestCase):
    @repeatable
    @given(customers(), companies, chosen_by_hand)
    def test_rule_14_no_receivable_twice_in_a_run(self, customer, company, by_hand):
        found = plan(customer, company, by_hand)
        twice = Counter(line.receivable.id for line in lines_of(found))
        self.assertLessEqual(set(twice.values()), {1})
        self.assertTrue(all(reminder.lines for reminder in found.reminders))

    @repeatable
    @given(customers(), companies, chosen_by_hand)
    def test_rule_10_totals_are_lines_less_credits(self, customer, company, by_hand):
        for reminder in plan(customer, company, by_hand).reminders:
            expected = defaultdict(Decimal)
            for line in reminder.lines:
                expected[line.receivable.currency] += line.receivable.residual
            for share in reminder.credits:
                expected[share.currency] -= share.amount
            self.assertEqual(dict(reminder.totals), dict(expected))
            self.assertTrue(all(total > 0 for total in reminder.totals.values()))

    @repeatable
    @given(customers(credit_policy="deduct"), companies, chosen_by_hand)
    def test_rule_13_no_credit_is_used_beyond_its_amount(self, customer, company, by_hand):
        found = plan(customer, company, by_hand)
        shares = [share for reminder in found.reminders for share in reminder.credits]
        credits = {credit.id: credit for credit in customer.credits}
        for credit_id, amount in used(shares).items():
            self.assertLessEqual(amount, credits[credit_id].amount)
        for share in shares:
            self.assertEqual(share.currency, credits[share.credit_id].currency)
            self.assertGreater(share.amount, 0)

    @repeatable
    @given(customers(), companies, chosen_by_hand, st.randoms(use_true_random=False))
    def test_the_order_of_what_is_read_does_not_matter(self, customer, company, by_hand, random):
        def shuffled(items):
            return tuple(random.sample(items, len(items)))

        other = replace(
            customer,
            receivables=shuffled(customer.receivables),
            credits=shuffled(customer.credits),
            rule=replace(customer.rule, levels=shuffled(customer.rule.levels)),
        )
        before, after = (content(plan(each, company, by_hand)) for each in (customer, other))
        self.assertEqual(before, after)

    @repeatable
    @given(customers(), companies, chosen_by_hand)
    def test_rule_02_and_12_what_is_never_reminded(self, customer, company, by_hand):
        for line in lines_of(plan(customer, company, by_hand)):
            debt = line.receivable
            self.assertFalse(debt.excluded or debt.no_followup or debt.blocked)
            self.assertFalse(any(hold.end(TODAY) for hold in debt.holds))
            self.assertLess(debt.due, TODAY)
            self.assertTrue(by_hand is None or debt.id in by_hand)

    @repeatable
    @given(customers(), companies, chosen_by_hand)
    def test_rule_05_to_07_lines_that_may_be_issued(self, customer, company, by_hand):
        for line in lines_of(plan(customer, company, by_hand)):
            past, level = customer.past.get(line.receivable.id), line.level
            self.assertFalse(past and past.pending)
            orders = {
                other.order
                for other in customer.rule.levels
                if not past or other.order > past.order
            }
            self.assertEqual(level.order, min(orders))
            if by_hand is None:
                self.assertTrue(level.auto)
                self.assertGreaterEqual(TODAY, line.receivable.due + timedelta(level.days))
            if by_hand is None and past:
                pause = max(1, level.days - past.level_days)
                self.assertGreaterEqual(TODAY, past.on + timedelta(pause))

    @repeatable
    @given(customers(grouping="highest_level"), companies, chosen_by_hand)
    def test_rule_09_what_may_stand_in_one_reminder(self, customer, company, by_hand):
        for reminder in plan(customer, company, by_hand).reminders:
            levels = {line.level for line in reminder.lines}
            if any(level.approval for level in levels):
                self.assertEqual(levels, {reminder.level})
            self.assertTrue(all(level.order <= reminder.level.order for level in levels))

    @repeatable
    @given(customers(grouping="per_level"), companies, chosen_by_hand)
    def test_rule_09_one_level_in_each_reminder(self, customer, company, by_hand):
        found = plan(customer, company, by_hand).reminders
        for reminder in found:
            self.assertEqual({line.level for line in reminder.lines}, {reminder.level})
        keys = [(reminder.level.id, reminder.recipients, reminder.lang) for reminder in found]
        self.assertEqual(len(keys), len(set(keys)))

    @repeatable
    @given(customers(), companies)
    def test_rule_16_the_mode_binds(self, customer, company):
        runs = company.mode == "live" or (company.mode == "pilot" and company.pilots)
        self.assertTrue(runs or not plan(customer, company).reminders)

    @repeatable
    @given(customers(), companies)
    def test_rule_11_the_minimum_binds(self, customer, company):
        for reminder in plan(customer, company).reminders:
            total = sum(total * company.rates[cur] for cur, total in reminder.totals.items())
            self.assertGreaterEqual(total, customer.rule.minimum)


class TestEveryReason(TestCase):
    @repeatable
    @given(customers(), companies, st.booleans())
    def test_rule_15_the_first_reason_that_applies(self, customer, company, by_hand):
        for debt in customer.receivables:
            past, terms = customer.past.get(debt.id), Terms(TODAY, company.start, by_hand)
            applying = (
                code for code, applies in reasons(debt, customer.rule, past, terms) if applies
            )
            expected = next(applying, Code.DUE)
            if by_hand and expected is Code.DUE and debt.due >= TODAY:
                expected = Code.NOT_DUE_YET
            self.assertEqual(decide(debt, customer.rule, past, terms).code, expected)
            self.assertEqual(decide(debt, None, past, terms).code, Code.NO_RULE)

    @repeatable
    @given(customers(), companies)
    def test_rule_15_one_reason_for_each_overdue_receivable(self, customer, company):
        found = plan(customer, company)
        overdue = {debt.id for debt in customer.receivables if debt.due < TODAY}
        self.assertEqual(set(found.decisions), overdue)
        told = {id for id, decision in found.decisions.items() if decision.code in ISSUED}
        self.assertEqual({line.receivable.id for line in lines_of(found)}, told)

    @repeatable
    @given(customers(), companies)
    def test_rule_26_next_date_is_the_first_day_on_which_it_is_due(self, customer, company):
        for debt in customer.receivables:
            past, rule = customer.past.get(debt.id), customer.rule
            found = decide(debt, rule, past, Terms(TODAY, company.start))
            walk = (TODAY + timedelta(number) for number in range(A_YEAR))
            walked = (
                day
                for day in walk
                if decide(debt, rule, past, Terms(day, company.start)).code is Code.DUE
            )
            first_day = next(walked, None)
            self.assertEqual(first_day, found.next_date and max(found.next_date, TODAY))


class TestEveryRecheck(TestCase):
    @repeatable
    @given(customers(), companies)
    def test_rule_17_right_after_the_run_nothing_has_changed(self, customer, company):
        found = plan(customer, company)
        read = after(customer, found)
        for reminder in found.reminders:
            lines = {line.receivable.id for line in reminder.lines}
            again = recheck(lines, (), read, company)
            self.assertEqual({r.id for r in again.kept}, lines)
            self.assertEqual((again.gone, again.reason), ({}, None))
            self.assertEqual(again.totals, reminder.totals)
            self.assertEqual(used(again.credits), used(reminder.credits))

    @repeatable
    @given(customers(), companies, st.sets(st.integers(1, 8)), st.booleans())
    def test_rule_17_each_line_is_kept_or_gone(self, customer, company, lines, by_hand):
        open_ones = {debt.id for debt in customer.receivables}
        found = recheck(lines, lines - open_ones, customer, company, by_hand)
        kept = {debt.id for debt in found.kept}
        self.assertEqual(kept | set(found.gone), lines)
        self.assertFalse(kept & set(found.gone))
        self.assertEqual(
            {id for id, state in found.gone.items() if state == "paid"}, lines - open_ones
        )
        for debt in found.kept:
            self.assertFalse(debt.excluded or debt.no_followup or debt.blocked)
            self.assertFalse(any(hold.end(TODAY) for hold in debt.holds))
        self.assertTrue(found.reason or kept)

    @repeatable
    @given(customers(), companies)
    def test_rule_14_a_second_run_on_the_same_day_issues_nothing(self, customer, company):
        found = plan(customer, company)
        self.assertEqual(plan(after(customer, found), company).reminders, ())
