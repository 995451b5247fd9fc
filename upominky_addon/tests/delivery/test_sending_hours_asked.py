"""SPEC rule 35: who sends by hand outside the hours is asked once; letters by post do not wait."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ...models.delivery import by_hand
from ..common import TODAY, smtp_inbox
from ..paper.test_letters_by_post import PostCommon
from .test_sending_hours import AFTER_WORK, MONDAY, MONDAY_MORNING, HoursCommon

LOGGERS = ("odoo.addons.upominky_addon.models.delivery.send",)


class TestAsked(HoursCommon):
    def reminders_of(self, *names):
        for name in names:
            self.invoice(self.new_customer(name, f"{name}@x.example"), due=10)
        return self.generate()

    def dialog(self, action):
        """Return the dialog that an action opens."""
        self.assertEqual(action["res_model"], "upominky.any.time")
        return self.env[action["res_model"]].with_context(**action["context"]).create({})

    def test_rule_35_send_now_asks_once_and_then_sends(self):
        self.use()
        reminders = self.reminders_of("a", "b")
        with smtp_inbox(self.env) as inbox, self.on(TODAY, AFTER_WORK):
            dialog = self.dialog(reminders.action_send_now())
            self.assertFalse(inbox.messages)
            self.assertEqual(reminders.mapped("state"), ["issued", "issued"])
            self.assertIn("wait for the sending calendar", dialog.waits_text)
            self.assertEqual(dialog.reminder_ids, reminders)
            dialog.action_confirm()
            self.assertEqual(inbox.recipients, ["a@x.example", "b@x.example"])
        self.assertEqual(reminders.mapped("state"), ["sent", "sent"])

    def test_rule_35_within_the_hours_nobody_is_asked(self):
        self.use()
        reminder = self.reminders_of("a")
        with smtp_inbox(self.env) as inbox, self.on(TODAY, 9):
            reminder.action_send_now()
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_35_a_retry_asks_too(self):
        self.use()
        reminder = self.reminders_of("a")
        with smtp_inbox(self.env, {"a@x.example": "550 No such user"}):
            self.send()
        self.assertEqual(reminder.state, "failed")
        with smtp_inbox(self.env) as inbox, self.on(TODAY, AFTER_WORK):
            dialog = self.dialog(reminder.action_retry())
            self.assertEqual(dialog.step, "retry")
            dialog.action_confirm()
            self.assertEqual(len(inbox.messages), 1)
        self.assertEqual(reminder.state, "sent")

    def test_rule_35_a_callers_context_is_no_answer(self):
        self.use()
        reminder = self.reminders_of("a")
        with smtp_inbox(self.env) as inbox, self.on(TODAY, AFTER_WORK):
            self.dialog(reminder.with_context(upominky_any_time=True).action_send_now())
            self.assertFalse(inbox.messages)

    def test_rule_35_one_that_cannot_be_made_keeps_no_other_waiting(self):
        self.use()
        reminders = self.reminders_of("a", "b", "c")
        make = type(self.env["upominky.send"])._make

        def made(send, channel, deliveries):
            if reminders[1] in deliveries.reminder_id:
                raise ValueError("Broken")
            return make(send, channel, deliveries)

        broken = patch.object(type(self.env["upominky.send"]), "_make", made)
        with smtp_inbox(self.env) as inbox, broken, patch.object(by_hand, "AT_ONCE", 1):
            with self.on(TODAY, AFTER_WORK), mute_logger(*LOGGERS):
                self.dialog(reminders.action_send_now()).action_confirm()
            with mute_logger(*LOGGERS):
                self.send(hour=AFTER_WORK + 1)
            self.assertEqual(inbox.recipients, ["a@x.example", "c@x.example"])
        self.assertEqual(reminders.mapped("state"), ["sent", "failed", "sent"])

    def test_rule_35_what_the_request_had_no_time_for_goes_at_any_hour_too(self):
        self.use()
        reminders = self.reminders_of("a", "b")
        with smtp_inbox(self.env) as inbox:
            with self.on(TODAY, AFTER_WORK), patch.object(by_hand, "SECONDS", -60):
                dialog = self.dialog(reminders.action_send_now())
                with self.assertRaisesRegex(UserError, "sending job"):
                    dialog.action_confirm()
            self.assertFalse(inbox.messages)
            self.send(hour=AFTER_WORK + 1)
            self.assertEqual(len(inbox.messages), 2)

    def test_rule_35_the_page_of_what_was_asked_tells_when_it_goes_on(self):
        self.use()
        reminders = self.reminders_of("a", "b")
        with patch.object(by_hand, "AT_ONCE", 1), self.on(TODAY, 9):
            run = self.env["upominky.run"].browse(reminders.action_send_now()["res_id"])
            self.assertFalse(run.waits_text)
        with self.on(TODAY, AFTER_WORK):
            self.env.invalidate_all()
            self.assertIn("wait for the sending calendar", run.waits_text)
            run.sudo().any_time = True
            self.assertFalse(run.waits_text)

    def test_rule_35_many_are_sent_by_the_job_and_others_still_wait(self):
        self.use()
        reminders = self.reminders_of("a", "b", "c")
        with smtp_inbox(self.env) as inbox, patch.object(by_hand, "AT_ONCE", 1):
            with self.on(TODAY, AFTER_WORK):
                dialog = self.dialog(reminders[:2].action_send_now())
                dialog.action_confirm()
                self.env.invalidate_all()
                self.assertTrue(reminders[0].asked_run_ids.any_time)
                self.assertFalse(reminders[0].goes_at)
                self.assertEqual(reminders[2].goes_at, MONDAY_MORNING)
                self.assertFalse(inbox.messages)
            self.send(hour=AFTER_WORK + 1)
            self.assertEqual(inbox.recipients, ["a@x.example", "b@x.example"])
            self.send(MONDAY)
            self.assertEqual(len(inbox.messages), 3)

    def test_rule_35_what_was_asked_for_within_the_hours_waits_for_the_next_ones(self):
        self.use()
        reminders = self.reminders_of("a", "b")
        with smtp_inbox(self.env) as inbox:
            with self.on(TODAY, 9), patch.object(by_hand, "AT_ONCE", 1):
                reminders.action_send_now()
            self.send(hour=AFTER_WORK)
            self.assertFalse(inbox.messages)
            self.send(MONDAY)
            self.assertEqual(len(inbox.messages), 2)

    def test_rule_35_what_was_asked_for_is_not_given_up_for_waiting(self):
        self.use()
        self.day_off(datetime(2026, 5, 29, 12), datetime(2026, 6, 14, 22))
        reminders = self.reminders_of("a", "b")
        with smtp_inbox(self.env) as inbox:
            with self.on(TODAY, 9), patch.object(by_hand, "AT_ONCE", 1):
                reminders.action_send_now()
            for days in (1, 8, 15):
                self.send(TODAY + timedelta(days=days))
            self.assertEqual(reminders.asked_run_ids.state, "running")
            self.send(date(2026, 6, 15))
            self.assertEqual(len(inbox.messages), 2)
        self.assertEqual(reminders.asked_run_ids.state, "done")


class TestLetters(PostCommon, HoursCommon):
    def test_rule_35_letters_by_post_do_not_wait(self):
        self.level.send = True
        self.use()
        reminder = self.generate()
        with smtp_inbox(self.env) as inbox:
            for hour in (AFTER_WORK, AFTER_WORK + 1):
                self.send(hour=hour)
            letter = self.letters(reminder)
            mail = reminder.delivery_ids - letter
            self.assertEqual((letter.state, mail.state), ("to_print", "queued"))
            self.assertFalse(inbox.messages)
            with self.on(TODAY, AFTER_WORK + 2):
                self.env.invalidate_all()
                self.assertEqual(mail.goes_at, MONDAY_MORNING)
                self.assertFalse(letter.goes_at)
            self.send(MONDAY)
            self.assertEqual(len(inbox.messages), 1)
        self.assertEqual((letter.state, reminder.state), ("to_print", "sent"))

    def test_rule_35_one_that_goes_by_post_alone_is_not_asked_for(self):
        self.use()
        reminder = self.generate()
        with self.on(TODAY, AFTER_WORK):
            self.assertFalse(reminder._are_outside())
            self.assertFalse(reminder.goes_at)
        self.send(hour=AFTER_WORK)
        self.assertEqual(self.letters(reminder).state, "to_print")
        self.assertFalse(reminder.next_try)
        self.assertEqual(self.calls_at(MONDAY_MORNING), 0)
