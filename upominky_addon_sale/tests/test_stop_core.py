"""SPEC rule 44, the decision: what of a customer's debts stops an order, as a table."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.upominky_addon.core.money import Credit, Offset
from odoo.addons.upominky_addon.core.plan import Customer
from odoo.addons.upominky_addon.core.reasons import Code
from odoo.addons.upominky_addon.core.schedule import Hold, Receivable, Stop

from ..core.stop import Effect, Order, Overdue, effect_of, is_within, overdue_of

TODAY = date(2026, 5, 29)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
CZK, EUR = 1, 2


def receivable(number, amount=100, days=10, currency=CZK, **values):
    due = TODAY - timedelta(days=days)
    return Receivable(number, 10 + number, currency, due, Decimal(amount), **values)


def owed(*receivables, reached=None, **values):
    reached = {r.id: 1 for r in receivables} if reached is None else reached
    return overdue_of(Customer(7, None, receivables, **values), reached, TODAY)


def credit(amount, currency=CZK, number=50, **values):
    return Credit(number, currency, Decimal(amount), **values)


@tagged("post_install", "-at_install", "upominky_addon")
class TestStopCore(BaseCase):
    def test_rule_44_amounts_by_currency_highest_level_and_oldest_day(self):
        found = owed(
            receivable(1, 100, 10),
            receivable(2, 50, 40),
            receivable(3, 480, 20, EUR),
            reached={1: 1, 2: 3, 3: 2},
        )
        oldest = TODAY - timedelta(days=40)
        self.assertEqual(found, Overdue(7, 3, oldest, {CZK: 150, EUR: 480}, (11, 12, 13)))

    def test_rule_44_what_does_not_count(self):
        for name, one in {
            "excluded": receivable(1, excluded=True),
            "no follow-up": receivable(1, no_followup=True),
            "blocked": receivable(1, blocked=True),
            "a dispute without end": receivable(1, holds=(Hold(None, "dispute"),)),
            "on hold until today": receivable(1, holds=(Hold(TODAY, "promise"),)),
            "what an add-on holds": receivable(1, stops=(Stop(Code.ON_HOLD, TOMORROW),)),
            "due today": receivable(1, days=0),
        }.items():
            with self.subTest(name):
                self.assertIsNone(owed(one))
                self.assertEqual(owed(one, receivable(2, 30)).totals, {CZK: 30})
        self.assertIsNone(owed(receivable(1), reached={}), "never reminded")
        self.assertIsNone(owed())

    def test_rule_44_what_counts_again(self):
        for name, one in {
            "a hold that is over": receivable(1, holds=(Hold(YESTERDAY, "promise"),)),
            "an add-on's that is over": receivable(1, stops=(Stop(Code.ON_HOLD, YESTERDAY),)),
            "due yesterday": receivable(1, days=1),
        }.items():
            with self.subTest(name):
                self.assertEqual(owed(one).totals, {CZK: 100})

    def test_rule_44_credits_are_deducted(self):
        one, other = receivable(1), receivable(2, 40)
        for name, credits, offsets, totals in (
            ("none", (), (), {CZK: 140}),
            ("a part", (credit(30),), (), {CZK: 110}),
            ("of another currency", (credit(30, EUR),), (), {CZK: 140}),
            ("all", (credit(140),), (), None),
            ("more than all", (credit(900),), (), None),
            ("used up by a refund", (credit(140),), (Offset(60, CZK, Decimal(140)),), {CZK: 140}),
        ):
            with self.subTest(name):
                found = owed(one, other, credits=credits, offsets=offsets)
                self.assertEqual(found and dict(found.totals), totals)

    def test_rule_44_what_a_credit_covers_gives_no_level_and_no_day(self):
        high, low = receivable(1, days=60), receivable(2, days=10)
        found = owed(high, low, reached={1: 3, 2: 1}, credits=(credit(100),))
        self.assertEqual((found.level, found.since, found.moves), (1, low.due, (12,)))

    def test_rule_44_effects(self):
        debts = (Overdue(7, 2, TODAY, {CZK: Decimal(1)}, (1,)),)
        for policy, level, owing, released, effect in (
            ("none", 1, debts, False, Effect.NONE),
            ("none", 1, debts, True, Effect.NONE),
            ("warn", 1, (), False, Effect.NONE),
            ("block", 1, (), True, Effect.NONE),
            ("warn", 3, debts, False, Effect.SHOW),
            ("block", 3, debts, True, Effect.SHOW),
            ("warn", 2, debts, False, Effect.WARN),
            ("block", 2, debts, False, Effect.BLOCK),
            ("warn", 2, debts, True, Effect.RELEASED),
            ("block", 1, debts, True, Effect.RELEASED),
        ):
            with self.subTest(policy=policy, level=level, owing=len(owing), released=released):
                found = effect_of(policy, level, owing, is_released=released)
                self.assertIs(found, effect)

    def test_rule_44_a_release_is_for_one_customer_one_payer_one_currency_and_no_more(self):
        released = Order(company=1, customer=7, payer=8, currency=CZK, amount=Decimal("1000.00"))
        for change, holds in (
            ({}, True),
            ({"amount": Decimal("999.99")}, True),
            ({"amount": Decimal("1000.01")}, False),
            ({"company": 2}, False),
            ({"customer": 8}, False),
            ({"payer": 7}, False),
            ({"currency": EUR}, False),
        ):
            with self.subTest(change):
                self.assertIs(is_within(replace(released, **change), released), holds)
        self.assertFalse(is_within(released, None))
