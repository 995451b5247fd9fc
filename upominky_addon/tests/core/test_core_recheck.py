"""What is left of a reminder when it is read again, to be approved or sent: rule 17."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from unittest import TestCase

from ...core.left_out import LeftOut
from ...core.recheck import Missing, recheck
from ...core.schedule import Hold
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
    missing = values.pop("missing", None)
    debtor = customer(*receivables, rule=rule, past=past, **values)
    return recheck(lines, paid, debtor, company, by_hand, missing=missing)


class TestRecheck(TestCase):
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
            ("excluded", {"excluded": True}),
            ("no_followup", {"no_followup": True}),
            ("blocked", {"blocked": True}),
            ("on_hold", {"holds": (Hold(TODAY, "promise"),)}),
            ("on_hold", {"holds": (Hold(None, "dispute"),)}),
            ("excluded", {"excluded": True, "holds": (Hold(None, "dispute"),)}),
            ("not_due_yet", {"due": TODAY}),  # the due date was moved
        )
        for why, values in cases:
            with self.subTest(**values):
                found = rechecked(receivable(1), receivable(2, **values))
                self.check(found, [1], {2: "dropped"}, {CZK: 100})
                self.assertEqual(found.why, {2: why})
                found = rechecked(receivable(2, **values), lines=[2])
                self.check(found, [], {2: "dropped"}, {}, "nothing_left")

    def test_rule_17_also_when_the_rule_is_gone(self):
        found = rechecked(receivable(1), receivable(2, excluded=True), rule=None)
        self.check(found, [1], {2: "dropped"}, {CZK: 100})

    def test_rule_17_paid_and_dropped_is_not_called_paid(self):
        found = rechecked(receivable(2, blocked=True), paid=[1])
        self.check(found, [], {1: "paid", 2: "dropped"}, {}, "nothing_left")

    def test_rule_17_what_the_customer_owes_no_more_has_its_reason(self):
        for why, told in (
            ("unposted", Missing(posted=False, same_customer=False)),
            ("reversed", Missing(posted=True, same_customer=True, payment="reversed")),
            ("in_payment", Missing(posted=True, same_customer=False, payment="in_payment")),
            ("moved", Missing(posted=True, same_customer=False, payment="not_paid")),
            ("no_receivable", Missing(posted=True, same_customer=True)),
        ):
            with self.subTest(why):
                found = rechecked(receivable(1), missing={2: told})
                self.assertEqual((found.gone, found.why), ({2: "dropped"}, {2: why}))
        found = rechecked(paid=[1, 2], missing={1: told})
        self.assertEqual(found.why, {1: "paid", 2: "paid"})

    def test_rule_17_what_was_credited_in_full_was_not_paid(self):
        credited = Missing(posted=True, same_customer=True, payment="reversed")
        found = rechecked(paid=[1, 2], missing={2: credited})
        self.check(found, [], {1: "paid", 2: "dropped"}, {}, "nothing_left")
        self.assertEqual(found.why, {1: "paid", 2: "reversed"})

    def test_rule_17_what_is_left_out_since_says_what_a_person_changed(self):
        for why, values in (
            ("no_followup", {"no_followup": True, "due": TODAY}),
            ("no_followup", {"no_followup": True, "excluded": True}),
            ("no_due_date", {"excluded": True}),
            ("excluded", {"excluded": True, "due": TODAY}),
        ):
            with self.subTest(why, **values):
                item = LeftOut(2, 20, CZK, Decimal(100), **values)
                no_more = Missing(posted=True, same_customer=True)
                found = rechecked(receivable(1), left_out=(item,), missing={2: no_more})
                self.assertEqual((found.gone, found.why), ({2: "dropped"}, {2: why}))

    def test_rule_17_every_line_that_drops_out_has_a_reason(self):
        covered = rechecked(receivable(1), receivable(2), credits=[credit(1, 200)])
        self.assertEqual(covered.why, dict.fromkeys((1, 2), "covered_by_credits"))
        waits = rechecked(
            receivable(1), receivable(2), rule=rule(credit_policy="hold"), credits=[credit(1, 1)]
        )
        self.assertEqual(waits.why, dict.fromkeys((1, 2), "credit_open"))
        small = rechecked(receivable(1, 50), rule=rule(minimum=Decimal(100)))
        self.assertEqual(small.why, {1: "below_minimum", 2: "no_receivable"})

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
