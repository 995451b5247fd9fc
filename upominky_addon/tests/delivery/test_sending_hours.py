"""SPEC rule 35: e-mails go in the hours of a calendar, by the company's clock."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user

from ...core.sending_hours import NEVER
from ..common import TODAY, UpominkyCommon, smtp_inbox

#: TODAY is a Friday; Prague is two hours ahead of UTC.
MONDAY = TODAY + timedelta(days=3)
MONDAY_MORNING = datetime(2026, 6, 1, 6)
AFTER_WORK = 15
WORKDAYS = range(5)


class HoursCommon(UpominkyCommon):
    @classmethod
    def calendar(cls, hours=((8, 16),), days=WORKDAYS, **values):
        """Return a calendar with the same hours on some days of the week."""
        rows = [
            {"name": "Rozesílání", "dayofweek": str(day), "hour_from": start, "hour_to": end}
            for day in days
            for start, end in hours
        ]
        return (
            cls.env["resource.calendar"]
            .sudo()
            .create(
                {
                    "name": "Rozesílání",
                    "company_id": cls.company.id,
                    "tz": "Europe/Prague",
                    "attendance_ids": [Command.clear(), *map(Command.create, rows)],
                    **values,
                }
            )
        )

    @classmethod
    def day_off(cls, begin, end, **values):
        """Enter a day off, from and to moments in UTC."""
        leaves = cls.env["resource.calendar.leaves"].sudo().with_company(cls.company)
        whole = {"name": "Volno", "date_from": begin, "date_to": end}
        return leaves.create(
            {"calendar_id": cls.company.upominky_calendar_id.id, **whole, **values}
        )

    def use(self, *args, **values):
        """Have the company send by a calendar, and return it."""
        calendar = self.calendar(*args, **values)
        self.company.upominky_calendar_id = calendar
        return calendar

    def calls_at(self, moment):
        """Return how often the sending job is to be called at a moment."""
        job = self.env.ref("upominky_addon.cron_send")
        triggers = self.env["ir.cron.trigger"].sudo()
        return triggers.search_count([("cron_id", "=", job.id), ("call_at", "=", moment)])


class TestSendingHours(HoursCommon):
    def test_rule_35_without_a_calendar_e_mails_go_at_any_time(self):
        self.invoice(due=10)
        reminder = self.generate()
        with smtp_inbox(self.env) as inbox:
            self.send(TODAY + timedelta(days=1), hour=23)
            self.assertEqual(len(inbox.messages), 1)
        self.assertFalse(reminder.goes_at)
        self.assertFalse(reminder.asked_run_ids)

    def test_rule_35_what_waits_is_told_and_goes_when_the_calendar_opens(self):
        self.use()
        self.invoice(due=10)
        reminder = self.generate()
        with smtp_inbox(self.env) as inbox:
            self.send(hour=AFTER_WORK)
            self.send(hour=AFTER_WORK + 1)
            self.assertEqual((reminder.state, reminder.error), ("issued", False))
            self.assertEqual(self.calls_at(MONDAY_MORNING), 1)
            with self.on(TODAY, AFTER_WORK + 1):
                self.env.invalidate_all()
                self.assertEqual(reminder.goes_at, MONDAY_MORNING)
            for hour in (8, 12):
                self.send(TODAY + timedelta(days=1), hour)
            self.send(MONDAY, 5)
            self.assertFalse(inbox.messages)
            self.send(MONDAY, 6)
            self.assertEqual(len(inbox.messages), 1)
        self.assertEqual((reminder.state, reminder.sent_date), ("sent", MONDAY))
        self.assertFalse(reminder.goes_at)

    def test_rule_35_within_the_hours_nothing_waits(self):
        self.use()
        self.invoice(due=10)
        reminder = self.generate()
        with self.on(TODAY, 9):
            self.assertFalse(reminder.goes_at)
        with smtp_inbox(self.env) as inbox:
            self.send(hour=9)
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_35_it_is_read_again_at_the_moment_it_goes(self):
        self.use()
        move = self.invoice(due=10)
        reminder = self.generate()
        with smtp_inbox(self.env) as inbox:
            self.send(hour=AFTER_WORK)
            self.pay(move, day=TODAY + timedelta(days=1))
            self.send(MONDAY)
            self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "cancelled")

    def test_rule_35_a_worker_stops_where_the_hours_end(self):
        self.use()
        for name in ("a", "b"):
            self.invoice(self.new_customer(name, f"{name}@x.example"), due=10)
        reminders = self.generate()
        with smtp_inbox(self.env) as inbox:
            with freeze_time(datetime(2026, 5, 29, 13, 59, 59)) as clock:
                pass_on = self.act_at("_record", lambda: clock.tick(timedelta(seconds=2)))
                with pass_on:
                    self.run_job("cron_send")
            self.assertEqual(len(inbox.messages), 1)
            self.assertEqual(sorted(reminders.mapped("state")), ["issued", "sent"])
            self.assertFalse(reminders.send_run_id)
            self.send(MONDAY)
            self.assertEqual(len(inbox.messages), 2)

    def test_rule_35_the_job_is_called_once_when_the_calendar_opens(self):
        self.use()
        job = self.env["upominky.send"].sudo()
        with self.on(TODAY, AFTER_WORK):
            job._cron_send()
            self.assertEqual(self.calls_at(MONDAY_MORNING), 0)  # nothing waits
            self.env.flush_all()
        self.invoice(due=10)
        self.generate()
        with self.on(TODAY, AFTER_WORK):
            for _call in range(2):
                job._cron_send()
                self.assertEqual(self.calls_at(MONDAY_MORNING), 1)
            self.env["ir.cron.trigger"].sudo().search([]).unlink()
            self.company.upominky_mode = "off"
            job._cron_send()
            self.assertEqual(self.calls_at(MONDAY_MORNING), 0)

    def test_rule_35_a_changed_calendar_holds_at_once(self):
        self.use()
        self.invoice(due=10)
        self.generate()
        with smtp_inbox(self.env) as inbox:
            self.send(hour=AFTER_WORK)
            self.assertFalse(inbox.messages)
            self.use(hours=((8, 20),))
            self.send(hour=AFTER_WORK + 1)
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_35_other_companies_go_on(self):
        other = self.env["res.company"].create({"name": "Other", "email": "o@other.example"})
        other.upominky_mode = "live"
        other.upominky_calendar_id = self.calendar(days=[6], company_id=other.id)
        self.invoice(due=10)
        self.generate()
        with smtp_inbox(self.env) as inbox:
            self.send()
            self.assertEqual(len(inbox.messages), 1)


class TestStale(HoursCommon):
    def test_rule_35_nothing_is_stale_for_waiting(self):
        self.use()
        self.day_off(datetime(2026, 5, 29, 12), datetime(2026, 6, 14, 22))
        self.invoice(due=10)
        reminder = self.generate()
        with smtp_inbox(self.env) as inbox:
            for days in range(17):
                self.send(TODAY + timedelta(days=days), 20)
            self.assertEqual(reminder.state, "issued")
            self.send(date(2026, 6, 15))
            self.assertEqual(len(inbox.messages), 1)
        self.assertEqual(reminder.state, "sent")

    def test_rule_17_what_nobody_tried_on_seven_open_days_is_stale(self):
        for days, state in ((10, "sent"), (11, "cancelled")):  # weekends do not count
            with self.subTest(days=days), smtp_inbox(self.env):
                self.use()
                self.invoice(self.new_customer(state, f"{state}@x.example"), due=10)
                reminder = self.generate()
                self.send(TODAY + timedelta(days=days))
                self.assertEqual(reminder.state, state)


class TestCalendars(HoursCommon):
    def opens(self, *moment):
        return self.company._upominky_opens(datetime(*moment))

    def closes(self, *moment):
        return self.company._upominky_closes(datetime(*moment))

    def test_rule_35_hours_are_by_the_companys_clock_not_the_calendars(self):
        self.use(tz="America/New_York")
        self.assertEqual(self.opens(2026, 5, 29, 5), datetime(2026, 5, 29, 6))
        self.company.partner_id.tz = "Asia/Tokyo"
        self.assertEqual(self.opens(2026, 5, 28, 20), datetime(2026, 5, 28, 23))

    def test_rule_35_summer_time(self):
        self.use(hours=((2, 4), (8, 16)), days=range(7))
        for asked, opening, closing in (
            ((2026, 1, 7, 5), (2026, 1, 7, 7), None),
            ((2026, 7, 7, 4), (2026, 7, 7, 6), None),
            # At two o'clock it is three: one hour is left of two.
            ((2026, 3, 29, 0, 30), (2026, 3, 29, 1), (2026, 3, 29, 2)),
            # At three o'clock it is two again: the second two o'clock is meant.
            ((2026, 10, 25, 0, 30), (2026, 10, 25, 1), (2026, 10, 25, 3)),
        ):
            with self.subTest(asked=asked):
                self.assertEqual(self.opens(*asked), datetime(*opening))
                if closing:
                    self.assertEqual(self.closes(*opening), datetime(*closing))

    def test_rule_35_a_window_over_midnight_is_one(self):
        self.use(hours=((0, 4), (20, 24)), days=range(7))
        self.assertEqual(self.closes(2026, 5, 29, 20), datetime(2026, 5, 30, 2))
        self.assertEqual(self.opens(2026, 5, 29, 22), datetime(2026, 5, 29, 22))
        self.assertEqual(self.opens(2026, 5, 29, 3), datetime(2026, 5, 29, 18))

    def test_rule_35_the_last_second_of_a_day_off_is_off_too(self):
        """Odoo's days off end a second before midnight, and hours a millionth of one."""
        self.use(hours=((0, 24),), days=range(7))
        midnight = datetime(2026, 5, 31, 22)
        for seconds in (1, 60):  # as Odoo enters them, and as people do
            end = timedelta(days=1, seconds=-seconds)
            off = self.day_off(midnight - timedelta(days=2), midnight - timedelta(days=2) + end)
            off += self.day_off(midnight - timedelta(days=1), midnight - timedelta(days=1) + end)
            with self.subTest(seconds=seconds):
                for hours in (-47, -25, -24, -1):
                    asked = midnight + timedelta(hours=hours)
                    self.assertEqual(self.company._upominky_opens(asked), midnight)
                last = midnight - timedelta(days=1, seconds=1)
                self.assertEqual(self.company._upominky_opens(last), midnight)
                self.assertEqual(self.company._upominky_closes(last), last)
            off.unlink()
        self.assertGreater(self.company._upominky_closes(midnight), midnight + timedelta(days=7))

    def test_rule_35_the_last_minute_of_an_hour_is_open(self):
        self.use()
        self.assertEqual(self.closes(2026, 5, 29, 13, 59, 30), datetime(2026, 5, 29, 14))
        self.assertEqual(self.opens(2026, 5, 29, 13, 59, 59), datetime(2026, 5, 29, 13, 59, 59))

    def test_rule_35_a_calendar_of_two_weeks(self):
        rows = [
            {
                "name": "Rozesílání",
                "dayofweek": day,
                "hour_from": 8,
                "hour_to": 16,
                "week_type": week,
            }
            for day, week in (("0", "0"), ("3", "1"))
        ]
        hours = [Command.clear(), *map(Command.create, rows)]
        self.use(two_weeks_calendar=True, attendance_ids=hours)
        week = self.env["resource.calendar.attendance"].get_week_type(MONDAY)
        monday = MONDAY + timedelta(days=7 * week)
        thursday = MONDAY + timedelta(days=3 + 7 * (1 - week))
        first, second = sorted((monday, thursday))
        for asked, day in ((TODAY, first), (first + timedelta(days=1), second)):
            with self.subTest(asked=asked):
                opening = self.opens(asked.year, asked.month, asked.day, 20)
                self.assertEqual(opening, datetime(day.year, day.month, day.day, 6))

    def test_rule_35_a_closed_week_and_a_closed_quarter(self):
        self.use()
        self.day_off(datetime(2026, 5, 31, 22), datetime(2026, 6, 7, 21, 59, 59))
        self.assertEqual(self.opens(2026, 5, 29, 15), datetime(2026, 6, 8, 6))
        self.day_off(datetime(2026, 6, 7, 22), datetime(2026, 9, 30, 21, 59, 59))
        self.assertEqual(self.opens(2026, 5, 29, 15), datetime(2026, 10, 1, 6))

    def test_rule_35_breaks_are_not_open(self):
        calendar = self.use(hours=((8, 12), (13, 16)))
        lunch = {"name": "Oběd", "dayofweek": "4", "hour_from": 12, "hour_to": 13}
        calendar.write({"attendance_ids": [Command.create({**lunch, "day_period": "lunch"})]})
        self.assertEqual(self.opens(2026, 5, 29, 10, 30), datetime(2026, 5, 29, 11))

    def test_rule_35_days_off_of_all_of_the_company_count_and_those_of_others_do_not(self):
        self.use()
        other = self.env["res.company"].create({"name": "Other"})
        begin, end = datetime(2026, 5, 28, 22), datetime(2026, 5, 29, 21, 59, 59)
        leave = self.day_off(begin, end, calendar_id=False)
        self.assertEqual(leave.company_id, self.company)
        self.assertEqual(self.opens(2026, 5, 29, 8), MONDAY_MORNING)
        leave.unlink()
        leaves = self.env["resource.calendar.leaves"].sudo().with_company(other)
        leave = leaves.create({"name": "Jinde", "date_from": begin, "date_to": end})
        self.assertEqual(leave.company_id, other)
        self.assertEqual(self.opens(2026, 5, 29, 8), datetime(2026, 5, 29, 8))


class TestBadCalendars(HoursCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = new_test_user(
            cls.env, "hours_chief", "upominky_addon.group_manager", company_id=cls.company.id
        )

    def settings(self):
        settings = self.env["upominky.settings"].with_user(self.chief)
        return settings.browse(settings.action_open()["res_id"])

    def test_rule_35_a_calendar_that_says_no_hours_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        for calendar, words in (
            (self.calendar(days=()), "has no working hours"),
            (self.calendar(schedule_type="flexible"), "fixed hours"),
            (self.calendar(company_id=other.id), "of another company"),
        ):
            with self.subTest(words), self.assertRaisesRegex(ValidationError, words):
                self.company.upominky_calendar_id = calendar

    def test_rule_35_one_that_is_used_keeps_its_hours(self):
        calendar = self.use()
        for values in ({"attendance_ids": [Command.clear()]}, {"schedule_type": "flexible"}):
            with self.subTest(values), self.assertRaises(ValidationError):
                calendar.write(values)
        self.company.upominky_calendar_id = False
        calendar.write({"attendance_ids": [Command.clear()]})

    def test_rule_35_one_that_is_used_is_not_deleted(self):
        calendar = self.use()
        with self.assertRaisesRegex(UserError, f"reminders of {self.company.name} are e-mailed"):
            calendar.unlink()
        self.company.upominky_calendar_id = False
        self.assertTrue(calendar.unlink())

    def test_rule_35_one_that_is_archived_holds_on(self):
        calendar = self.use()
        calendar.active = False
        self.assertEqual(self.company.upominky_calendar_id, calendar)
        self.assertEqual(
            self.company._upominky_opens(datetime(2026, 5, 29, AFTER_WORK)), MONDAY_MORNING
        )

    def test_rule_35_one_that_is_used_is_not_given_to_another_company(self):
        calendar = self.use()
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(ValidationError, "of another company"):
            calendar.company_id = other

    def test_rule_35_one_that_lost_its_hours_loses_no_reminder(self):
        calendar = self.use()
        calendar.attendance_ids.unlink()
        self.invoice(due=10)
        reminder = self.generate()
        with smtp_inbox(self.env) as inbox:
            self.send()
            self.assertFalse(inbox.messages)
            self.assertEqual((reminder.state, reminder.goes_at), ("issued", False))
            with self.on(TODAY, 9):
                self.assertEqual(self.company._upominky_goes_from(), NEVER)
                (job,) = self.env["upominky.overview"].with_context(
                    allowed_company_ids=self.company.ids
                ).retrieve_dashboard("first")["jobs"]  # fmt: skip
                self.assertIn("closed for more than a year", " ".join(job["missing"]))
                self.assertFalse(job["waits"])
            self.company.upominky_calendar_id = False
            self.send(hour=10)
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_35_the_overview_tells_when_sending_goes_on(self):
        overview = self.env["upominky.overview"].with_context(
            allowed_company_ids=self.company.ids, tz="Europe/Prague"
        )
        for calendar, hour, words in (
            (False, AFTER_WORK, ""),
            (self.calendar(), 9, ""),
            (self.calendar(), AFTER_WORK, "wait for the sending calendar “Rozesílání”"),
        ):
            self.company.upominky_calendar_id = calendar
            with self.subTest(words=words, hour=hour), self.on(TODAY, hour):
                (job,) = overview.retrieve_dashboard("first")["jobs"]
                self.assertIn(words, job["waits"])
                self.assertEqual(bool(words), bool(job["waits"]))

    def test_rule_35_managers_set_it(self):
        calendar = self.calendar()
        settings = self.settings()
        with self.on(TODAY, AFTER_WORK), Form(settings) as form:
            form.calendar_id = calendar
            form.hourly_limit = 60
        self.assertEqual(self.company.upominky_calendar_id, calendar)
        self.assertEqual(self.company.upominky_hourly_limit, 60)
        with self.assertRaisesRegex(ValidationError, "or 0"):
            settings.hourly_limit = -1
        general = Form(self.env["res.config.settings"].with_user(self.env.ref("base.user_admin")))
        self.assertIn("upominky_calendar_id", general._values)
