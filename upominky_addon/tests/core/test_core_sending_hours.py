"""SPEC rule 35: the hours of a calendar, decided without any calendar; tables of cases."""

from datetime import UTC, date, datetime, timedelta, timezone
from unittest import TestCase

from ...core.lifecycle import No, Situation, may_send
from ...core.sending_hours import (
    NEVER,
    closes,
    days_waited,
    joined,
    open_days,
    open_parts,
    opens,
)


def at(hour, minute=0, day=29, **more):
    return datetime(2026, 5, day, hour, minute, **more)


DAY = [(at(8), at(12)), (at(13), at(16))]


class TestOpens(TestCase):
    def test_rule_35_when_e_mails_go_and_until_when(self):
        for moment, opening, closing in (
            (at(0), at(8), at(0)),
            (at(7, 59), at(8), at(7, 59)),
            (at(8), at(8), at(12)),
            (at(11, 59), at(11, 59), at(12)),
            (at(12), at(13), at(12)),
            (at(15, 30), at(15, 30), at(16)),
            (at(16), NEVER, at(16)),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(opens(DAY, moment), opening)
                self.assertEqual(closes(DAY, moment), closing)

    def test_rule_35_a_calendar_without_any_hour_never_opens(self):
        self.assertEqual(opens([], at(8)), NEVER)
        self.assertEqual(closes([], at(8)), at(8))
        self.assertEqual(opens([(at(8), at(8)), (at(9), at(7))], at(6)), NEVER)

    def test_rule_35_midnight_is_no_seam(self):
        night = [
            (at(0, day=30), at(4, day=30)),
            (at(20), datetime(2026, 5, 29, 23, 59, 59, 999999)),
        ]
        self.assertEqual(joined(night), [(at(20), at(4, day=30))])
        self.assertEqual(closes(night, at(23, 59)), at(4, day=30))
        self.assertEqual(opens(night, at(12)), at(20))

    def test_rule_35_what_is_left_of_the_last_minute_of_a_day_off_is_no_hour(self):
        end = datetime(2026, 5, 29, 23, 59, 59, 999999)
        for off_until in (datetime(2026, 5, 29, 23, 59, 59), at(23, 59)):
            with self.subTest(off_until=off_until):
                self.assertEqual(joined([(off_until, end)]), [])
                following = (at(0, day=30), at(4, day=30))
                self.assertEqual(joined([(off_until, end), following]), [following])

    def test_rule_35_until_23_59_means_midnight(self):
        night = [(at(20), at(23, 59)), (at(0, day=30), at(4, day=30))]
        self.assertEqual(joined(night), [(at(20), at(4, day=30))])

    def test_rule_35_what_overlaps_is_one(self):
        hours = [(at(9), at(10)), (at(8), at(12)), (at(11), at(14)), (at(15), at(16))]
        self.assertEqual(joined(hours), [(at(8), at(14)), (at(15), at(16))])


class TestDays(TestCase):
    def test_rule_35_days_on_which_e_mails_go_are_those_of_the_company(self):
        evening = [(at(21, tzinfo=UTC), at(23, tzinfo=UTC))]
        for hours, days in ((0, {29}), (2, {29, 30}), (4, {30})):
            zone = timezone(timedelta(hours=hours))
            with self.subTest(hours=hours):
                self.assertEqual({day.day for day in open_days(evening, zone)}, days)

    def test_rule_35_a_day_that_ends_at_midnight_is_not_the_next(self):
        hours = [(at(20, tzinfo=UTC), at(0, day=30, tzinfo=UTC))]
        self.assertEqual(open_days(hours, UTC), {date(2026, 5, 29)})

    def test_rule_35_only_days_on_which_it_could_have_gone_are_counted(self):
        last, today = date(2026, 5, 29), date(2026, 6, 8)
        weekdays = [date(2026, 6, day) for day in (1, 2, 3, 4, 5, 8)]
        for counted, days in (
            ([], 0),
            ([last], 0),
            (weekdays, 6),
            ([*weekdays, date(2026, 6, 9)], 6),
            (weekdays * 2, 6),
        ):
            with self.subTest(counted=counted):
                self.assertEqual(days_waited(last, today, counted), days)

    def test_rule_35_a_day_off_is_known_whoever_entered_it(self):
        second = timedelta(seconds=1)
        last = at(0, day=30) - second
        for off, parts in (
            ([], [(at(0), last)]),
            ([(at(0), at(23, 59))], []),
            ([(at(0), last)], []),
            ([(at(0, day=25), at(0, day=31))], []),
            ([(at(0, day=28), at(23, 59, day=28)), (at(0, day=30), at(9, day=30))],
             [(at(0), last)]),
            ([(at(12), last)], [(at(0), at(12) - second)]),
            ([(at(12), at(13)), (at(12, 30), at(12, 45))],
             [(at(0), at(12) - second), (at(13) + second, last)]),
            ([(at(12), at(23, 59)), (at(0), at(12))], []),
        ):  # fmt: skip
            with self.subTest(off=off):
                self.assertEqual(open_parts(at(0), last, off), parts)


class TestGate(TestCase):
    def test_rule_35_the_hour_is_asked_before_each_message(self):
        mine = {"claimed_by": 7, "asking": 7, "closed": True}
        for now, no in (
            (Situation("issued", "live", False, **mine), No.CLOSED),
            (Situation("issued", "live", False, **mine, changed=True), No.CLOSED),
            (Situation("issued", "live", False, **mine, alive=False), No.BURIED),
            (Situation("issued", "off", False, **mine), No.MODE_OFF),
            (Situation("cancelled", "live", False, **mine), No.CANCELLED),
            (Situation("issued", "live", False, **{**mine, "claimed_by": 8}), No.TAKEN_AWAY),
            (Situation("issued", "live", False, closed=True), None),  # a person decides
            (Situation("issued", "live", False, claimed_by=7, asking=7), None),
        ):
            with self.subTest(now=now):
                self.assertEqual(may_send(now), no)
