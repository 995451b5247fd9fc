"""Who is thanked today, and for what: rule 33."""

from datetime import timedelta
from unittest import TestCase

from ...core.schedule import Hold, Level
from ...core.thanks import Paid, plan_thanks, recheck_thanks
from .test_core_common import (
    COMPANY,
    TODAY,
    company,
    customer,
    reached,
    receivable,
    rule,
)


def day(number):
    return TODAY + timedelta(days=number)


def thanks(days=0, **level):
    return rule(Level(9, 1, days, **level), id=5)


def paid(id=1, on=0, **values):
    return Paid(receivable(id, residual=0, **values), day(on))


def planned(*items, owed=(), rule=None, company=COMPANY, **values):
    debtor = customer(*owed, rule=rule or thanks(), **values)
    return plan_thanks(debtor, company, items)


def ids(reminder):
    return [line.receivable.id for line in reminder.lines] if reminder else []


class TestPlanThanks(TestCase):
    def test_rule_33_from_the_day_of_the_payment_to_seven_days_later(self):
        for wait, on, thanked in (
            (0, 0, True),
            (0, -7, True),
            (0, -8, False),
            (2, -1, False),
            (2, -2, True),
            (7, -6, False),
            (7, -7, True),
            (7, -8, False),
        ):
            with self.subTest(wait=wait, on=on):
                self.assertEqual(bool(planned(paid(on=on), rule=thanks(wait))), thanked)

    def test_rule_33_all_that_was_paid_is_one_message_and_the_last_day_counts(self):
        found = planned(paid(2, on=-5), paid(1, on=-1), rule=thanks(1))
        self.assertEqual(ids(found), [1, 2])
        self.assertEqual((found.totals, found.credits), ({}, ()))
        self.assertFalse(planned(paid(2, on=-5), paid(1, on=-1), rule=thanks(2)))

    def test_rule_33_only_when_the_last_of_what_was_reminded_is_paid(self):
        owed = [receivable(8)]
        self.assertFalse(planned(paid(), owed=owed, past={8: reached()}))
        about_to_be = {8: reached(pending=True)}
        self.assertFalse(planned(paid(), owed=owed, past=about_to_be))
        self.assertTrue(planned(paid(), owed=owed), "it was never reminded")

    def test_rules_02_12_16_who_is_left_alone_is_not_thanked_either(self):
        for values in (
            {"excluded": True},
            {"holds": (Hold(None, "dispute"),)},
            {"holds": (Hold(TODAY, "other"),)},
        ):
            with self.subTest(**values):
                self.assertFalse(planned(paid(**values)))
        self.assertTrue(planned(paid(holds=(Hold(day(-1), "promise"),))))
        self.assertFalse(planned(paid(), company=company(mode="off")))
        self.assertFalse(planned(paid(), company=company(mode="pilot")))

    def test_rule_33_nothing_paid_no_rule_or_by_hand_only(self):
        self.assertFalse(planned())
        self.assertFalse(planned(paid(), rule=thanks(auto=False)))
        self.assertFalse(plan_thanks(customer(rule=None), COMPANY, [paid()]))


class TestRecheckThanks(TestCase):
    def check(self, found, kept, why, reason=None):
        self.assertEqual([r.id for r in found.kept], kept)
        self.assertEqual((found.gone, found.why), (dict.fromkeys(why, "dropped"), why))
        self.assertEqual((found.reason, found.totals), (reason, {}))

    def rechecked(self, *receivables, lines=(1, 2), paid=(1, 2), past=None):
        return recheck_thanks(lines, paid, customer(*receivables, past=past), COMPANY)

    def test_rule_17_nothing_changed(self):
        both = receivable(1, 0), receivable(2, 0)
        self.check(self.rechecked(*both, past={1: reached(), 2: reached()}), [1, 2], {})

    def test_rule_17_what_is_not_paid_any_more_drops_out(self):
        found = self.rechecked(receivable(1, 0), paid=[1])
        self.check(found, [1], {2: "unthanked"})
        found = self.rechecked(paid=[])
        self.check(found, [], {1: "unthanked", 2: "unthanked"}, "nothing_left")

    def test_rule_33_a_payment_that_came_back_is_not_thanked_for(self):
        found = self.rechecked(receivable(1, 100), receivable(2, 0), paid=[2], past={1: reached()})
        self.check(found, [], {1: "owes_others", 2: "owes_others"}, "nothing_left")

    def test_rules_02_12_who_is_to_be_left_alone_by_now(self):
        held = receivable(1, 0, holds=(Hold(None, "dispute"),))
        found = self.rechecked(held, lines=[1])
        self.check(found, [], {1: "left_alone"}, "nothing_left")
