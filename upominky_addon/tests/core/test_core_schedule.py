"""When a receivable is reminded, at which level, and why not yet: rules 5–7, 12, 15, 16, 26, 28."""

from dataclasses import replace
from datetime import date, timedelta
from unittest import TestCase

from ...core.schedule import (
    Code,
    Hold,
    Level,
    Stop,
    Terms,
    decide,
    due_date,
    earliest_date,
    next_level,
)
from .test_core_common import RULE, TODAY, reached, receivable, rule

BY_HAND = Level(9, 2, 21, auto=False)


def decision(today=TODAY, rule=RULE, past=None, start=None, by_hand=False, **values):
    return decide(receivable(**values), rule, past, Terms(today, start, by_hand))


class TestNextLevel(TestCase):
    def test_rule_05_smallest_order_above_the_highest_reached(self):
        gaps = rule(Level(1, 10, 7), Level(2, 30, 35), Level(3, 20, 21))
        for highest, expected in ((None, 10), (1, 10), (10, 20), (15, 20), (20, 30), (30, None)):
            with self.subTest(highest=highest):
                level = next_level(gaps, highest and reached(highest))
                self.assertEqual(level and level.order, expected)

    def test_rule_05_history_carries_over_to_another_rule(self):
        other = rule(Level(4, 1, 3), Level(5, 2, 30), id=2)
        self.assertEqual(next_level(other, reached(1, rule_id=1)).id, 5)

    def test_rule_05_nothing_after_the_last_level(self):
        self.assertIsNone(next_level(RULE, reached(3)))
        self.assertEqual(decision(past=reached(3)).code, Code.LAST_LEVEL_REACHED)

    def test_rule_05_a_rule_without_levels_reminds_nobody(self):
        self.assertEqual(decision(rule=replace(RULE, levels=())).code, Code.LAST_LEVEL_REACHED)


class TestWhen(TestCase):
    def test_rule_06_first_level_counts_from_the_due_date(self):
        cases = (
            (date(2026, 5, 1), Code.NOT_DUE_YET),
            (date(2026, 5, 7), Code.NOT_DUE_YET),
            (date(2026, 5, 8), Code.DUE),
            (date(2026, 11, 17), Code.DUE),  # 200 days late, never reminded: still level 1
        )
        for today, code in cases:
            with self.subTest(today=today):
                found = decision(today)
                self.assertEqual((found.code, found.level.order), (code, 1))
                self.assertEqual(found.next_date, date(2026, 5, 8))

    def test_rule_06_next_level_waits_for_both_dates(self):
        # The pause after the previous reminder is the difference of the levels' days: 21 - 7.
        cases = (
            # issued on        both dates           on that day           why not the day before
            (date(2026, 5, 8), date(2026, 5, 22), Code.NOT_DUE_YET),
            (date(2026, 5, 7), date(2026, 5, 22), Code.NOT_DUE_YET),
            (date(2026, 5, 20), date(2026, 6, 3), Code.WAITS_AFTER_PREVIOUS),
            (date(2026, 11, 17), date(2026, 12, 1), Code.WAITS_AFTER_PREVIOUS),
        )
        for on, day, why_not in cases:
            with self.subTest(on=on):
                past = reached(on=on)
                self.assertEqual(decision(day, past=past).code, Code.DUE)
                before = decision(day - timedelta(days=1), past=past)
                self.assertEqual((before.code, before.next_date), (why_not, day))

    def test_rule_06_pause_is_a_day_at_least_and_seven_after_a_change_of_rule(self):
        on = date(2026, 5, 30)
        cases = (
            # reached at days, rule then, first day
            (7, 1, date(2026, 6, 13)),
            (20, 1, date(2026, 5, 31)),
            (21, 1, date(2026, 5, 31)),
            (60, 1, date(2026, 5, 31)),
            (60, 2, date(2026, 6, 6)),
            (15, 2, date(2026, 6, 6)),
            (14, 2, date(2026, 6, 6)),
            (13, 2, date(2026, 6, 7)),
        )
        for days, rule_then, first_day in cases:
            with self.subTest(days=days, rule_then=rule_then):
                past = reached(days=days, on=on, rule_id=rule_then)
                found = decision(first_day - timedelta(days=1), past=past)
                self.assertEqual(found.code, Code.WAITS_AFTER_PREVIOUS)
                self.assertEqual(found.next_date, first_day)
                self.assertEqual(decision(first_day, past=past).code, Code.DUE)

    def test_rule_06_a_level_by_hand_stops_the_job_and_later_levels(self):
        by_hand = rule(RULE.levels[0], BY_HAND, RULE.levels[2])
        found = decision(rule=by_hand, past=reached())
        self.assertEqual((found.code, found.level.order), (Code.MANUAL_LEVEL, 2))
        self.assertIsNone(found.next_date)

    def test_rule_07_no_escalation_while_the_previous_was_not_sent(self):
        found = decision(date(2027, 5, 1), past=reached(pending=True))
        self.assertEqual((found.code, found.next_date), (Code.PREVIOUS_NOT_SENT, None))
        found = decision(date(2027, 5, 1), past=reached(pending=True), by_hand=True)
        self.assertEqual(found.code, Code.PREVIOUS_NOT_SENT)


class TestStops(TestCase):
    def test_rule_12_hold_lasts_up_to_and_including_its_day(self):
        cases = (
            # until             reason     on that day   resumes
            (date(2026, 5, 31), "promise", Code.DUE, date(2026, 5, 8)),
            (date(2026, 6, 1), "promise", Code.ON_HOLD, date(2026, 6, 2)),
            (date(2026, 6, 1), None, Code.ON_HOLD, date(2026, 6, 2)),
            (date(2026, 12, 31), "other", Code.ON_HOLD, date(2027, 1, 1)),
            (None, "dispute", Code.ON_HOLD, None),
            (None, None, Code.DUE, date(2026, 5, 8)),
        )
        for until, reason, code, next_date in cases:
            with self.subTest(until=until, reason=reason):
                found = decision(holds=(Hold(until, reason),))
                self.assertEqual((found.code, found.next_date), (code, next_date))

    def test_rule_12_the_longer_of_two_holds_binds(self):
        short, long = Hold(date(2026, 6, 3), "other"), Hold(date(2026, 6, 9), "promise")
        for holds in ((short, long), (long, short)):
            self.assertEqual(decision(holds=holds).next_date, date(2026, 6, 10))
        self.assertIsNone(decision(holds=(long, Hold(None, "dispute"))).next_date)
        self.assertEqual(decision(holds=(Hold(date(2026, 5, 3), "other"), long)).code, Code.ON_HOLD)

    def test_rule_15_first_reason_that_applies(self):
        # From below, each case adds a reason that goes before all those under it.
        late = {"due": date(2026, 5, 30), "holds": (Hold(date(2026, 7, 1)),)}
        level_by_hand = rule(RULE.levels[0], replace(BY_HAND, days=99))
        broken, left_out = replace(RULE, broken=True), (Stop(Code.EXCLUDED_BY_RULE),)
        pending = reached(pending=True, on=TODAY)
        start = date(2026, 5, 31)
        sure = {"excluded": True, "no_followup": True, "blocked": True} | late
        cases = (
            ("no_rule", {"rule": None, "past": pending, "start": start} | sure),
            ("rule_broken", {"rule": broken, "past": pending, "start": start} | sure),
            ("excluded", {"rule": level_by_hand, "past": pending, "start": start} | sure),
            ("excluded_by_rule", {"stops": left_out} | sure | {"excluded": False}),
            ("no_followup", {"past": pending, "start": start} | sure | {"excluded": False}),
            ("blocked", {"past": pending, "start": start, "blocked": True} | late),
            ("on_hold", {"past": pending, "start": start} | late),
            ("before_start", {"past": pending, "start": start, "due": date(2026, 5, 30)}),
            ("previous_not_sent", {"past": reached(3, pending=True)}),
            ("last_level_reached", {"past": reached(3, on=TODAY)}),
            ("manual_level", {"rule": level_by_hand, "past": reached(on=TODAY)}),
            ("not_due_yet", {"past": reached(on=TODAY), "due": date(2026, 5, 30)}),
            ("waits_after_previous", {"past": reached(on=TODAY)}),
            ("due", {"past": reached()}),
        )
        for code, values in cases:
            with self.subTest(code=code):
                self.assertEqual(str(decision(**values).code), code)

    def test_rule_15_codes_stand_in_the_order_of_the_rule(self):
        order = """no_rule rule_broken excluded excluded_by_rule no_followup no_due_date
            blocked on_hold before_start previous_not_sent
            last_level_reached manual_level not_due_yet waits_after_previous credit_open
            covered_by_credits below_minimum mode_off pilot no_email due"""
        self.assertEqual([code.value for code in Code], order.split())

    def test_rule_16_older_due_dates_are_reminded_by_hand_only(self):
        may_1 = date(2026, 5, 1)
        for start, code in ((None, "due"), (may_1, "due"), (date(2026, 5, 2), "before_start")):
            with self.subTest(start=start):
                self.assertEqual(str(decision(start=start).code), code)
                self.assertEqual(decision(start=start, by_hand=True).code, Code.DUE)
        self.assertIsNone(decision(start=date(2026, 5, 2)).next_date)


class TestNextDateAndByHand(TestCase):
    def test_rule_26_next_date(self):
        due = {"due": date(2026, 6, 20)}
        hold = {"holds": (Hold(date(2026, 7, 31)),)}
        june_8 = date(2026, 6, 8)
        cases = (
            (due, date(2026, 6, 27)),
            (due | {"past": reached(on=june_8)}, date(2026, 7, 11)),
            (due | hold, date(2026, 8, 1)),
            (due | {"holds": (Hold(june_8),)}, date(2026, 6, 27)),
            (due | {"past": reached(pending=True)}, None),
            (due | {"past": reached(3)}, None),
            (due | {"rule": None}, None),
            (due | {"excluded": True}, None),
            (due | {"no_followup": True}, None),
            (due | {"blocked": True}, None),
            (due | {"rule": rule(BY_HAND)}, None),
            (due | hold | {"excluded": True}, None),
            ({}, date(2026, 5, 8)),  # not clamped to today
        )
        for values, expected in cases:
            with self.subTest(**values):
                self.assertEqual(decision(**values).next_date, expected)

    def test_rule_26_dates_from_their_parts(self):
        invoice, level = receivable(due=date(2026, 2, 25)), Level(1, 1, 7)
        self.assertEqual(due_date(invoice, level), date(2026, 3, 4))
        first_day = earliest_date(invoice, level, None, RULE, TODAY)
        self.assertEqual(first_day, date(2026, 3, 4))

    def test_rule_28_by_hand_whatever_dates_boxes_and_start_say(self):
        cases = (
            (date(2026, 5, 1), {}, "not_due_yet"),  # due today is not overdue
            (date(2026, 5, 2), {}, "due"),
            (date(2026, 5, 9), {"past": reached()}, "due"),
            (date(2026, 5, 9), {"rule": rule(BY_HAND)}, "due"),
            (date(2026, 5, 9), {"past": reached(3)}, "last_level_reached"),
            (date(2026, 5, 9), {"excluded": True}, "excluded"),
            (date(2026, 5, 9), {"no_followup": True}, "no_followup"),
            (date(2026, 5, 9), {"blocked": True}, "blocked"),
            (date(2026, 5, 9), {"holds": (Hold(None, "dispute"),)}, "on_hold"),
        )
        for today, values, code in cases:
            with self.subTest(today=today, **values):
                found = decision(today, start=date(2026, 5, 9), by_hand=True, **values)
                self.assertEqual(str(found.code), code)
