"""What is left of a reminder when it is read again, to be approved or sent: rule 17."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.upominky_addon.core.recheck import recheck
from odoo.addons.upominky_addon.core.schedule import Hold

from .test_core_common import (
    COMPANY,
    CZK,
    EUR,
    TODAY,
    company,
    credit,
    customer,
    reached,
    receivable,
    rule,
)

ISSUED = {1: reached(on=TODAY, pending=True), 2: reached(on=TODAY, pending=True)}


def rechecked(*receivables, lines=(1, 2), paid=(), rule=rule(), company=COMPANY, **values):  # noqa: B008
    """Recheck a reminder of 1 and 2."""
    past = values.pop("past", ISSUED)
    by_hand = values.pop("by_hand", False)
    debtor = customer(*receivables, rule=rule, past=past, **values)
    return recheck(lines, paid, debtor, company, by_hand)


@tagged("post_install", "-at_install", "upominky_addon")
class TestRecheck(BaseCase):
    def check(self, found, kept, gone, totals, reason=None):
        self.assertEqual([r.id for r in found.kept], kept)
        self.assertEqual(found.gone, gone)
        self.assertEqual(found.totals, totals)
        self.assertEqual(found.reason, reason)

    def test_rule_17_nothing_changed(self):
        found = rechecked(receivable(1), receivable(2, currency=EUR))
        self.check(found, [1, 2], {}, {CZK: 100, EUR: 100})

    def test_rule_17_paid_lines_drop_out(self):
        self.check(rechecked(receivable(2), paid=[1]), [2], {1: "paid"}, {CZK: 100})
        self.check(rechecked(paid=[1, 2]), [], {1: "paid", 2: "paid"}, {}, "paid")

    def test_rule_17_what_may_not_be_touched_any_more_drops_out(self):
        cases = (
            {"excluded": True},
            {"no_followup": True},
            {"blocked": True},
            {"holds": (Hold(TODAY, "promise"),)},
            {"holds": (Hold(None, "dispute"),)},
            {"due": TODAY},  # the due date was moved
        )
        for values in cases:
            with self.subTest(**values):
                found = rechecked(receivable(1), receivable(2, **values))
                self.check(found, [1], {2: "dropped"}, {CZK: 100})
                found = rechecked(receivable(2, **values), lines=[2])
                self.check(found, [], {2: "dropped"}, {}, "nothing_left")

    def test_rule_17_also_when_the_rule_is_gone(self):
        found = rechecked(receivable(1), receivable(2, excluded=True), rule=None)
        self.check(found, [1], {2: "dropped"}, {CZK: 100})

    def test_rule_17_paid_and_dropped_is_not_called_paid(self):
        found = rechecked(receivable(2, blocked=True), paid=[1])
        self.check(found, [], {1: "paid", 2: "dropped"}, {}, "nothing_left")

    def test_rule_17_neither_dates_nor_levels_nor_start_drop_a_line(self):
        young = [receivable(1, due=date(2026, 5, 31)), receivable(2)]
        found = rechecked(*young, company=company(start=date(2026, 5, 20)), past={2: reached(3)})
        self.check(found, [1, 2], {}, {CZK: 200})

    def test_rule_17_partly_paid_lines_shrink(self):
        found = rechecked(receivable(1, "12.50"), receivable(2))
        self.check(found, [1, 2], {}, {CZK: Decimal("112.50")})

    def test_rule_17_receivables_of_other_reminders_stay_out_but_take_their_credits(self):
        other = receivable(3)
        past = ISSUED | {3: reached(2, on=TODAY)}
        found = rechecked(receivable(1), receivable(2), other, past=past, credits=[credit(1, 130)])
        self.check(found, [1, 2], {}, {CZK: 170})
        self.assertEqual([(share.credit_id, share.amount) for share in found.credits], [(1, 30)])

    def test_rule_17_credits_are_shared_afresh(self):
        note = credit(1, 60, reverses=20)
        found = rechecked(receivable(1), receivable(2), credits=[note])
        self.check(found, [1, 2], {}, {CZK: 140})
        self.assertEqual([(share.credit_id, share.amount) for share in found.credits], [(1, 60)])
        found = rechecked(
            receivable(1), receivable(2, 60, currency=EUR), credits=[credit(1, 60, EUR)]
        )
        self.check(found, [1], {2: "dropped"}, {CZK: 100})
        found = rechecked(receivable(1), receivable(2), credits=[credit(1, 200)])
        self.check(found, [], {1: "dropped", 2: "dropped"}, {}, "nothing_left")
        self.assertEqual(found.credits, ())

    def test_rule_17_a_held_line_gives_its_credit_back_to_the_others(self):
        held = receivable(1, holds=(Hold(TODAY),))
        found = rechecked(held, receivable(2), credits=[credit(1, 60)])
        self.check(found, [2], {1: "dropped"}, {CZK: 40})

    def test_rule_13_policies_bind_again(self):
        both, note = [receivable(1), receivable(2, currency=EUR)], [credit(1, 10, EUR)]
        found = rechecked(*both, rule=rule(credit_policy="hold"), credits=note)
        self.check(found, [1], {2: "dropped"}, {CZK: 100})
        found = rechecked(*both, rule=rule(credit_policy="ignore"), credits=note)
        self.check(found, [1, 2], {}, {CZK: 100, EUR: 100})

    def test_rule_17_below_the_minimum_unless_issued_by_hand(self):
        both, strict = [receivable(1, 50), receivable(2, 49)], rule(minimum=Decimal(100))
        self.check(rechecked(*both, rule=strict), [1, 2], {}, {CZK: 99}, "below_minimum")
        self.check(rechecked(*both, rule=strict, by_hand=True), [1, 2], {}, {CZK: 99})
        enough = replace(strict, minimum=Decimal(99))
        self.check(rechecked(*both, rule=enough), [1, 2], {}, {CZK: 99})
