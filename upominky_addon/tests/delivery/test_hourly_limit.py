"""SPEC rule 35: so many messages an hour, whoever sends them."""

from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.sql_db import db_connect

from ...models.delivery.worker import Worker
from ..common import TODAY, smtp_inbox
from .test_sending_hours import HoursCommon

TRY = "SELECT pg_try_advisory_lock(hashtext('upominky_hourly_limit'), %s)"
GIVE = "SELECT pg_advisory_unlock(hashtext('upominky_hourly_limit'), %s)"


class TestHourlyLimit(HoursCommon):
    def reminders_of(self, number):
        for n in range(number):
            self.invoice(self.new_customer(f"C{n}", f"c{n}@x.example"), due=10)
        return self.generate()

    def test_rule_35_no_limit_by_default(self):
        self.assertEqual(self.company.upominky_hourly_limit, 0)
        self.reminders_of(3)
        with smtp_inbox(self.env) as inbox:
            self.send()
            self.assertEqual(len(inbox.messages), 3)

    def test_rule_35_so_many_go_within_an_hour(self):
        self.company.upominky_hourly_limit = 2
        reminders = self.reminders_of(5)
        with smtp_inbox(self.env) as inbox:
            for hour, sent in ((9, 2), (9, 2), (10, 4), (11, 5)):
                self.send(hour=hour)
                with self.subTest(hour=hour):
                    self.assertEqual(len(inbox.messages), sent)
                    waiting = reminders.filtered(lambda r: r.state == "issued")
                    with self.on(TODAY, hour):
                        self.env.invalidate_all()
                        times = set(waiting.mapped("goes_at"))
                    following = datetime(2026, 5, 29, hour + 1)
                    self.assertEqual(times, {following} if waiting else set())
                    if waiting:
                        self.assertEqual(self.calls_at(following), 1)

    def test_rule_35_it_holds_within_the_hours_of_the_calendar(self):
        self.company.upominky_hourly_limit = 1
        self.use(hours=((8, 16),))
        reminders = self.reminders_of(2)
        with smtp_inbox(self.env):
            self.send(hour=13)
        with self.on(TODAY, 13):
            self.env.invalidate_all()
            waiting = reminders.filtered(lambda r: r.state == "issued")
            self.assertEqual(waiting.goes_at, datetime(2026, 6, 1, 6))

    def test_rule_35_what_people_send_counts_and_waits_too(self):
        self.company.upominky_hourly_limit = 2
        reminders = self.reminders_of(4)
        with smtp_inbox(self.env) as inbox:
            with self.on(TODAY, 9):
                reminders[0].action_send_now()
                self.assertEqual(len(inbox.messages), 1)
            self.send(hour=9)
            self.assertEqual(len(inbox.messages), 2)
            left = reminders.filtered(lambda r: r.state == "issued")
            with self.on(TODAY, 9), self.assertRaisesRegex(UserError, "went within the last hour"):
                left[0].action_send_now()
            self.assertEqual(len(inbox.messages), 2)
            self.send(hour=10)
            self.assertEqual(len(inbox.messages), 4)

    def test_rule_35_what_another_worker_hands_over_meanwhile_counts(self):
        earlier = self.reminders_of(1)
        with smtp_inbox(self.env) as inbox:
            self.send(hour=6)
            self.company.upominky_hourly_limit = 2
            for name in ("x", "y"):
                self.invoice(self.new_customer(name, f"{name}@x.example"), due=10)
            self.generate()
            others = earlier.delivery_ids.sudo()
            meanwhile = self.act_at(
                "_mark_sending", lambda: others.write({"handed_at": self.now()})
            )
            with meanwhile:
                self.send(hour=9)
            self.assertEqual(len(inbox.messages), 2)

    def test_rule_35_no_more_are_prepared_than_may_go(self):
        self.company.upominky_hourly_limit = 3
        self.reminders_of(6)
        sender = self.env["upominky.send"].with_company(self.company)
        worker = Worker(0)
        with smtp_inbox(self.env), self.on(TODAY, 9):
            self.assertLessEqual(sender._most(self.company, worker), 3)
        with smtp_inbox(self.env):
            self.send(hour=9)
        with self.on(TODAY, 9):
            self.assertEqual(self.company._upominky_left_of_hour(), 0)
        self.company.upominky_hourly_limit = 0
        self.assertEqual(sender._most(self.company, worker), worker.pace.fitting(float("inf")))

    def test_rule_35_refused_messages_were_handed_over_too(self):
        self.company.upominky_hourly_limit = 2
        self.reminders_of(3)
        with smtp_inbox(self.env, {"c0@x.example": "550 No such user"}) as inbox:
            self.send(hour=9)
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_35_each_attempt_counts(self):
        self.company.upominky_hourly_limit = 2
        self.reminders_of(1)
        with smtp_inbox(self.env, {"c0@x.example": "451 Later"}):
            self.send(hour=9)
        with self.on(TODAY, 9):
            self.assertEqual(self.company._upominky_left_of_hour(), 1)

    def test_rule_35_companies_count_apart(self):
        self.company.upominky_hourly_limit = 1
        other = self.env["res.company"].create({"name": "Other", "upominky_hourly_limit": 1})
        self.reminders_of(1)
        with smtp_inbox(self.env):
            self.send(hour=9)
        with self.on(TODAY, 9):
            self.assertEqual(self.company._upominky_left_of_hour(), 0)
            self.assertEqual(other._upominky_left_of_hour(), 1)
            self.assertFalse(other._upominky_free_from())

    def test_rule_35_a_clock_that_was_set_back_stops_nobody(self):
        self.company.upominky_hourly_limit = 1
        reminders = self.reminders_of(2)
        with smtp_inbox(self.env) as inbox:
            self.send(TODAY + timedelta(days=3))
            self.send(hour=9)
            self.assertEqual(len(inbox.messages), 2)
            reminders[0].delivery_ids.sudo().handed_at = datetime(2026, 5, 29, 10, 0, 1)
            with self.on(TODAY, 10):  # a second machine, whose clock is a second ahead
                self.assertEqual(
                    self.company._upominky_free_from(), datetime(2026, 5, 29, 11, 0, 1)
                )

    def test_rule_35_of_two_workers_one_counts_at_a_time(self):
        sender = self.env["upominky.send"].with_company(self.company)
        database = db_connect(self.env.cr.dbname)
        with database.cursor() as mine, database.cursor() as others:

            def is_free():
                others.execute(TRY, [self.company.id])
                (got,) = others.fetchone()
                if got:
                    others.execute(GIVE, [self.company.id])
                return got

            with sender._in_turn(Worker(0, lock=mine)):
                self.assertFalse(is_free())
            self.assertTrue(is_free())
            with self.assertRaises(ZeroDivisionError), sender._in_turn(Worker(0, lock=mine)):
                raise ZeroDivisionError
            self.assertTrue(is_free())

    def test_rule_35_nothing_is_stale_for_waiting_behind_others(self):
        self.company.upominky_hourly_limit = 1
        reminders = self.reminders_of(10)
        with smtp_inbox(self.env) as inbox:
            for days in range(10):
                self.send(TODAY + timedelta(days=days))
            self.assertEqual(len(inbox.messages), 10)
        self.assertEqual(set(reminders.mapped("state")), {"sent"})

    def test_rule_17_with_a_limit_too_what_nobody_tried_is_stale(self):
        self.company.upominky_hourly_limit = 1
        reminder = self.reminders_of(1)
        with smtp_inbox(self.env) as inbox:
            self.send(TODAY + timedelta(days=7))
            self.assertFalse(inbox.messages)
        self.assertEqual(reminder.state, "cancelled")

    def test_rule_17_days_on_which_the_limit_was_not_reached_count(self):
        """What went out on them held nobody up: a month later nothing old is mailed."""
        self.company.upominky_hourly_limit = 5
        old = self.reminders_of(1)
        old.sudo().next_try = False  # as if the job had not come to it
        with smtp_inbox(self.env):
            for number in range(1, 8):
                on = TODAY + timedelta(days=number)
                partner = self.new_customer(f"n{number}", f"n{number}@x.example")
                self.invoice(partner, due=10)
                new = self.generate(on).filtered(lambda r, p=partner: r.partner_id == p)
                with self.on(on, 9):
                    new.action_send_now()
        days = self.company._upominky_days_counted(TODAY, TODAY + timedelta(days=7))
        self.assertEqual(len(days), 8)
        self.company.upominky_hourly_limit = 1
        days = self.company._upominky_days_counted(TODAY, TODAY + timedelta(days=7))
        self.assertEqual(days, {TODAY})
