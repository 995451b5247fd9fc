"""Who is told today what will be due, and of what: rule 32."""

from datetime import date, timedelta
from unittest import TestCase

from ...core.events import ISSUE, NOTICE, RESEND, TABLE, THANKS, unknown
from ...core.notice import plan_notice, recheck_notice
from ...core.recheck import Missing
from ...core.schedule import Hold, Level
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


def day(number):
    return TODAY + timedelta(days=number)


def notices(days=-3, **values):
    level = {name: values.pop(name) for name in ("auto", "contact") if name in values}
    return rule(Level(9, 1, days, **level), id=5, **values)


def planned(*receivables, untold=range(1, 99), company=COMPANY, rule=None, **values):
    debtor = customer(*receivables, rule=rule or notices(), **values)
    return plan_notice(debtor, company, frozenset(untold))


def ids(reminder):
    return [line.receivable.id for line in reminder.lines] if reminder else []


def rechecked(*receivables, lines=(1, 2), paid=(), rule=None, **values):
    missing = values.pop("missing", None)
    debtor = customer(*receivables, rule=rule or notices(), **values)
    return recheck_notice(lines, paid, debtor, COMPANY, missing=missing)


class TestTable(TestCase):
    def test_rules_32_33_neither_raises_a_level_nor_reminds_nor_demands(self):
        self.assertEqual(TABLE, (ISSUE, RESEND, NOTICE, THANKS))
        for event in (NOTICE, THANKS):
            self.assertEqual((event.raises, event.reminds, event.demands), (False, False, False))
            self.assertTrue(event.one_level)
        for event in (ISSUE, RESEND, unknown("gone")):
            self.assertTrue(event.demands)
            self.assertIsNone(event.days)


class TestPlanNotice(TestCase):
    def test_rule_32_from_its_day_to_the_due_date_and_not_after(self):
        for days, due, told in (
            (-3, 4, False),
            (-3, 3, True),
            (-3, 1, True),  # the job did not run on the day
            (-3, 0, True),
            (-3, -1, False),
            (0, 1, False),
            (0, 0, True),
            (0, -1, False),
        ):
            with self.subTest(days=days, due=due):
                found = planned(receivable(1, due=day(due)), rule=notices(days))
                self.assertEqual(bool(found), told)

    def test_rule_32_each_receivable_once(self):
        owed = [receivable(1, due=day(1)), receivable(2, due=day(2))]
        self.assertEqual(ids(planned(*owed)), [1, 2])
        self.assertEqual(ids(planned(*owed, untold={2})), [2])
        self.assertFalse(planned(*owed, untold=()))

    def test_rule_32_many_invoices_and_currencies_are_one_message(self):
        owed = [
            receivable(
                i, due=day(i % 4), currency=(CZK, EUR)[i % 2], lang=("cs_CZ", "de_DE")[i % 2]
            )
            for i in range(1, 61)
        ]
        found = planned(*owed)
        self.assertEqual(len(found.lines), 60)
        self.assertEqual(found.totals, {CZK: 3000, EUR: 3000})

    def test_rule_02_12_what_is_excluded_blocked_or_held_is_not_told(self):
        for values in (
            {"excluded": True},
            {"no_followup": True},
            {"blocked": True},
            {"holds": (Hold(None, "dispute"),)},
            {"holds": (Hold(TODAY, "promise"),)},
        ):
            with self.subTest(**values):
                owed = receivable(1, due=day(2)), receivable(2, due=day(2), **values)
                self.assertEqual(ids(planned(*owed)), [1])

    def test_rule_13_credits_cover_what_is_overdue_first(self):
        owed = receivable(1, due=day(-9)), receivable(2, due=day(2))
        found = planned(*owed, credits=[credit(1, 150)])
        self.assertEqual((ids(found), found.totals), ([2], {CZK: 50}))
        self.assertFalse(planned(*owed, credits=[credit(1, 200)]))
        self.assertFalse(planned(*owed, credits=[credit()], rule=notices(credit_policy="hold")))
        ignoring = notices(credit_policy="ignore")
        found = planned(*owed, credits=[credit(1, 200)], rule=ignoring)
        self.assertEqual(found.totals, {CZK: 100})

    def test_rules_11_16_minimum_mode_and_start_date_bind_it(self):
        owed = receivable(1, due=day(2))
        self.assertFalse(planned(owed, rule=notices(minimum=101)))
        self.assertTrue(planned(owed, rule=notices(minimum=100)))
        for values in ({"mode": "off"}, {"mode": "pilot"}, {"start": day(3)}):
            with self.subTest(**values):
                self.assertFalse(planned(owed, company=company(**values)))
        self.assertTrue(planned(owed, company=company(start=day(2))))
        self.assertTrue(planned(owed, company=company(mode="pilot", pilots=frozenset({7}))))

    def test_rule_32_a_level_that_is_not_automatic_tells_nobody(self):
        self.assertFalse(planned(receivable(1, due=day(2)), rule=notices(auto=False)))
        self.assertFalse(plan_notice(customer(receivable(1), rule=None), COMPANY, {1}))

    def test_rule_18_without_an_address_it_is_issued_and_will_fail(self):
        found = planned(receivable(1, due=day(2), invoice_to=()))
        self.assertEqual((ids(found), found.recipients), ([1], ()))

    def test_rule_32_days_at_the_end_of_the_calendar_are_no_error(self):
        self.assertFalse(planned(receivable(1, due=date.max), receivable(2, due=date.min)))


class TestRecheckNotice(TestCase):
    def check(self, found, kept, gone, why, reason=None):
        self.assertEqual([r.id for r in found.kept], kept)
        self.assertEqual((found.gone, found.why, found.reason), (gone, why, reason))

    def test_rule_17_nothing_changed_though_nothing_is_overdue(self):
        found = rechecked(receivable(1, due=day(0)), receivable(2, due=day(3)))
        self.check(found, [1, 2], {}, {})
        self.assertEqual(found.totals, {CZK: 200})

    def test_rule_32_what_is_overdue_by_now_or_due_later_by_now_drops_out(self):
        for moved, why in ((-1, "not_ahead"), (4, "not_soon"), (400, "not_soon")):
            with self.subTest(moved=moved):
                owed = receivable(1, due=day(1)), receivable(2, due=day(moved))
                self.check(rechecked(*owed), [1], {2: "dropped"}, {2: why})
                found = rechecked(owed[1], lines=[2])
                self.check(found, [], {2: "dropped"}, {2: why}, "nothing_left")
                found = rechecked(owed[1], paid=[1])
                gone = {1: "paid", 2: "dropped"}
                self.check(found, [], gone, {1: "paid", 2: why}, "nothing_left")

    def test_rule_17_paid_in_the_last_second(self):
        found = rechecked(paid=[1, 2])
        self.check(found, [], {1: "paid", 2: "paid"}, {1: "paid", 2: "paid"}, "paid")

    def test_rule_32_a_storno_is_not_asked_for(self):
        reversed_one = Missing(posted=True, same_customer=True, payment="reversed")
        cancelled = Missing(posted=False, same_customer=True)
        found = rechecked(lines=[1, 2], paid=[1], missing={1: reversed_one, 2: cancelled})
        gone = {1: "dropped", 2: "dropped"}
        self.check(found, [], gone, {1: "reversed", 2: "unposted"}, "nothing_left")

    def test_rule_17_held_and_covered_ones_drop_out(self):
        owed = receivable(1, due=day(1)), receivable(2, due=day(1), excluded=True)
        self.check(rechecked(*owed), [1], {2: "dropped"}, {2: "excluded"})
        found = rechecked(receivable(1, due=day(1)), lines=[1], credits=[credit(1, 100)])
        self.check(found, [], {1: "dropped"}, {1: "covered_by_credits"}, "nothing_left")

    def test_rule_32_what_was_reminded_before_its_date_moved_may_be_told(self):
        past = {1: reached()}
        owed = receivable(1, due=day(2))
        self.assertEqual(ids(planned(owed, past=past)), [1])
        self.check(rechecked(owed, lines=[1], past=past), [1], {}, {})
